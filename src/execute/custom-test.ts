/** `{% materialization test %}` of a project: the macro asks the test's question, its statement `main` is the answer. */
import type { QueryResult, Session } from '../adapters/contract.ts';
import type { StatementAnswer } from '../compile/contract.ts';
import type { AgateTable } from '../context/agate-table.ts';
import { SqError } from '../errors.ts';
import type { CompiledNode, MacroNode } from '../manifest/nodes.ts';
import type { ManagedSession } from './inspector.ts';
import type { RunState } from './run-state.ts';
import { SessionLease } from './session-lease.ts';

export interface CustomTestOptions {
  macro: MacroNode;
  /** The test's own query. */
  sql: string;
  /** The open transaction in which the test is to look; it stays open. */
  session: Session | undefined;
}

/** Throws SqError when the macro runs no statement called `main`. */
export async function runCustomTest(
  run: RunState,
  node: CompiledNode,
  { macro, sql, session: open }: CustomTestOptions,
): Promise<{ query: string; rows: QueryResult; stored: string | undefined }> {
  const { driver, sessions } = run.warehouse;
  const lease = new SessionLease({ driver, owner: { name: node.unique_id }, sessions: undefined });
  try {
    const session = open ?? (await lease.open());
    const managed: ManagedSession = { session, transactions: open === undefined, done: [] };
    sessions.set(node.unique_id, managed);
    const answers = new Map<string, StatementAnswer>();
    await run.request.compiler.callMacro(macro, [], node, { extra: { sql, compiled_code: sql }, answers });
    if (open === undefined && session.inTransaction) await session.commit();
    const main = answers.get('main')?.table;
    if (main === undefined) throw noAnswer(macro);
    return { query: sql, rows: rowsOf(main), stored: undefined };
  } finally {
    sessions.delete(node.unique_id);
    await lease.close();
  }
}

function rowsOf(table: AgateTable): QueryResult {
  return {
    columns: table.names.map((name, i) => ({ name, type: table.kindOf(i), kind: table.kindOf(i) })),
    rows: table.rows.map((row) => row.cells as QueryResult['rows'][number]),
  };
}

function noAnswer({ name, original_file_path: path }: MacroNode): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'test-without-main',
    message: `The materialization ${name} ran no statement named 'main'`,
    at: { path },
    hint: "a test's answer is the one row of {% call statement('main', fetch_result=True) %}, see macro get_test_sql",
  });
}
