/** `--dry-run` of one node: what would be sent, one statement after another, and nothing is written. */
import type { CompiledNode } from '../manifest/nodes.ts';
import type { Materialization } from '../materializations/contract.ts';
import { planNode, planState } from './build-node.ts';
import type { NodeResult } from './contract.ts';
import { customMacro } from './custom-materialization.ts';
import { drive } from './drive.ts';
import { DecidedAtRunTime, DryRunSteps } from './dry-run-steps.ts';
import { finishNode } from './finish-node.ts';
import { nodeError } from './node-error.ts';
import { nodeResult, threadName } from './node-result.ts';
import { compileInto, type RunState } from './run-state.ts';
import { testQuery } from './test-node.ts';

export const DRY_RUN_MESSAGE = 'DRY RUN';

export interface DryRunNodeOptions {
  slot: number;
  /** Absent for tests. */
  materialization?: () => Promise<Materialization>;
  guards: readonly string[];
  /** One of its parents would be built before it in this run. */
  readsUnbuilt: boolean;
}

export async function dryRunNode(
  run: RunState,
  node: CompiledNode,
  options: DryRunNodeOptions,
): Promise<NodeResult> {
  const started = run.reporter.start(node);
  const common = { node, threadId: threadName(options.slot), timing: started.watch.timing };
  const statements: string[] = run.schemas.noted.splice(0);
  const ended = (status: 'no-op' | 'error', message: string): NodeResult => {
    if (statements.length > 0) {
      run.invocation.emit({
        name: 'DryRunNode',
        unique_id: node.unique_id,
        node_name: node.name,
        statements,
      });
    }
    const compiledCode = run.compiled.get(node.unique_id)?.compiled_code;
    const executionTime = started.watch.seconds;
    return finishNode(run, started, nodeResult({ ...common, status, message, compiledCode, executionTime }));
  };
  try {
    if (options.materialization === undefined) statements.push(await testStatement(run, node));
    else await plan(run, node, { ...options, materialization: options.materialization }, statements);
    return ended('no-op', DRY_RUN_MESSAGE);
  } catch (thrown) {
    // a parent that this run would build first may be missing still: that is no error of the node
    if (options.readsUnbuilt && isMissing(run, thrown)) {
      statements.push('-- decided at run time: it reads what is not built yet');
      return ended('no-op', DRY_RUN_MESSAGE);
    }
    const { compiler } = run.request;
    return ended('error', nodeError(thrown, { node, compiler, dialect: run.dialect }).text);
  }
}

/** The engine's error may stand behind the places of the templates it went through. */
function isMissing(run: RunState, thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (run.dialect.readError(error).missing) return true;
  }
  return false;
}

async function testStatement(run: RunState, node: CompiledNode): Promise<string> {
  const { sql } = await compileInto(run, node);
  return testQuery(run, node, sql);
}

async function plan(
  run: RunState,
  node: CompiledNode,
  options: DryRunNodeOptions & { materialization: () => Promise<Materialization> },
  statements: string[],
): Promise<void> {
  const input = await planNode(run, node);
  const macro = customMacro(run, node);
  if (macro !== undefined) {
    statements.push(`-- decided at run time: the project's macro ${macro.name} builds it`);
    run.warehouse.relations.added(input.target);
    return;
  }
  const state = await planState(run, input, options.guards.length > 0);
  const steps = new DryRunSteps({
    node,
    sql: input.sql,
    compiler: run.request.compiler,
    dialect: run.dialect,
    warehouse: run.warehouse,
    guards: options.guards.map((id) => run.request.manifest.index.get(id)?.name ?? id),
    readsUnbuilt: options.readsUnbuilt,
    statements,
  });
  const { relations } = run.warehouse;
  try {
    const done = await drive((await options.materialization()).plan(input, state), (step) =>
      steps.answer(step),
    );
    for (const rel of done.relations) relations.added(rel);
  } catch (thrown) {
    if (!(thrown instanceof DecidedAtRunTime)) throw thrown;
    statements.push(`-- decided at run time: ${thrown.reason}`);
    relations.added(input.target);
  }
}
