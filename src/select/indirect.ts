/**
 * Tests that come along because what they test was selected. Rules are dbt's (`NodeSelector.expand_selection`
 * and `incorporate_indirect_nodes`):
 * eager: any parent is selected; cautious: all are; buildable: all are selected or stand above what is;
 * empty: never. A test that still waits for a parent is kept aside, because another part of the selection may
 * bring it.
 */
import { ancestors } from '../manifest/graph.ts';
import type { Manifest, NodeSummary } from '../manifest/manifest.ts';
import type { IndirectSelection } from './spec.ts';

export interface Selected {
  direct: Set<string>;
  /** Tests that wait for a parent; may hold selected ones too. */
  waiting: ReadonlySet<string>;
}

/** Adds the tests of `selected` to it, by `mode`. */
export function expandToTests(manifest: Manifest, selected: Set<string>, mode: IndirectSelection): Selected {
  const waiting = new Set<string>();
  if (mode === 'empty') return { direct: selected, waiting };
  const direct = new Set(selected);
  const reach = mode === 'buildable' ? withParents(manifest, selected) : selected;
  const within = (parent: string) =>
    reach.has(parent) || (mode === 'buildable' && manifest.index.get(parent)?.resource_type === 'source');
  for (const id of selected) {
    for (const child of manifest.children(id)) {
      if (direct.has(child) || waiting.has(child)) continue;
      const node = manifest.index.get(child);
      if (node === undefined || !isTest(node)) continue;
      if (mode === 'eager' || node.parents.every(within)) direct.add(child);
      else waiting.add(child);
    }
  }
  return { direct, waiting };
}

/** `direct` with those of `candidates` whose parents have all come in the meantime. Data tests only. */
export function admitWaiting(
  manifest: Manifest,
  direct: Set<string>,
  candidates: ReadonlySet<string>,
  mode: IndirectSelection,
): Set<string> {
  if (mode !== 'cautious' && mode !== 'buildable') return direct;
  const left = [...candidates].filter((id) => !direct.has(id));
  if (left.length === 0) return direct;
  const reach = mode === 'buildable' ? withParents(manifest, direct) : direct;
  const admitted = left.filter((id) => {
    const node = manifest.index.get(id);
    return node?.resource_type === 'test' && node.parents.every((parent) => reach.has(parent));
  });
  return new Set([...direct, ...admitted]);
}

function isTest(node: NodeSummary): boolean {
  return node.resource_type === 'test' || node.resource_type === 'unit_test';
}

function withParents(manifest: Manifest, selected: ReadonlySet<string>): Set<string> {
  return new Set([...selected, ...ancestors(manifest, selected)]);
}
