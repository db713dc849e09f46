/**
 * A small manifest in memory for tests: vertices by unique id, everything else derived from it unless said.
 */
import type { Manifest, NodeSummary, SelectorDefinition } from '../manifest/manifest.ts';
import type { GraphNode, ResourceType } from '../manifest/nodes.ts';

/** A vertex: its unique id and whatever differs from what the id tells. */
export type SummaryInput = Pick<NodeSummary, 'unique_id'> & Partial<NodeSummary>;

/**
 * A summary from a unique id: `model.shop.orders` (versioned: `model.shop.orders.v2`),
 * `source.shop.raw.orders`, `test.shop.not_null_orders_id.0123456789`. The fqn has no folders.
 */
export function summaryOf(input: SummaryInput): NodeSummary {
  const [type = '', packageName = '', ...rest] = input.unique_id.split('.');
  const resource_type = type as ResourceType;
  const leaf = resource_type === 'source' ? (rest[1] ?? '') : (rest[0] ?? '');
  const extension = resource_type === 'seed' ? 'csv' : 'sql';
  const derived: NodeSummary = {
    unique_id: input.unique_id,
    resource_type,
    name: leaf,
    package_name: packageName,
    fqn: resource_type === 'test' ? [packageName, leaf] : [packageName, ...rest],
    original_file_path: resource_type === 'source' ? 'models/sources.yml' : `${type}s/${leaf}.${extension}`,
    tags: [],
    materialized: resource_type === 'model' ? 'view' : resource_type === 'source' ? '' : resource_type,
    parents: [],
  };
  if (resource_type === 'source') derived.source_name = rest[0] ?? '';
  if (resource_type === 'model') derived.access = 'protected';
  if (resource_type === 'test') derived.test = { kind: 'generic', severity: 'ERROR' };
  return { ...derived, ...input };
}

export interface ManifestInput {
  /** Name of the root project; default: the package of the first vertex. */
  projectName?: string;
  /** Whole nodes for `get`, by unique id; fields that are left out come from the summary. */
  nodes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  selectors?: readonly SelectorDefinition[];
  /** Called with the id of every node that is read whole. */
  onGet?: (uniqueId: string) => void;
}

/** A manifest of these vertices, without macros, docs, groups and disabled nodes. */
export function manifestOf(vertices: readonly SummaryInput[], input: ManifestInput = {}): Manifest {
  const summaries = vertices.map(summaryOf);
  const index = new Map(summaries.map((summary) => [summary.unique_id, summary]));
  const children = new Map<string, string[]>();
  for (const { unique_id, parents } of summaries) {
    for (const parent of parents) {
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [unique_id]);
      else siblings.push(unique_id);
    }
  }
  return {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
      dbt_version: '1.12.3',
      generated_at: '2025-01-01T00:00:00Z',
      invocation_id: '00000000-0000-4000-8000-000000000000',
      invocation_started_at: '2025-01-01T00:00:00Z',
      env: {},
      project_name: input.projectName ?? summaries[0]?.package_name ?? 'test',
      project_id: '',
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: 'duckdb',
      quoting: { database: true, schema: true, identifier: true },
      run_started_at: '2025-01-01T00:00:00Z',
    },
    index,
    get(uniqueId) {
      const summary = index.get(uniqueId);
      if (summary === undefined) return undefined;
      input.onGet?.(uniqueId);
      return wholeNode(summary, input.nodes?.[uniqueId]);
    },
    children: (uniqueId) => children.get(uniqueId) ?? [],
    macro: () => undefined,
    macroSpan: () => ({ line: 1, column: 1, offset: 0 }),
    macroPackages: [],
    macros: () => [],
    docs: () => [],
    groups: () => [],
    selectors: new Map((input.selectors ?? []).map((selector) => [selector.name, selector])),
    disabledIds: () => [],
    disabled: () => [],
    findRef: (name, packageName) => findNamed(summaries, name, packageName),
    findSource: (source, table) => {
      const found = summaries.find((node) => node.source_name === source && node.name === table);
      return found && { uniqueId: found.unique_id };
    },
  };
}

function findNamed(summaries: readonly NodeSummary[], name: string, packageName: string | null) {
  const found = summaries.find(
    (node) =>
      (node.resource_type === 'model' ||
        node.resource_type === 'seed' ||
        node.resource_type === 'snapshot') &&
      node.name === name &&
      (packageName === null || node.package_name === packageName),
  );
  return found && { uniqueId: found.unique_id };
}

function wholeNode(summary: NodeSummary, extra: Readonly<Record<string, unknown>> = {}): GraphNode {
  const {
    test: _test,
    relation: _relation,
    audited: _audited,
    parents,
    materialized,
    tags,
    ...shared
  } = summary;
  return {
    ...shared,
    path: summary.original_file_path.replace(/^[^/]*\//, ''),
    alias: summary.name,
    tags: [...tags],
    depends_on: { macros: [], nodes: [...parents] },
    ...extra,
    config: {
      enabled: true,
      ...(materialized && { materialized }),
      tags: [...tags],
      ...(extra.config as object),
    },
  } as unknown as GraphNode;
}
