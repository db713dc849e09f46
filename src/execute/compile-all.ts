/** `compile`: every selected node to SQL, nothing sent but what templates ask. */
import { type CompiledNode, isCompiled } from '../manifest/nodes.ts';
import type { ExecuteOutcome, ExecuteRequest } from './contract.ts';
import { finishNode } from './finish-node.ts';
import { nodeError } from './node-error.ts';
import { nodeResult, threadName } from './node-result.ts';
import { compileInto, createRunState, type RunState } from './run-state.ts';

/** Throws the SqError of the first node that does not compile, as dbt does. */
export async function compileAll(request: ExecuteRequest): Promise<ExecuteOutcome> {
  const startedAt = performance.now();
  const { manifest, context, threads } = request;
  const ids = request.selected.filter((id) => {
    const type = manifest.index.get(id)?.resource_type;
    return type !== undefined && COMPILED.has(type);
  });
  const run = createRunState(request, ids.length);
  const { invocation } = run;
  if (ids.length === 0) invocation.emit({ name: 'NothingToDo' });
  else {
    const target_name = context.profile.targetName;
    invocation.emit({ name: 'ConcurrencyLine', num_threads: threads, target_name, node_count: ids.length });
  }
  let next = 0;
  const worker = async (slot: number) => {
    while (next < ids.length && !invocation.signal.aborted) {
      const node = manifest.get(ids[next++] as string);
      if (node !== undefined && isCompiled(node)) await compileOne(run, node, slot);
    }
  };
  await Promise.all(
    Array.from({ length: Math.max(1, Math.min(threads, ids.length)) }, (_, i) => worker(i + 1)),
  );
  return {
    results: run.results,
    elapsed: (performance.now() - startedAt) / 1000,
    success: !invocation.signal.aborted,
    interrupted: invocation.signal.aborted,
    compiled: run.compiled,
  };
}

/** Kinds of nodes that `compile` answers for. */
export const COMPILED: ReadonlySet<string> = new Set([
  'model',
  'seed',
  'snapshot',
  'test',
  'analysis',
  'sql_operation',
]);

async function compileOne(run: RunState, node: CompiledNode, slot: number): Promise<void> {
  const started = run.reporter.start(node);
  const { watch } = started;
  let compiledCode: string | undefined;
  if (node.resource_type !== 'seed') {
    try {
      compiledCode = (await watch.phase('compile', () => compileInto(run, node))).sql;
    } catch (thrown) {
      throw nodeError(thrown, { node, compiler: run.request.compiler, dialect: run.dialect });
    }
  }
  finishNode(
    run,
    started,
    nodeResult({
      node,
      status: 'success',
      message: null,
      threadId: threadName(slot),
      timing: watch.timing,
      executionTime: watch.seconds,
      compiledCode,
    }),
  );
}
