/**
 * A changed property file that declares what it declared before: the models and seeds it describes, its source
 * tables and its tests are made anew, everything else stays. Undefined where the change reaches further.
 */

import { readText } from '../load/index.ts';
import type { CompiledNode, GraphNode, SourceNode } from '../manifest/nodes.ts';
import { isSource } from '../manifest/nodes.ts';
import { declarationsOf } from './declarations.ts';
import { NameResolver } from './names.ts';
import { genericTestNode } from './nodes/generic-tests.ts';
import { primaryKeyOf } from './nodes/primary-key.ts';
import { tableNode } from './nodes/sources.ts';
import { addPropertyFile, noProperties, type PlacedTest, type PropertyEntry } from './property-files.ts';
import { link, type Remake, remakeNode, savedDocs } from './remake-node.ts';
import type { ParseSession, SourceFile } from './session.ts';
import type { IndexedManifest } from './store/indexed-manifest.ts';

const TYPE_OF: Readonly<Record<string, string>> = { models: 'model', seeds: 'seed' };

export interface Described {
  /** The property file. */
  source: SourceFile;
  /** What it declared at the saved parse. */
  declares: string | undefined;
  files: readonly SourceFile[];
  before: IndexedManifest;
  session: ParseSession;
}

export function remakeDescribed(input: Described): Map<string, GraphNode> | undefined {
  const { source, declares, before, session } = input;
  // an override of a package's source stands in another file
  if (!source.package.isRoot) return undefined;
  const properties = noProperties();
  const file = addPropertyFile(session.context, source, readText(source.file), properties);
  if (declarationsOf(file) !== declares) return undefined;
  if (properties.overrides.length > 0) return undefined;
  // a disabled test still says which columns are a key
  for (const id of before.disabledIds()) if (id.startsWith('test.')) return undefined;
  const { entries, tables, tests } = properties;
  if (!entries.every(({ section, raw }) => section in TYPE_OF && raw.versions === undefined))
    return undefined;

  const made = new Map<string, GraphNode>();
  const docs = savedDocs(before, session);
  for (const table of tables) {
    const node = tableNode(table, session, docs);
    const old = before.get(node.unique_id);
    if (old === undefined || !isSource(old) || !sameSource(old, node)) return undefined;
    made.set(node.unique_id, node);
  }
  for (const entry of entries) {
    const node = remakeEntry(entry, { ...input, entries, docs });
    if (!node) return undefined;
    made.set(node.unique_id, node);
  }
  for (const test of tests) {
    const node = remakeTest(test, made, input);
    if (!node) return undefined;
    made.set(node.unique_id, node);
  }
  for (const node of made.values()) {
    if (node.resource_type !== 'model') continue;
    const own = before.children(node.unique_id).map((id) => (made.get(id) ?? before.get(id)) as CompiledNode);
    const attached = own.filter((test) => test.attached_node === node.unique_id && test.test_metadata);
    (node as CompiledNode).primary_key = primaryKeyOf(node as CompiledNode, attached);
  }
  return made;
}

function remakeEntry(
  entry: PropertyEntry,
  { source, files, entries, docs, before, session }: Described & Pick<Remake, 'entries' | 'docs'>,
): CompiledNode | undefined {
  const packageName = source.package.config.name;
  const kind = TYPE_OF[entry.section] as 'model' | 'seed';
  const old = before.get(`${kind}.${packageName}.${entry.name}`) as CompiledNode | undefined;
  if (old === undefined || old.patch_path !== `${packageName}://${source.file.path}`) return undefined;
  const own = files.find(
    (file) =>
      file.kind === kind && file.package === source.package && file.file.path === old.original_file_path,
  );
  return own && remakeNode({ old, source: own, entries, docs, before, session });
}

function remakeTest(
  test: PlacedTest,
  made: ReadonlyMap<string, GraphNode>,
  { before, session }: Described,
): CompiledNode | undefined {
  const { target, pkg } = test;
  const attached =
    target.section === 'sources' ? null : `${TYPE_OF[target.section]}.${pkg.config.name}.${target.name}`;
  const described = attached === null ? undefined : (made.get(attached) as CompiledNode | undefined);
  // of a seed that stands under models:, a version, another package's model
  if (attached !== null && described === undefined) return undefined;
  const node = genericTestNode({ session, names: new NameResolver(session), test, attached });
  const old = before.get(node.unique_id) as CompiledNode | undefined;
  if (old === undefined || node.config.enabled === false) return undefined;
  if (described) node.group = described.group;
  return link(node, old, before) ? node : undefined;
}

/** What other vertices and names have seen of the source. */
function sameSource(old: SourceNode, node: SourceNode): boolean {
  return (
    node.config.enabled !== false &&
    old.database === node.database &&
    old.schema === node.schema &&
    old.identifier === node.identifier &&
    old.relation_name === node.relation_name
  );
}
