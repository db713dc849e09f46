/** The few facts of a vertex that ordering and most selectors need. */
import type { NodeSummary } from '../../manifest/manifest.ts';
import { type CompiledNode, type GraphNode, isSource } from '../../manifest/nodes.ts';

export function summaryOf(node: GraphNode): NodeSummary {
  const common = {
    unique_id: node.unique_id,
    resource_type: node.resource_type,
    name: node.name,
    package_name: node.package_name,
    fqn: node.fqn,
    original_file_path: node.original_file_path,
    tags: ((node.tags ?? node.config.tags) as string[] | undefined) ?? [],
  };
  if (isSource(node)) {
    return {
      ...common,
      materialized: '',
      parents: [],
      source_name: node.source_name,
      relation: { database: node.database, schema: node.schema, identifier: node.identifier },
    };
  }
  const compiled = node as CompiledNode;
  const summary: NodeSummary = {
    ...common,
    materialized: typeof compiled.config.materialized === 'string' ? compiled.config.materialized : '',
    parents: compiled.depends_on.nodes ?? [],
  };
  if (node.resource_type === 'test') {
    const test: NonNullable<NodeSummary['test']> = {
      kind: compiled.test_metadata ? 'generic' : 'singular',
      severity: String(compiled.config.severity ?? 'ERROR').toUpperCase(),
    };
    if (compiled.test_metadata) test.test_name = compiled.test_metadata.name;
    if (compiled.attached_node) test.attached_node = compiled.attached_node;
    summary.test = test;
  }
  const group = compiled.config.group ?? compiled.group;
  if (typeof group === 'string') summary.group = group;
  if (node.resource_type === 'model') {
    if (compiled.access) summary.access = compiled.access;
    if (compiled.version !== null && compiled.version !== undefined) {
      summary.version = compiled.version as string | number;
      if (compiled.latest_version !== null && compiled.latest_version !== undefined) {
        summary.latest_version = compiled.latest_version as string | number;
      }
    }
  }
  if (node.resource_type === 'unit_test' && compiled.version !== null && compiled.version !== undefined) {
    summary.version = compiled.version as string | number;
  }
  if (typeof compiled.patch_path === 'string') summary.patch_path = compiled.patch_path;
  if (
    node.resource_type !== 'seed' &&
    typeof compiled.raw_code === 'string' &&
    compiled.raw_code.trim() === ''
  ) {
    summary.empty = true;
  }
  if (compiled.config.publish === 'audited') summary.audited = true;
  if (compiled.relation_name) {
    summary.relation = {
      database: compiled.database as string | null,
      schema: compiled.schema as string,
      identifier: compiled.alias as string,
    };
  }
  return summary;
}
