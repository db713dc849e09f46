/** `saved_queries:` -> nodes over metrics, with the tables that their exports would write. */
import type { CompiledNode, ReferringNode } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import type { NameResolver } from '../names.ts';
import { whereFilter } from './metrics.ts';
import { configFor, described, identity, type ReferringInput, recordOf, rendered } from './referring.ts';

export function savedQueryNode(input: ReferringInput, names: NameResolver): ReferringNode {
  const { session, entry } = input;
  const raw = rendered(
    input,
    (keys) => keys[0] === 'description' || (keys[0] === 'query_params' && keys[1] === 'where'),
  );
  const { config, unrendered } = configFor(input, 'saved_query', recordOf(raw.config));
  const query = recordOf(raw.query_params);
  return {
    ...identity(entry, 'saved_query'),
    query_params: {
      metrics: listOf(query.metrics),
      group_by: listOf(query.group_by),
      where: whereFilter(query.where),
      order_by: listOf(query.order_by),
      limit: query.limit ?? null,
    },
    exports: listOf(raw.exports)
      .filter(isRecord)
      .map((one) => exportOf(one, config, input, names)),
    description: described(input, entry.raw.description, ['description']),
    label: raw.label ?? null,
    metadata: null,
    config,
    unrendered_config: unrendered,
    group: (config.group as string | null | undefined) ?? null,
    depends_on: { macros: [], nodes: [] },
    refs: [],
    tags: [...new Set([...listOf(raw.tags), ...listOf(config.tags)].map(String))].sort(),
    created_at: session.createdAt,
  };
}

/** Named like a node: by dbt's three macros, from the export's config over the query's. */
function exportOf(
  one: Record<string, unknown>,
  queryConfig: Record<string, unknown>,
  { entry }: ReferringInput,
  names: NameResolver,
): Record<string, unknown> {
  const own = recordOf(one.config);
  const combined: Record<string, unknown> = { ...queryConfig, ...own };
  const schema = (combined.schema_name ?? combined.schema ?? null) as string | null;
  const named = {
    name: String(one.name),
    resource_type: 'saved_query',
    package_name: entry.pkg.config.name,
    unique_id: `saved_query.${entry.pkg.config.name}.${entry.name}`,
    config: { database: own.database ?? null, schema: null, alias: own.alias ?? null },
  } as unknown as CompiledNode;
  names.apply(named, entry.pkg);
  return {
    name: one.name,
    config: {
      export_as: combined.export_as ?? null,
      schema_name: schema ?? named.schema,
      alias: (own.alias as string | undefined) ?? named.alias,
      database: named.database ?? (own.database as string | undefined) ?? null,
    },
    unrendered_config: own,
  };
}
