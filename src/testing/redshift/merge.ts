/** MERGE by Redshift's rules (DG r_MERGE). */
import { refreshLateViews } from './late-binding.ts';
import { failure } from './protocol/messages.ts';
import type { ClientSession } from './protocol/session.ts';
import { syntaxError } from './sql/refusals.ts';
import { isBlank, type Statement, text, tokens } from './sql/tokens.ts';
import { nameBehind } from './statements.ts';

interface Parts {
  target: readonly string[];
  source: readonly string[];
  sourceAlias: string | undefined;
  /** Place of the word ON. */
  on: number;
}

export async function merge(session: ClientSession, statement: Statement): Promise<void> {
  const parts = partsOf(statement);
  await refuseView(session, parts.source);
  const end = checkCondition(statement, parts.on);
  if (statement.is('REMOVE DUPLICATES', end)) return removeDuplicates(session, statement, { ...parts, end });
  checkClauses(statement, end);
  await refreshLateViews(session, statement);
  await session.forward(session.translate(statement.sql));
}

function partsOf(statement: Statement): Parts {
  if (!statement.is('MERGE INTO')) throw syntaxError(statement, 1);
  const target = statement.name(2);
  // the target takes no alias
  if (!statement.is('USING', target.end)) throw syntaxError(statement, target.end);
  if (statement.is('(', target.end + 1)) throw syntaxError(statement, target.end + 1);
  const source = statement.name(target.end + 1);
  let at = source.end;
  if (statement.is('AS', at)) at++;
  const sourceAlias = statement.is('ON', at) ? undefined : statement.name(at).parts[0];
  if (sourceAlias !== undefined) at++;
  if (!statement.is('ON', at)) throw syntaxError(statement, at);
  return { target: target.parts, source: source.parts, sourceAlias, on: at };
}

async function refuseView(session: ClientSession, source: readonly string[]): Promise<void> {
  const { rows } = await session.ask(
    `select c.relkind from pg_class c where c.oid = to_regclass('${nameBehind(session, source)}')`,
  );
  if (rows[0]?.[0] === 'v' || rows[0]?.[0] === 'm')
    throw failure('0A000', 'MERGE source cannot be a view. Only a table is supported.');
}

/** Equality only; answers the place after the condition. */
function checkCondition(statement: Statement, on: number): number {
  let at = on + 1;
  for (
    ;
    at < statement.list.length && !statement.is('WHEN', at) && !statement.is('REMOVE DUPLICATES', at);
    at++
  )
    if (statement.is('OR|<|>|!|LIKE|BETWEEN|IN|IS', at))
      throw failure('0A000', 'MERGE ON condition supports only equality predicates');
  return at;
}

/** Exactly WHEN MATCHED THEN UPDATE or DELETE, and WHEN NOT MATCHED THEN INSERT. */
function checkClauses(statement: Statement, from: number): void {
  const matched: string[] = [];
  for (let at = statement.find('WHEN', from); at >= 0; at = statement.find('WHEN', at + 1)) {
    if (caseOf(statement, at)) continue;
    const not = statement.is('NOT', at + 1) ? 1 : 0;
    if (!statement.is('MATCHED THEN', at + 1 + not)) throw syntaxError(statement, at + 2 + not);
    matched.push(`${not ? 'not ' : ''}${statement.word(at + 3 + not).toLowerCase()}`);
  }
  const good =
    matched.length === 2 && /^(update|delete)$/.test(matched[0] ?? '') && matched[1] === 'not insert';
  if (!good)
    throw failure(
      '0A000',
      'MERGE requires exactly one WHEN MATCHED clause with UPDATE or DELETE and one WHEN NOT MATCHED clause with INSERT',
    );
}

/** Whether this WHEN belongs to a CASE expression. */
function caseOf(statement: Statement, at: number): boolean {
  return !statement.is('MATCHED', at + 1) && !statement.is('NOT MATCHED', at + 1);
}

/** Rows of the target that match are replaced, all others of the source added, none twice. */
async function removeDuplicates(
  session: ClientSession,
  statement: Statement,
  { target, source, sourceAlias, on, end }: Parts & { end: number },
): Promise<void> {
  const [into, from] = [nameBehind(session, target), nameBehind(session, source)];
  const all = tokens(statement.sql);
  const places = all.flatMap((token, at) => (isBlank(token) ? [] : [at]));
  const condition = session.translate(text(all.slice((places[on] ?? 0) + 1, places[end])));
  await session.atomic(async () => {
    await session.ask(`create temp table sq_rs_merge as select distinct * from ${from}`);
    await session.ask(`delete from ${into} using ${from} ${sourceAlias ?? ''} where ${condition}`);
    await session.ask(`insert into ${into} select * from sq_rs_merge`);
    await session.ask('drop table sq_rs_merge');
  });
  session.complete('MERGE');
}
