/**
 * `sq clone`: a node of another run, here. A copy without data where the engine has it (macro
 * `can_clone_table`), otherwise a view on the other run's relation.
 */
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Relation, relationKey, renderRelation } from '../manifest/relation.ts';
import type { PlanResult } from '../materializations/contract.ts';
import { materializationOf } from '../materializations/registry.ts';
import { planState } from './build-node.ts';
import type { NodeResult } from './contract.ts';
import { drive } from './drive.ts';
import { finishNode } from './finish-node.ts';
import { nodeError } from './node-error.ts';
import { adapterResponse, nodeResult, threadName } from './node-result.ts';
import { PlanSteps } from './plan-steps.ts';
import type { RunState } from './run-state.ts';

const NOTHING_DONE = 'No-op';

/** Like dbt, it says nothing of nodes that went well; what stands here already stays unless all is made anew. */
export async function cloneNode(run: RunState, node: CompiledNode, slot: number): Promise<NodeResult> {
  const started = run.reporter.start(node);
  const { watch } = started;
  const common = { node, threadId: threadName(slot), timing: watch.timing };
  try {
    const done = await watch.phase('execute', () => clone(run, node));
    const message = done?.message ?? NOTHING_DONE;
    const response = done === undefined ? {} : adapterResponse(message, done.rowsAffected);
    return finishNode(
      run,
      started,
      nodeResult({
        ...common,
        status: 'success',
        message,
        executionTime: watch.seconds,
        adapterResponse: response,
      }),
    );
  } catch (thrown) {
    const { compiler } = run.request;
    const error = nodeError(thrown, { node, compiler, dialect: run.dialect });
    const failed = { ...common, status: 'error', message: error.text, executionTime: watch.seconds } as const;
    return finishNode(run, started, nodeResult(failed));
  }
}

/** Undefined when there was nothing to do. */
async function clone(run: RunState, node: CompiledNode): Promise<PlanResult | undefined> {
  const { compiler } = run.request;
  const { relations } = run.warehouse;
  const info = (msg: string) => run.invocation.emit({ name: 'JinjaLogInfo', msg });
  const target = compiler.relationOf(node);
  const from = compiler.deferredRelation(node);
  if (from === undefined) {
    info(`No relation found in state manifest for ${node.unique_id}`);
    return undefined;
  }
  const existing = await relations.find(target);
  if (existing !== null && !run.invocation.flags.fullRefresh) {
    info(`Relation ${renderRelation(existing)} already exists`);
    return undefined;
  }
  const other = await relations.find(from);
  if (other !== null && relationKey(from) === relationKey(target)) {
    const msg = `Target relation and defer relation are the same, skipping clone for relation: ${renderRelation(target)}`;
    run.invocation.emit({ name: 'JinjaLogDebug', msg });
    return undefined;
  }
  const copies = other?.type === 'table' && (await compiler.callMacro('can_clone_table', [], node)) === true;
  return copies ? copyTable(run, node, target, from, existing) : viewOn(run, node, target, from);
}

async function copyTable(
  run: RunState,
  node: CompiledNode,
  target: Relation,
  from: Relation,
  existing: Relation | null,
): Promise<PlanResult> {
  const { driver } = run.warehouse;
  const sql = String(await run.request.compiler.callMacro('create_or_replace_clone', [target, from], node));
  const drop =
    existing !== null && existing.type !== 'table'
      ? [
          `drop ${existing.type === 'view' ? 'view' : 'materialized view'} if exists ${renderRelation(existing)}`,
        ]
      : [];
  const results = await driver.batch([...drop, sql.trim()], { name: node.unique_id });
  const made: Relation = { ...target, type: 'table' };
  run.warehouse.relations.added(made);
  const { message, rowsAffected } = results.at(-1)!;
  return { message, rowsAffected, status: 'success', relations: [made] };
}

/** The view materialization, hooks and grants included, on `select * from` the other relation. */
async function viewOn(
  run: RunState,
  node: CompiledNode,
  target: Relation,
  from: Relation,
): Promise<PlanResult> {
  const sql = `select * from ${renderRelation(from)}`;
  const asView: CompiledNode = { ...node, config: { ...node.config, materialized: 'view' } };
  const input = { node: asView, target: { ...target, type: 'view' } as const, sql };
  const state = await planState(run, input, false);
  const materialization = await materializationOf('view', run.dialect.type);
  const steps = new PlanSteps({
    node: asView,
    sql,
    compiler: run.request.compiler,
    dialect: run.dialect,
    warehouse: run.warehouse,
    invocation: run.invocation,
    audited: false,
    audit: async () => ({ passed: true, failures: [] }),
    attempts: run.attempts(node.name),
  });
  try {
    const done = await drive(materialization.plan(input, state), async (step) => steps.answer(step));
    for (const rel of done.relations) run.warehouse.relations.added(rel);
    return done;
  } finally {
    await steps.close();
    if (steps.sent.length > 0) run.artefacts.write(node, 'run', steps.sent.join(';\n\n'));
  }
}
