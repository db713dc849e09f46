/**
 * `latest_version_pointer`: beside the latest version of a model a view under its plain name that reads it, so that
 * `orders` always is the latest `orders_v2`. Made after the model, with its grants, without its hooks and comments.
 */
import { SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Relation, relationKey, renderRelation } from '../manifest/relation.ts';
import type { PlanNode, PlanResult } from '../materializations/contract.ts';
import { view } from '../materializations/view.ts';
import type { RunState } from './run-state.ts';

interface PointerConfig {
  /** Null: as the project's flag says. */
  enabled?: boolean | null;
  alias?: string | null;
}

export function wantsPointer(run: RunState, node: CompiledNode): boolean {
  if (node.resource_type !== 'model' || node.version === null || node.version === undefined) return false;
  if (String(node.version) !== String(node.latest_version)) return false;
  const { enabled } = (node.config.latest_version_pointer ?? {}) as PointerConfig;
  const { flags } = run.request.context.project;
  return enabled ?? flags.latest_version_pointer_enabled_by_default === true;
}

/** `drivePlan` runs a plan for a node that stands in no manifest. Throws SqError kind Runtime for its model's own name. */
export async function makePointer(
  run: RunState,
  node: CompiledNode,
  published: Relation,
  drivePlan: (input: PlanNode, materialization: typeof view) => Promise<PlanResult>,
): Promise<void> {
  const alias = await pointerAlias(run, node);
  const pointer: CompiledNode = {
    ...node,
    alias,
    unique_id: `${node.unique_id}__latest_version_pointer`,
    config: { ...node.config, materialized: 'view', 'pre-hook': [], 'post-hook': [], persist_docs: {} },
  };
  const target = run.request.compiler.relationOf(pointer);
  if (relationKey(target) === relationKey(published)) {
    throw new SqError({
      kind: 'Runtime',
      code: 'pointer-collides',
      message: `Cannot create latest version pointer: the latest version of '${node.name}' is already aliased to '${alias}'. Set \`latest_version_pointer: enabled: false\` or remove the conflicting alias.`,
    });
  }
  const sql = `select * from ${renderRelation(published)}`;
  await drivePlan({ node: pointer, target, sql }, view);
}

async function pointerAlias({ request }: RunState, node: CompiledNode): Promise<string> {
  const { alias } = (node.config.latest_version_pointer ?? {}) as PointerConfig;
  const custom = alias ? String(alias).trim() : null;
  const named = await request.compiler.callMacro(
    'generate_latest_version_pointer_alias',
    [custom, node.name === undefined ? null : { ...node }],
    node,
  );
  return String(named).trim();
}
