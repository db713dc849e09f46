/** What became of a commit whose answer never came: the server is asked, nothing is repeated blindly. */
import type { CommitOutcome, Driver, Session } from '../adapters/contract.ts';
import { SqError } from '../errors.ts';

/** How often, and how many milliseconds apart, a transaction that is still in progress is asked about. */
const QUESTIONS = 20;
const PAUSE = 100;

/** The name of the open transaction; undefined where the engine has no such thing or nothing was written. */
export async function markOf(
  session: Session,
  outcome: CommitOutcome | undefined,
): Promise<string | undefined> {
  if (outcome === undefined) return undefined;
  const { rows } = await session.query(outcome.markSql);
  const mark = rows[0]?.[0];
  return mark === null || mark === undefined ? undefined : String(mark);
}

/**
 * True when it was kept, false when it was undone. Throws SqError `commit-unknown` when that cannot be told:
 * `lost` is its cause.
 */
export async function wasCommitted(
  driver: Driver,
  owner: string,
  asked: { outcome: CommitOutcome | undefined; mark: string | undefined; lost: unknown },
): Promise<boolean> {
  const { outcome, mark, lost } = asked;
  if (outcome === undefined || mark === undefined) throw unknown(lost);
  const sql = outcome.outcomeSql(mark);
  for (let question = 0; question < QUESTIONS; question++) {
    const answer = await driver.session({ name: owner }, async (session) => (await session.query(sql)).rows);
    const word = answer[0]?.[0];
    if (word === 'committed') return true;
    if (word === 'aborted') return false;
    if (word !== 'in progress') break;
    // the server has not noticed yet that the connection is gone
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw unknown(lost);
}

function unknown(cause: unknown): SqError {
  return new SqError({
    kind: 'Database',
    code: 'commit-unknown',
    message:
      'The connection was lost while the transaction was being committed: whether it was kept is not known.',
    hint: 'nothing was repeated; look at the table, then run the node again (a table or view is made anew, an incremental model with a unique_key replaces its rows)',
    cause,
  });
}
