/**
 * One connection for as long as a plan needs it: opened at the first need, given back at the end. Transactions
 * of its own are tried again here; those that a plan opens are the plan's.
 */
import type { Dialect, Driver, ExecResult, FailureKind, Session } from '../adapters/contract.ts';
import type { Statement } from '../materializations/contract.ts';
import { markOf, wasCommitted } from './commit-outcome.ts';
import type { NodeSessions } from './inspector.ts';
import type { Attempts } from './retry.ts';

export interface LeaseParts {
  driver: Driver;
  /** Unique id of the node. */
  owner: string;
  /** Where templates of the node find the session; undefined when they must not. */
  sessions: NodeSessions | undefined;
  dialect?: Dialect;
  /** Absent: nothing is tried again. */
  attempts?: Attempts;
}

export class SessionLease {
  /** The session, once it is open. */
  session: Session | undefined;
  /** The session holds what another one would not (settings of a hook): it is not replaced. */
  keeps = false;
  private giveBack: (() => void) | undefined;
  private returned: Promise<void> | undefined;

  constructor(private readonly parts: LeaseParts) {}

  open(): Promise<Session> {
    if (this.session !== undefined) return Promise.resolve(this.session);
    const { driver, owner, sessions } = this.parts;
    return new Promise((resolve, reject) => {
      this.returned = driver.session({ name: owner }, (session) => {
        this.session = session;
        sessions?.set(owner, { session, transactions: false, done: [] });
        resolve(session);
        return new Promise<void>((done) => {
          this.giveBack = done;
        });
      });
      this.returned.catch(reject);
    });
  }

  /** Gives the connection back; what a plan left open is rolled back by the driver. */
  async close(): Promise<void> {
    if (this.session === undefined) return;
    this.parts.sessions?.delete(this.parts.owner);
    this.session = undefined;
    this.giveBack?.();
    await this.returned;
  }

  /** Does what only reads: again, on another connection, when that is all that went wrong. */
  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { attempts } = this.parts;
    const once = async () => work(await this.open());
    if (attempts === undefined || (await this.open()).inTransaction) return once();
    return attempts.carryOut(
      once,
      (kind) => kind === 'retry-transaction' || !this.keeps,
      (kind) => this.renewed(kind),
    );
  }

  /** Statements as one transaction, or inside the one that is open; each alone where it asks for that. */
  async run(statements: readonly Statement[]): Promise<ExecResult[]> {
    const results: ExecResult[] = [];
    for (const group of groups(statements)) results.push(...(await this.group(group)));
    return results;
  }

  /**
   * Commits the open transaction. A connection that is lost meanwhile is no answer: another one is asked what
   * became of it. Throws what the engine says (of a lost connection: when the transaction was undone), or
   * SqError `commit-unknown`.
   */
  async commit(): Promise<void> {
    const { driver, owner, dialect, attempts } = this.parts;
    const session = await this.open();
    const outcome = dialect?.commitOutcome;
    const mark = await markOf(session, outcome);
    try {
      await session.commit();
    } catch (lost) {
      if (attempts?.kindOf(lost) !== 'connection-lost') throw lost;
      await this.close();
      if (!(await wasCommitted(driver, owner, { outcome, mark, lost }))) throw lost;
    }
  }

  private async group(group: readonly string[]): Promise<ExecResult[]> {
    const { attempts } = this.parts;
    if (attempts === undefined || (await this.open()).inTransaction) return this.send(group);
    const repeatable = (kind: FailureKind) => {
      if (kind === 'retry-transaction') return true;
      // one statement alone may have been done, though nobody heard of it
      return !this.keeps && (kind === 'retry-new-connection' || group.length > 1);
    };
    return attempts.carryOut(
      () => this.send(group),
      repeatable,
      (kind) => this.renewed(kind),
    );
  }

  /** The next attempt gets another connection, unless this one is as good as ever. */
  private async renewed(kind: FailureKind): Promise<void> {
    if (kind !== 'retry-transaction') await this.close();
  }

  private async send(group: readonly string[]): Promise<ExecResult[]> {
    const session = await this.open();
    const results: ExecResult[] = [];
    const alone = session.inTransaction || group.length === 1;
    if (!alone) await session.begin();
    try {
      for (const sql of group) results.push(await session.execute(sql));
      if (!alone) await this.commit();
    } catch (error) {
      // where the connection is gone there is nothing to roll back, and its own error matters
      if (!alone) await session.rollback().catch(() => undefined);
      throw error;
    }
    return results;
  }
}

function groups(statements: readonly Statement[]): string[][] {
  const out: string[][] = [];
  let open = false;
  for (const { sql, outsideTransaction } of statements) {
    if (open && !outsideTransaction) out.at(-1)?.push(sql);
    else out.push([sql]);
    open = !outsideTransaction;
  }
  return out;
}
