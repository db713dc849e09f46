/**
 * A few changed files, everything else as saved: only their vertices are made anew. What could reach further (a
 * new name, another place in the warehouse, access, an unknown ref, a cycle, a file that defines several nodes,
 * a property file that declares other things) is left to the cold parse, so the result is always the cold
 * parse's.
 */
import { join } from 'node:path';
import type { SqEvent } from '../events.ts';
import { readText } from '../load/index.ts';
import type { NodeSummary } from '../manifest/manifest.ts';
import type { CompiledNode, GraphNode } from '../manifest/nodes.ts';
import type { Changes } from './changes.ts';
import type { ProjectContext } from './contract.ts';
import { fileId } from './files.ts';
import { ManifestMacros } from './manifest-macros.ts';
import { manifestMetadata } from './metadata.ts';
import { addPropertyFile, noProperties, type PropertyEntry } from './property-files.ts';
import { remakeDescribed } from './remake-described.ts';
import { remakeNode, savedDocs } from './remake-node.ts';
import { SearchOrder } from './search-order.ts';
import { type PackageSource, ParseSession, type SourceFile } from './session.ts';
import { mapsText } from './store/body.ts';
import { type CacheIndex, type LoadedCache, writeCache } from './store/cache-file.ts';
import type { IndexedManifest } from './store/indexed-manifest.ts';
import { envHash } from './store/key.ts';
import { replaceObjects } from './store/splice.ts';
import { storedManifest } from './store/stored-manifest.ts';
import { summaryOf } from './store/summary.ts';

/** More changed files than this are parsed cold: it is as quick. */
const MOST = 100;
const KINDS = new Set(['model', 'analysis', 'test', 'seed', 'properties']);

export interface Updated {
  manifest: IndexedManifest;
  index: CacheIndex;
  bytes: () => Buffer;
}

export interface Update {
  context: ProjectContext;
  packages: readonly PackageSource[];
  files: readonly SourceFile[];
  saved: LoadedCache;
  changes: Changes;
}

export function updateSome({ context, packages, files, saved, changes }: Update): Updated | undefined {
  if (changes.added.length + changes.removed.length > 0 || changes.changed.length > MOST) return undefined;
  if (!changes.changed.every((source) => KINDS.has(source.kind))) return undefined;
  // unit tests may take their rows from a seed
  const isSeedChanged = changes.changed.some((source) => source.kind === 'seed');
  if (isSeedChanged && saved.index.summaries.some((one) => one.resource_type === 'unit_test'))
    return undefined;
  const before = storedManifest(saved, manifestMetadata(context), new SearchOrder(context.project));
  // told when it is certain that the cold parse will not tell them
  const events: SqEvent[] = [];
  const told = {
    ...context,
    invocation: { ...context.invocation, emit: (event: SqEvent) => events.push(event) },
  };
  const session = new ParseSession(told, packages, new ManifestMacros(before, told));
  const fresh = new Map<string, GraphNode>();
  try {
    for (const source of changes.changed) {
      const made =
        source.kind === 'properties'
          ? remakeDescribed({ source, declares: declaredBefore(source, changes), files, before, session })
          : remakeOfFile(source, before, session, packages);
      if (!made) return undefined;
      for (const [id, node] of made) fresh.set(id, node);
    }
  } catch {
    // the cold parse meets the same error, with everything it needs to explain it
    return undefined;
  }
  const updated = store(context, saved, changes, fresh, session);
  for (const event of events) context.invocation.emit(event);
  return updated;
}

function declaredBefore(source: SourceFile, { states }: Changes): string | undefined {
  const id = fileId(source);
  return states.find((state) => state.kind === source.kind && state.id === id)?.declares;
}

/** The one node of a SQL file or seed. */
function remakeOfFile(
  source: SourceFile,
  before: IndexedManifest,
  session: ParseSession,
  packages: readonly PackageSource[],
): Map<string, CompiledNode> | undefined {
  const olds = nodesOfFile(before, source);
  if (olds.length !== 1) return undefined;
  const old = before.get(olds[0]!.unique_id) as CompiledNode;
  const entries = patchEntries(old, session, packages);
  const node = remakeNode({ old, source, entries, docs: savedDocs(before, session), before, session });
  return node && new Map([[node.unique_id, node]]);
}

function nodesOfFile(manifest: IndexedManifest, source: SourceFile): NodeSummary[] {
  const packageName = source.package.config.name;
  const found: NodeSummary[] = [];
  for (const summary of manifest.index.values()) {
    if (summary.original_file_path === source.file.path && summary.package_name === packageName)
      found.push(summary);
  }
  return found;
}

/** Entries of the one property file that describes the node; its text has not changed. */
function patchEntries(
  old: CompiledNode,
  session: ParseSession,
  packages: readonly PackageSource[],
): PropertyEntry[] {
  if (old.patch_path === null) return [];
  const [packageName, path] = old.patch_path.split('://') as [string, string];
  const pkg = packages.find((candidate) => candidate.config.name === packageName)!;
  const absolute = join(pkg.root, path);
  const file = { absolute, path, base: '', relative: path, size: 0, mtimeMs: 0, ctimeMs: 0, ino: 0 };
  const properties = noProperties();
  // deprecations of the file were told when it was read whole
  const quiet = { ...session.context, invocation: { ...session.context.invocation, emit: () => {} } };
  addPropertyFile(
    quiet,
    { file, kind: 'properties', package: pkg },
    readText({ absolute, path }),
    properties,
  );
  return properties.entries.filter((entry) => entry.name === old.name);
}

function store(
  context: ProjectContext,
  saved: LoadedCache,
  changes: Changes,
  fresh: ReadonlyMap<string, GraphNode>,
  session: ParseSession,
): Updated {
  const { index } = saved;
  const summaries = index.summaries.map((summary) => {
    const node = fresh.get(summary.unique_id);
    return node ? summaryOf(node) : summary;
  });
  const replacements = new Map<number, string>();
  let edgesChanged = false;
  index.summaries.forEach((summary, i) => {
    const node = fresh.get(summary.unique_id);
    if (!node) return;
    replacements.set(i, JSON.stringify(node));
    if (summary.parents.join() !== summaryOf(node).parents.join()) edgesChanged = true;
  });
  const made = replaceObjects(saved.body.bytes(), index.slices, replacements, {
    slice: index.maps,
    text: edgesChanged ? newMaps(summaries, saved) : undefined,
  });
  const moved = ([start, length]: [number, number]): [number, number] => [made.shift(start), length];
  const env = { ...index.env };
  for (const name of session.envVars) env[name] = envHash(context.invocation.env[name]);
  const next: Omit<CacheIndex, 'format' | 'body'> = {
    key: index.key,
    env,
    files: changes.states,
    metadata: manifestMetadata(context),
    summaries,
    slices: index.slices.map((slice, i) => [made.shift(slice[0]), made.lengths.get(i) ?? slice[1]]),
    macros: index.macros.map(([entry, start, length]) => [entry, ...moved([start, length])]),
    macroPackages: index.macroPackages,
    docs: index.docs.map(moved),
    groups: index.groups.map(moved),
    disabled: index.disabled.map(([entry, start, length]) => [entry, ...moved([start, length])]),
    selectors: index.selectors,
    deprecated: index.deprecated,
    maps: made.maps,
  };
  const cache = writeCache(context.targetPath, next, made.bytes);
  const manifest = storedManifest(cache, next.metadata, new SearchOrder(context.project));
  return { manifest, index: cache.index, bytes: () => made.bytes };
}

/** `parent_map` and `child_map` from the summaries; groups as they were. */
function newMaps(summaries: readonly NodeSummary[], saved: LoadedCache): string {
  const children = new Map<string, string[]>();
  for (const summary of summaries) {
    for (const parent of summary.parents) {
      const list = children.get(parent);
      if (list) list.push(summary.unique_id);
      else children.set(parent, [summary.unique_id]);
    }
  }
  const [start, length] = saved.index.maps;
  const old = JSON.parse(`{${saved.body.read({ start, length })}`) as { group_map: Record<string, string[]> };
  return mapsText({
    parents: new Map(summaries.map((summary) => [summary.unique_id, summary.parents])),
    children: (uniqueId) => children.get(uniqueId) ?? [],
    groupMap: old.group_map,
  });
}
