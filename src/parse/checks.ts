/** What must be unique in a project: names that `ref()` finds, and places in the warehouse. Texts are dbt's. */
import { SqError } from '../errors.ts';
import type { CompiledNode, GraphNode } from '../manifest/nodes.ts';
import { isCompiled, isSource } from '../manifest/nodes.ts';
import { relationKey } from '../manifest/relation.ts';

const NOUNS: Record<string, string> = {
  analysis: 'analyses',
  test: 'data_tests',
  saved_query: 'saved_queries',
};
const REFABLE = ['model', 'seed', 'snapshot'];

/** Throws when `node` would take a unique id, or a name for `ref()`, that another file has. */
export function refuseDuplicate(existing: GraphNode, node: GraphNode): never {
  const type = existing.resource_type;
  const kind = type === node.resource_type ? (NOUNS[type] ?? `${type}s`) : 'resources';
  const { name, looking } = duplicated(existing);
  throw new SqError({
    kind: 'Compilation',
    code: 'duplicate-resource',
    message: [
      `dbt found two ${kind} with the name "${name}".`,
      '',
      'Since these resources have the same name, dbt will be unable to find the correct resource',
      `when ${looking}.`,
      '',
      'To fix this, change the name of one of these resources:',
      `- ${existing.unique_id} (${existing.original_file_path})`,
      `- ${node.unique_id} (${node.original_file_path})`,
    ].join('\n'),
  });
}

function duplicated(node: GraphNode): { name: string; looking: string } {
  const { name, resource_type: type } = node;
  if (REFABLE.includes(type)) return { name, looking: `looking for ref("${name}")` };
  if (isSource(node)) {
    const { source_name: source } = node;
    return { name: `${source}_${name}`, looking: `looking for source("${source}", "${name}")` };
  }
  const test = node as CompiledNode;
  if (type === 'test' && test.test_metadata) {
    const column = test.column_name ? `column "${test.column_name}" in ` : '';
    return { name: `${name}" defined on ${column}"${test.file_key_name}`, looking: 'running tests' };
  }
  return { name, looking: `looking for ${name}` };
}

/**
 * Models, seeds and snapshots of one package share the names that ref() looks for; and no two nodes may stand
 * at the same place in the warehouse.
 */
export function checkNames(nodes: Iterable<GraphNode>): void {
  const byName = new Map<string, CompiledNode>();
  const byPlace = new Map<string, CompiledNode>();
  for (const node of nodes) {
    if (!isCompiled(node) || !['model', 'seed', 'snapshot'].includes(node.resource_type)) continue;
    const version = node.version === null || node.version === undefined ? '' : `.v${node.version}`;
    const key = `${node.package_name}\u0000${node.name}${version}`;
    const other = byName.get(key);
    if (other) refuseDuplicate(other, node);
    byName.set(key, node);
    if (node.config.materialized === 'ephemeral') continue;
    const place = relationKey({ database: node.database, schema: node.schema, identifier: node.alias });
    const neighbour = byPlace.get(place);
    if (neighbour) throw ambiguousAlias(neighbour, node);
    byPlace.set(place, node);
  }
}

function ambiguousAlias(a: CompiledNode, b: CompiledNode): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'ambiguous-alias',
    message: [
      `dbt found two resources with the database representation "${b.relation_name ?? b.alias}".`,
      'dbt cannot create two resources with identical database representations. To fix this,',
      'change the configuration of one of these resources:',
      `- ${a.unique_id} (${a.original_file_path})`,
      `- ${b.unique_id} (${b.original_file_path})`,
    ].join('\n'),
  });
}
