/**
 * One node of the saved parse, made again from its file and from what property files say of it now. Answers
 * nothing when the change reaches further than the node itself: that is the cold parse's to judge.
 */
import { readText } from '../load/index.ts';
import { descendants } from '../manifest/graph.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { checkConfig } from './check-configs.ts';
import { DocIndex } from './docs.ts';
import { NameResolver } from './names.ts';
import { NodeFactory } from './node-factory.ts';
import { PatchIndex } from './patch-index.ts';
import type { PropertyEntry } from './property-files.ts';
import { SearchOrder } from './search-order.ts';
import type { ParseSession, SourceFile } from './session.ts';
import type { IndexedManifest } from './store/indexed-manifest.ts';

const IS_INCREMENTAL = 'macro.dbt.is_incremental';

/** What one node is remade with. */
export interface Remake {
  old: CompiledNode;
  /** The file of its SQL, or the seed. */
  source: SourceFile;
  /** Entries of the property file that describes it. */
  entries: readonly PropertyEntry[];
  /** Of the saved parse; read once for all nodes of a property file. */
  docs: DocIndex;
  before: IndexedManifest;
  session: ParseSession;
}

/** The node with a new body or a new description, its `primary_key` as before; its tests are the caller's. */
export function remakeNode({
  old,
  source,
  entries,
  docs,
  before,
  session,
}: Remake): CompiledNode | undefined {
  if (old.version !== null && old.version !== undefined) return undefined;
  // the entry found before is the node's, whichever package wrote it
  const patches = new PatchIndex(entries, () => false);
  const factory = new NodeFactory(session, new NameResolver(session), docs, patches);
  const node =
    source.kind === 'seed'
      ? factory.seed(source)
      : factory.sql(source, readText(source.file), source.kind as 'model');
  if (!sameIdentity(old, node)) return undefined;
  checkConfig(node, [node.group ?? '']);
  if (!link(node, old, before)) return undefined;
  node.primary_key = old.primary_key;
  return node;
}

export function savedDocs(before: IndexedManifest, session: ParseSession): DocIndex {
  const docs = new DocIndex(new SearchOrder(session.context.project));
  for (const doc of before.docs()) docs.add(doc);
  return docs;
}

/** Sets the parents by the saved names. False when one cannot be told here, or would close a cycle. */
export function link(node: CompiledNode, old: CompiledNode, before: IndexedManifest): boolean {
  const parents = linkedParents(node, before);
  if (!parents) return false;
  if (node.resource_type === 'seed') {
    delete (node.depends_on as Partial<typeof node.depends_on>).nodes;
    return true;
  }
  node.depends_on.nodes = parents;
  const added = parents.filter((parent) => !old.depends_on.nodes.includes(parent));
  if (added.length === 0) return true;
  const below = descendants(before, [node.unique_id]);
  return !added.some((parent) => parent === node.unique_id || below.has(parent));
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
    // told by every command from a list of its own
    old.deprecation_date === node.deprecation_date &&
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
