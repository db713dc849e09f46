/** A fresh parse -> its manifest, its body and its cache on disk. */

import type { MacroSpan } from '../context/macro-library.ts';
import type { NodeSummary } from '../manifest/manifest.ts';
import { type GraphNode, isSource } from '../manifest/nodes.ts';
import type { ParsedContents } from './contents.ts';
import type { ProjectContext } from './contract.ts';
import { manifestMetadata } from './metadata.ts';
import { deprecatedModels } from './model-deprecations.ts';
import { SearchOrder } from './search-order.ts';
import { type Body, bodyOf } from './store/body.ts';
import { type CacheIndex, type FileState, writeCache } from './store/cache-file.ts';
import { type DisabledEntry, IndexedManifest, type MacroEntry } from './store/indexed-manifest.ts';
import { envHash } from './store/key.ts';
import { summaryOf } from './store/summary.ts';

export interface FreshManifest {
  manifest: IndexedManifest;
  /** Serialised when first needed: for the cache, for manifest.json. */
  body: () => Body;
}

export function freshManifest(
  context: ProjectContext,
  contents: ParsedContents,
  span: (uniqueId: string) => MacroSpan,
  macroPackages: readonly string[],
): FreshManifest {
  const index = new Map<string, NodeSummary>();
  for (const node of contents.nodes.values()) index.set(node.unique_id, summaryOf(node));
  const macros = new Map(contents.macros.map((macro) => [macro.unique_id, macro]));
  const manifest = new IndexedManifest({
    metadata: manifestMetadata(context),
    order: new SearchOrder(context.project),
    index,
    macroEntries: contents.macros.map((macro) => macroEntry(macro, span(macro.unique_id))),
    macroPackages,
    selectors: contents.selectors,
    disabledEntries: [...contents.disabled.values()].flat().map(disabledEntry),
    reader: {
      node: (uniqueId) => contents.nodes.get(uniqueId),
      macro: (uniqueId) => macros.get(uniqueId),
      docs: () => contents.docs,
      groups: () => contents.groups,
      disabled: (uniqueId) => contents.disabled.get(uniqueId) ?? [],
    },
  });
  let made: Body | undefined;
  const body = () => {
    made ??= bodyOf({
      nodes: contents.nodes.values(),
      macros: contents.macros,
      docs: contents.docs,
      groups: contents.groups,
      disabled: contents.disabled,
      selectors: Object.fromEntries(
        [...contents.selectors].map(([name, selector]) => [name, selector.definition]),
      ),
      groupMap: groupMap(contents),
      parents: new Map([...index.values()].map((summary) => [summary.unique_id, summary.parents])),
      children: (uniqueId) => manifest.children(uniqueId),
    });
    return made;
  };
  return { manifest, body };
}

/** Writes the cache; `env` are the names of the environment variables that the parse read. */
export function saveCache(
  context: ProjectContext,
  fresh: FreshManifest,
  contents: ParsedContents,
  files: FileState[],
  key: string,
  env: Iterable<string>,
  span: (uniqueId: string) => MacroSpan,
): CacheIndex {
  const { manifest } = fresh;
  const body = fresh.body();
  const pair = (slice: { start: number; length: number }): [number, number] => [slice.start, slice.length];
  return writeCache(
    context.targetPath,
    {
      key,
      env: Object.fromEntries([...env].map((name) => [name, envHash(context.invocation.env[name])])),
      files,
      metadata: manifest.metadata,
      summaries: [...manifest.index.values()],
      slices: [...manifest.index.keys()].map((uniqueId) => pair(body.nodes.get(uniqueId)!)),
      macros: contents.macros.map((macro) => [
        macroEntry(macro, span(macro.unique_id)),
        ...pair(body.macros.get(macro.unique_id)!),
      ]),
      macroPackages: [...manifest.macroPackages],
      docs: contents.docs.map((doc) => pair(body.docs.get(doc.unique_id)!)),
      groups: contents.groups.map((group) => pair(body.groups.get(group.unique_id)!)),
      disabled: [...contents.disabled].flatMap(([uniqueId, list]) =>
        list.map((node): [DisabledEntry, number, number] => [
          disabledEntry(node),
          ...pair(body.disabled.get(uniqueId)!),
        ]),
      ),
      selectors: [...contents.selectors],
      deprecated: deprecatedModels(contents.nodes.values()),
      maps: pair(body.maps),
    },
    body.bytes,
  ).index;
}

function macroEntry(
  macro: { unique_id: string; package_name: string; name: string },
  span: MacroSpan,
): MacroEntry {
  return { unique_id: macro.unique_id, package_name: macro.package_name, name: macro.name, span };
}

function disabledEntry(node: GraphNode): DisabledEntry {
  const entry: DisabledEntry = {
    unique_id: node.unique_id,
    resource_type: node.resource_type,
    name: node.name,
    package_name: node.package_name,
  };
  if (isSource(node)) entry.source_name = node.source_name;
  return entry;
}

/** dbt lists every group, with the vertices that belong to it; a generic test belongs to that of its model. */
function groupMap(contents: ParsedContents): Record<string, string[]> {
  const map: Record<string, string[]> = Object.fromEntries(contents.groups.map((group) => [group.name, []]));
  for (const node of contents.nodes.values()) {
    const group = (node as { group?: unknown }).group ?? (node.config as { group?: unknown }).group;
    if (typeof group !== 'string') continue;
    map[group] ??= [];
    map[group].push(node.unique_id);
  }
  return map;
}
