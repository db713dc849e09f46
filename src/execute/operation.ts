/** `sq run-operation`: a macro or a statement, on one connection; what it writes stays when it ends well. */
import type { ExecResult } from '../adapters/contract.ts';
import type { Compiler } from '../compile/contract.ts';
import { asSqError, SqError } from '../errors.ts';
import type { CompiledNode, MacroNode } from '../manifest/nodes.ts';
import type { ProjectContext } from '../parse/contract.ts';
import type { NodeResult } from './contract.ts';
import { adapterResponse } from './node-result.ts';
import { SessionLease } from './session-lease.ts';
import { Stopwatch } from './stopwatch.ts';
import type { Warehouse } from './warehouse.ts';

export interface OperationRequest {
  context: ProjectContext;
  compiler: Compiler;
  /** Made with `warnOnWrite: false`: an operation is there to write. */
  warehouse: Warehouse;
}

/** `--args` of a macro: values as YAML gives them. `packageName`: whose macros come first, when it was named. */
export interface MacroCall {
  macro: MacroNode;
  args: Readonly<Record<string, unknown>>;
  packageName: string | undefined;
}

/** Connection name of what has no node. */
const OWNER = 'master';

/** Calls a macro. Its failure is a result; dbt's line about it is an event. */
export function runMacro(request: OperationRequest, call: MacroCall): Promise<NodeResult> {
  return carryOut(request, call.macro.unique_id, async () => {
    await request.compiler.callOperation(call.macro, call.args, call.packageName);
    return undefined;
  });
}

/** Runs a statement that may hold Jinja. */
export function runStatement(request: OperationRequest, node: CompiledNode): Promise<NodeResult> {
  return carryOut(request, node.unique_id, async (send) => {
    const { sql } = await request.compiler.compile(node);
    return send(sql);
  });
}

async function carryOut(
  { context, warehouse }: OperationRequest,
  uniqueId: string,
  work: (send: (sql: string) => Promise<ExecResult>) => Promise<ExecResult | undefined>,
): Promise<NodeResult> {
  const { invocation } = context;
  const watch = new Stopwatch(invocation);
  const { driver, sessions } = warehouse;
  const lease = new SessionLease({ driver, owner: { name: OWNER }, sessions: undefined });
  let message: string | null = null;
  let done: ExecResult | undefined;
  await watch.phase('compile', async () => {});
  try {
    done = await watch.phase('execute', async () => {
      const session = await lease.open();
      sessions.set(OWNER, { session, transactions: true, done: [] });
      const result = await work((sql) => session.execute(sql));
      if (session.inTransaction) await session.commit();
      return result;
    });
  } catch (thrown) {
    message = errorText(thrown, context);
    invocation.emit({ name: 'RunningOperationCaughtError', exc: message });
  } finally {
    sessions.delete(OWNER);
    await lease.close();
  }
  return {
    unique_id: uniqueId,
    status: message === null ? 'success' : 'error',
    timing: watch.timing,
    thread_id: 'MainThread',
    execution_time: watch.seconds,
    adapter_response: done === undefined ? {} : adapterResponse(done.message, done.rowsAffected),
    message,
    failures: message === null ? 0 : 1,
    compiled: false,
    compiled_code: null,
    relation_name: null,
    batch_results: null,
  };
}

function errorText(thrown: unknown, { adapter, projectDir }: ProjectContext): string {
  const error = asSqError(thrown, projectDir);
  if (error.code !== 'statement') return error.text;
  const { kind, code, at, chain, excerpt, hint } = error;
  const { message } = adapter.dialect.readError(thrown);
  return new SqError({ kind, code, message, at, chain, excerpt, hint, cause: thrown }).text;
}
