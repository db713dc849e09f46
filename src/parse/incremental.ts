/**
 * A few changed SQL files or seeds, everything else as saved: only their vertices are made anew. What could
 * reach further (a new name, another place in the warehouse, access, an unknown ref, a cycle, a file that
 * defines several nodes) is left to the cold parse, so the result is always the cold parse's.
 */
import { join } from 'node:path';
import { readText } from '../load/index.ts';
import { descendants } from '../manifest/graph.ts';
import type { NodeSummary } from '../manifest/manifest.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import type { Changes } from './changes.ts';
import { checkConfig } from './check-configs.ts';
import type { ProjectContext } from './contract.ts';
import { DocIndex } from './docs.ts';
import { ManifestMacros } from './manifest-macros.ts';
import { manifestMetadata } from './metadata.ts';
import { NameResolver } from './names.ts';
import { NodeFactory } from './node-factory.ts';
import { PatchIndex } from './patch-index.ts';
import { addPropertyFile, noProperties, type PropertyEntry } from './property-files.ts';
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
const KINDS = new Set(['model', 'analysis', 'test', 'seed']);
const IS_INCREMENTAL = 'macro.dbt.is_incremental';

export interface Updated {
  manifest: IndexedManifest;
  index: CacheIndex;
  bytes: () => Buffer;
}

export function updateSome(
  context: ProjectContext,
  packages: readonly PackageSource[],
  saved: LoadedCache,
  changes: Changes,
): Updated | undefined {
  if (changes.added.length + changes.removed.length > 0 || changes.changed.length > MOST) return undefined;
  if (!changes.changed.every((source) => KINDS.has(source.kind))) return undefined;
  // unit tests may take their rows from a seed
  const isSeedChanged = changes.changed.some((source) => source.kind === 'seed');
  if (isSeedChanged && saved.index.summaries.some((one) => one.resource_type === 'unit_test'))
    return undefined;
  const before = storedManifest(saved, manifestMetadata(context), new SearchOrder(context.project));
  const session = new ParseSession(context, packages, new ManifestMacros(before, context));
  const fresh = new Map<string, CompiledNode>();
  try {
    for (const source of changes.changed) {
      const node = remake(source, before, session, packages);
      if (!node) return undefined;
      fresh.set(node.unique_id, node);
    }
  } catch {
    // the cold parse meets the same error, with everything it needs to explain it
    return undefined;
  }
  return store(context, saved, changes, fresh, session);
}

/** The file's one node made again, or undefined when the change reaches further than the node itself. */
function remake(
  source: SourceFile,
  before: IndexedManifest,
  session: ParseSession,
  packages: readonly PackageSource[],
): CompiledNode | undefined {
  const olds = nodesOfFile(before, source);
  if (olds.length !== 1) return undefined;
  const old = before.get(olds[0]!.unique_id) as CompiledNode;
  if (old.version !== null && old.version !== undefined) return undefined;
  const docs = new DocIndex(new SearchOrder(session.context.project));
  for (const doc of before.docs()) docs.add(doc);
  // the entry found before is the node's, whichever package wrote it
  const patches = new PatchIndex(patchEntries(old, session, packages), () => false);
  const factory = new NodeFactory(session, new NameResolver(session), docs, patches);
  const node =
    source.kind === 'seed'
      ? factory.seed(source)
      : factory.sql(source, readText(source.file), source.kind as 'model');
  if (!sameIdentity(old, node)) return undefined;
  checkConfig(node, [node.group ?? '']);
  const parents = linkedParents(node, before);
  if (!parents) return undefined;
  node.depends_on.nodes = parents;
  const added = parents.filter((parent) => !old.depends_on.nodes.includes(parent));
  if (added.length > 0) {
    const below = descendants(before, [node.unique_id]);
    if (added.some((parent) => parent === node.unique_id || below.has(parent))) return undefined;
  }
  node.primary_key = old.primary_key;
  return node;
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

/** What other vertices, names and checks have seen of the node. */
function sameIdentity(old: CompiledNode, node: CompiledNode): boolean {
  return (
    node.config.enabled !== false &&
    old.unique_id === node.unique_id &&
    old.database === node.database &&
    old.schema === node.schema &&
    old.alias === node.alias &&
    old.relation_name === node.relation_name &&
    old.access === node.access &&
    (old.config.group ?? null) === (node.config.group ?? null) &&
    old.config.materialized === node.config.materialized &&
    // unit tests ask whether their model is incremental
    old.depends_on.macros.includes(IS_INCREMENTAL) === node.depends_on.macros.includes(IS_INCREMENTAL)
  );
}

/** Parents by the saved names; undefined when one is missing, disabled or private. */
function linkedParents(node: CompiledNode, before: IndexedManifest): string[] | undefined {
  const parents: string[] = [];
  for (const [name, table] of node.sources ?? []) {
    const found = before.findSource(name, table, node.package_name);
    if (!found || 'disabled' in found) return undefined;
    if (!parents.includes(found.uniqueId)) parents.push(found.uniqueId);
  }
  for (const ref of node.refs ?? []) {
    const found = before.findRef(ref.name, ref.package, ref.version, node.package_name);
    if (!found || 'disabled' in found) return undefined;
    const target = before.index.get(found.uniqueId)!;
    // access within and across packages is the cold parse's to judge
    if (target.access === 'private' || target.package_name !== node.package_name) return undefined;
    if (!parents.includes(found.uniqueId)) parents.push(found.uniqueId);
  }
  return parents;
}

function store(
  context: ProjectContext,
  saved: LoadedCache,
  changes: Changes,
  fresh: ReadonlyMap<string, CompiledNode>,
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
    if (summary.parents.join() !== node.depends_on.nodes.join()) edgesChanged = true;
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
