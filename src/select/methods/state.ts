/** `state:` how a vertex differs from the one of an earlier run (`--state`). */
import type { NodeSummary } from '../../manifest/manifest.ts';
import { type CompiledNode, type GraphNode, isCompiled } from '../../manifest/nodes.ts';
import type { PreviousManifest } from '../../manifest/previous-state.ts';
import { selectionError } from '../selection-error.ts';
import { sameContract, tellRemoved } from '../state/broken-contract.ts';
import type { StateComparison } from '../state/contract.ts';
import { usesModifiedMacro } from '../state/modified-macros.ts';
import {
  sameBody,
  sameConfig,
  sameContents,
  samePersistedDescription,
  sameRelation,
} from '../state/same-contents.ts';
import type { MethodCall, SelectorMethod } from './contract.ts';

/** Compares a vertex with the one before; undefined: there was none. */
type Check = (node: GraphNode, old: GraphNode | undefined) => boolean;

export const state: SelectorMethod = (call) => {
  const previous = call.state?.previous.manifest;
  if (call.state === undefined || previous === undefined) {
    throw selectionError(
      'selector-state',
      'Got a state selector method, but no comparison manifest',
      call.state === undefined
        ? "'state:' compares with the artefacts of another run: name their folder with --state"
        : `there is no manifest.json in ${call.state.previous.path}`,
    );
  }
  const checks = checksOf(call, call.state, previous);
  const value = String(call.value);
  const check = Object.hasOwn(checks, value) ? checks[value as keyof typeof checks] : undefined;
  if (check === undefined) {
    throw selectionError(
      'selector-value',
      `Got an invalid selector "${value}", expected one of "[${Object.keys(checks)
        .map((name) => `'${name}'`)
        .join(', ')}]"`,
    );
  }
  if (['modified', 'unmodified', 'modified.contract'].includes(value))
    tellAllRemoved(call, call.state, previous);
  // new and old need no more than the id
  const whole = value !== 'new' && value !== 'old';
  const test = (summary: NodeSummary) => {
    const node = (whole ? call.manifest.get(summary.unique_id) : summary) as GraphNode;
    return check(node, previous.vertices.get(summary.unique_id));
  };
  return test;
};

function checksOf({ manifest }: MethodCall, comparison: StateComparison, previous: PreviousManifest) {
  const { warn = () => {}, compareUnrendered = true } = comparison;
  const macros = usesModifiedMacro(manifest, previous);
  const modified: Check = (node, old) => {
    const same = sameContents(node, old, comparison);
    const kept = !isModel(node) || old === undefined || sameContract(node, old as CompiledNode, comparison);
    return !same || !kept || macros(node);
  };
  const ofCompiled =
    (same: (node: CompiledNode, old: CompiledNode) => boolean): Check =>
    (node, old) =>
      isCompiled(node) && (old === undefined || !same(node, old as CompiledNode));
  return {
    new: (_, old) => old === undefined,
    old: (_, old) => old !== undefined,
    modified,
    unmodified: (node, old) => !modified(node, old),
    'modified.body': ofCompiled((node, old) => sameBody(node, old, warn)),
    'modified.configs': (node, old) =>
      node.resource_type !== 'unit_test' && (old === undefined || !sameConfig(node, old)),
    'modified.persisted_descriptions': ofCompiled(samePersistedDescription),
    'modified.relation': (node, old) =>
      (isCompiled(node) || node.resource_type === 'source') &&
      (old === undefined || !sameRelation(node, old, compareUnrendered)),
    'modified.macros': macros,
    'modified.contract': ofCompiled((node, old) => !isModel(node) || sameContract(node, old, comparison)),
  } satisfies Record<string, Check>;
}

function isModel(node: GraphNode): node is CompiledNode {
  return node.resource_type === 'model';
}

/** Contracted models that are not there any more: nothing selects them, their readers are told. */
function tellAllRemoved(
  { manifest }: MethodCall,
  comparison: StateComparison,
  { vertices }: PreviousManifest,
): void {
  let disabled: Set<string> | undefined;
  for (const [id, old] of vertices) {
    if (old.resource_type !== 'model' || manifest.index.has(id)) continue;
    disabled ??= new Set(manifest.disabledIds());
    // dbt looks at the disabled node: it may have given up its contract before
    const removed = (disabled.has(id) ? manifest.disabled(id)[0] : old) as CompiledNode;
    tellRemoved(removed, disabled.has(id), comparison);
  }
}
