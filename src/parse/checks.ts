/** What must be unique in a project: names that `ref()` finds, and places in the warehouse. Texts are dbt's. */
import { SqError } from '../errors.ts';
import type { CompiledNode, GraphNode } from '../manifest/nodes.ts';
import { isCompiled } from '../manifest/nodes.ts';
import { relationKey } from '../manifest/relation.ts';

const NOUNS: Record<string, string> = { analysis: 'analyses', test: 'data tests', source: 'sources' };

/** Throws when `node` would take a unique id that another file has. */
export function refuseDuplicate(existing: GraphNode, node: GraphNode): never {
  const kind = NOUNS[node.resource_type] ?? `${node.resource_type}s`;
  const lookup =
    node.resource_type === 'source'
      ? `source("${(node as { source_name?: string }).source_name}", "${node.name}")`
      : `ref("${node.name}")`;
  throw new SqError({
    kind: 'Compilation',
    code: 'duplicate-resource',
    message: [
      `dbt found two ${kind} with the name "${node.name}".`,
      '',
      'Since these resources have the same name, dbt will be unable to find the correct resource',
      `when looking for ${lookup}.`,
      '',
      'To fix this, change the name of one of these resources:',
      `- ${existing.unique_id} (${existing.original_file_path})`,
      `- ${node.unique_id} (${node.original_file_path})`,
    ].join('\n'),
  });
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
