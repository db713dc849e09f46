/** A manifest that stands on the cache file: summaries in memory, everything else read when asked. */

import type { ManifestMetadata, NodeSummary } from '../../manifest/manifest.ts';
import type { DocNode, GraphNode, GroupNode, MacroNode } from '../../manifest/nodes.ts';
import type { SearchOrder } from '../search-order.ts';
import type { LoadedCache } from './cache-file.ts';
import { IndexedManifest, type ManifestReader } from './indexed-manifest.ts';

export function storedManifest(
  cache: LoadedCache,
  metadata: ManifestMetadata,
  order: SearchOrder,
): IndexedManifest {
  const { index, body } = cache;
  const read = <T>([start, length]: [number, number]): T => JSON.parse(body.read({ start, length })) as T;
  const slices = new Map<string, [number, number]>();
  const summaries = new Map<string, NodeSummary>();
  index.summaries.forEach((summary, i) => {
    summaries.set(summary.unique_id, summary);
    slices.set(summary.unique_id, index.slices[i]!);
  });
  const macroSlices = new Map(
    index.macros.map(([entry, start, length]) => [entry.unique_id, [start, length] as [number, number]]),
  );
  const macros = new Map<string, MacroNode>();
  const disabledSlices = new Map<string, [number, number]>();
  for (const [entry, start, length] of index.disabled) disabledSlices.set(entry.unique_id, [start, length]);
  const reader: ManifestReader = {
    node: (uniqueId) => {
      const slice = slices.get(uniqueId);
      return slice && read<GraphNode>(slice);
    },
    macro: (uniqueId) => {
      let macro = macros.get(uniqueId);
      const slice = macroSlices.get(uniqueId);
      if (!macro && slice) {
        macro = read<MacroNode>(slice);
        macros.set(uniqueId, macro);
      }
      return macro;
    },
    docs: () => index.docs.map((slice) => read<DocNode>(slice)),
    groups: () => index.groups.map((slice) => read<GroupNode>(slice)),
    disabled: (uniqueId) => {
      const slice = disabledSlices.get(uniqueId);
      return slice ? read<GraphNode[]>(slice) : [];
    },
  };
  return new IndexedManifest({
    metadata,
    index: summaries,
    macroEntries: index.macros.map(([entry]) => entry),
    macroPackages: index.macroPackages,
    selectors: new Map(index.selectors),
    disabledEntries: index.disabled.map(([entry]) => entry),
    reader,
    order,
  });
}
