/**
 * Running what was selected: a scheduler that knows no SQL, the work of each kind of node, tests and
 * publishing, hooks, results. Failures of nodes are results; an exception means that the run cannot go on.
 */

export { COMPILED } from './compile-all.ts';
export type * from './contract.ts';
export { execute } from './execute.ts';
export {
  checkFreshness,
  type FreshnessOutcome,
  type FreshnessRequest,
  type FreshnessResult,
} from './freshness.ts';
export { createInspector, type InspectorOptions } from './inspector.ts';
export { nodeInfo } from './node-info.ts';
export { type MacroCall, type OperationRequest, runMacro, runStatement } from './operation.ts';
export { queryComments } from './query-comment.ts';
export { RelationCache, type SchemaName } from './relations.ts';
export { type Shown, type ShowRequest, showNode } from './show-node.ts';
export { countStats, type Stats } from './summary.ts';
export { createWarehouse, type Warehouse, type WarehouseOptions } from './warehouse.ts';
