/**
 * Which tests guard the publishing of which node (decision 16). A guard runs while its node is staged, so
 * what else it reads must have been published before: an edge that only the test makes.
 */

import type { RunGraph } from '../manifest/graph.ts';
import type { Manifest, NodeSummary } from '../manifest/manifest.ts';
import { DynamicOrder } from './dynamic-order.ts';

/** Materializations that can be staged and tested before they are published (decision 15). */
const AUDITABLE = new Set(['table', 'view', 'incremental', 'copy', 'seed', 'snapshot']);

export interface Guards {
  /** Tests by the node they guard, in the order of their ids. */
  byNode: Map<string, string[]>;
  /** Further parents of nodes: what their guards read besides. */
  edges: Map<string, string[]>;
  /** Tests over several nodes that could not wait for all of them, with the one they guard. */
  narrowed: { test: string; guards: string; others: string[] }[];
}

/** True when a node is built beside (or inside a transaction) and tested before it is published. */
export function isAuditable(summary: NodeSummary): boolean {
  return summary.audited === true && AUDITABLE.has(summary.materialized);
}

/**
 * `tests`: the selected tests; `graph`: the selected nodes that are built, with their bridges; `levels`: how
 * far from the roots each stands.
 */
export function assignGuards(
  manifest: Manifest,
  tests: readonly string[],
  graph: RunGraph,
  levels: ReadonlyMap<string, number>,
): Guards {
  const guards: Guards = { byNode: new Map(), edges: new Map(), narrowed: [] };
  const audited = (id: string) => {
    const summary = manifest.index.get(id);
    return summary !== undefined && levels.has(id) && !graph.bridges.has(id) && isAuditable(summary);
  };
  let order: DynamicOrder | undefined;
  for (const test of [...tests].sort()) {
    const summary = manifest.index.get(test);
    if (summary?.test === undefined || summary.test.severity.toUpperCase() !== 'ERROR') continue;
    const participants = [...new Set(summary.parents)].filter(
      (id) => levels.has(id) && !graph.bridges.has(id),
    );
    participants.sort((a, b) => levels.get(a)! - levels.get(b)! || (a < b ? -1 : 1));
    const attached = summary.test.attached_node;
    let guarded = attached !== undefined && levels.has(attached) ? attached : participants.at(-1);
    if (guarded === undefined || !audited(guarded)) continue;
    order ??= new DynamicOrder(graph.order, graph.parents);
    if (!waitFor(order, guarded, participants, guards.edges)) {
      // an edge would close a cycle: whoever is last by now can wait for all others
      guarded = order.last(participants);
      if (!audited(guarded)) continue;
      waitFor(order, guarded, participants, guards.edges);
      guards.narrowed.push({ test, guards: guarded, others: participants.filter((id) => id !== guarded) });
    }
    append(guards.byNode, guarded, test);
  }
  return guards;
}

/** Makes `node` wait for the other participants; answers whether it can wait for all of them. */
function waitFor(
  order: DynamicOrder,
  node: string,
  participants: readonly string[],
  edges: Map<string, string[]>,
): boolean {
  let all = true;
  for (const other of participants) {
    if (other === node) continue;
    if (order.add(other, node)) append(edges, node, other);
    else all = false;
  }
  return all;
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
