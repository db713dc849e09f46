/** One table of a `sources:` block -> a source node, with what it inherits from its source. */
import type { ExternalTable, FreshnessThreshold, SourceNode } from '../../manifest/nodes.ts';
import { relation, renderRelation } from '../../manifest/relation.ts';
import { type ConfigLayer, isRecord, listOf } from '../config/merge.ts';
import type { DocIndex } from '../docs.ts';
import type { PackageSource, ParseSession, SqErrorPlace } from '../session.ts';
import { columnMap } from './columns.ts';
import { resolveConfig } from './config.ts';

export interface SourceInput {
  session: ParseSession;
  pkg: PackageSource;
  docs: DocIndex;
  /** The `sources:` entry and one entry of its `tables:`, as written. */
  source: Readonly<Record<string, unknown>>;
  table: Readonly<Record<string, unknown>>;
  /** Relative to the package root. */
  path: string;
  /** Folders of the file below its base folder. */
  folders: readonly string[];
  /** Place of a value below the table (or, with `source`, below the source). */
  at: (keys: readonly (string | number)[], of?: 'source') => SqErrorPlace;
}

const CONFIG_KEYS = [
  'freshness',
  'loaded_at_field',
  'loaded_at_query',
  'event_time',
  'enabled',
  'meta',
  'tags',
];
/** Rendered apart: descriptions know `doc()`, columns their own parts. */
const OWN_RENDERING = new Set(['description', 'columns', 'tables', 'data_tests', 'tests']);

export function sourceNode(input: SourceInput): SourceNode {
  const { session, pkg, docs } = input;
  const source = rendered(input.source, session, pkg, () => input.at([], 'source'));
  const table = rendered(input.table, session, pkg, () => input.at([]));
  const sourceName = String(source.name);
  const name = String(table.name);
  const fqn = [pkg.config.name, ...input.folders, sourceName, name];
  const { config, unrendered } = resolveConfig({
    session,
    pkg,
    resourceType: 'source',
    fqn,
    patch: configLayer(source, table),
  });
  const { settings, adapter } = session.context;
  const database = text(table.database ?? source.database) ?? settings.database;
  const schema = text(source.schema) ?? sourceName;
  const identifier = text(table.identifier) ?? name;
  const quoting = { ...recordOf(source.quoting), ...recordOf(table.quoting) };
  const description = docs.describe(input.table.description, session, pkg, () => input.at(['description']));
  const sourceDescription = docs.describe(input.source.description, session, pkg, () =>
    input.at(['description'], 'source'),
  );
  const policy = { ...session.quoting, ...booleans(quoting) };
  return {
    database,
    schema,
    name,
    resource_type: 'source',
    package_name: pkg.config.name,
    path: input.path,
    original_file_path: input.path,
    unique_id: `source.${pkg.config.name}.${sourceName}.${name}`,
    fqn,
    source_name: sourceName,
    source_description: sourceDescription.text,
    loader: text(table.loader ?? source.loader) ?? '',
    identifier,
    quoting: { database: null, schema: null, identifier: null, column: null, ...quoting },
    loaded_at_field: text(config.loaded_at_field) ?? null,
    loaded_at_query: text(config.loaded_at_query) ?? null,
    freshness: freshnessOf(config.freshness),
    external: isRecord(table.external) ? (table.external as ExternalTable) : null,
    description: description.text,
    columns: columnMap({
      session,
      pkg,
      docs,
      columns: input.table.columns,
      at: (keys) => input.at(['columns', ...keys]),
    }),
    meta: config.meta,
    source_meta: { ...recordOf(source.meta), ...recordOf(recordOf(source.config).meta) },
    tags: [...new Set(config.tags)].sort(),
    config,
    patch_path: null,
    unrendered_config: unrendered,
    relation_name: renderRelation(
      relation(database, schema, identifier, { quote: policy, quoteChar: adapter.dialect.quoteChar }),
    ),
    created_at: session.createdAt,
    unrendered_database: text(input.source.database) ?? null,
    unrendered_schema: text(input.source.schema) ?? null,
    doc_blocks: description.blocks,
  };
}

function rendered(
  value: Record<string, unknown>,
  session: ParseSession,
  pkg: PackageSource,
  at: () => SqErrorPlace,
): Record<string, unknown> {
  return session.renderYaml(value, pkg, at, OWN_RENDERING) as Record<string, unknown>;
}

/** Config of the source, then of the table; each both at the top level and under `config:`. */
function configLayer(source: Record<string, unknown>, table: Record<string, unknown>): ConfigLayer {
  const layer: Record<string, unknown> = {};
  const tags: string[] = [];
  let meta: Record<string, unknown> = {};
  for (const level of [source, recordOf(source.config), table, recordOf(table.config)]) {
    for (const key of [...CONFIG_KEYS, ...(level === source || level === table ? [] : Object.keys(level))]) {
      if (!Object.hasOwn(level, key) || key === 'tags' || key === 'meta') continue;
      const value = level[key];
      layer[key] =
        key === 'freshness' && isRecord(value) ? { ...recordOf(layer.freshness), ...value } : value;
    }
    tags.push(...listOf(level.tags).map(String));
    meta = { ...meta, ...recordOf(level.meta) };
  }
  if (tags.length > 0) layer.tags = [...new Set(tags)];
  if (Object.keys(meta).length > 0) layer.meta = meta;
  return layer;
}

/** dbt writes thresholds out in full; `freshness: null` turns the check off. */
function freshnessOf(value: unknown): FreshnessThreshold | null {
  if (value === null || value === undefined) {
    return { warn_after: noThreshold(), error_after: noThreshold(), filter: null };
  }
  const given = recordOf(value);
  const threshold = (key: string) => {
    const part = recordOf(given[key]);
    return { count: part.count === undefined ? null : Number(part.count), period: text(part.period) ?? null };
  };
  return {
    warn_after: threshold('warn_after'),
    error_after: threshold('error_after'),
    filter: text(given.filter) ?? null,
  };
}

const noThreshold = () => ({ count: null, period: null });

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function booleans(value: Record<string, unknown>): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
  );
}
