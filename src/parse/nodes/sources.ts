/** One table of a `sources:` block -> a source node, with what it inherits from its source. */
import { SqError } from '../../errors.ts';
import type { ExternalTable, SourceNode } from '../../manifest/nodes.ts';
import { relation, renderRelation } from '../../manifest/relation.ts';
import { type ConfigLayer, isRecord, listOf } from '../config/merge.ts';
import type { DocIndex } from '../docs.ts';
import type { PlacedTable } from '../property-files.ts';
import type { PackageSource, ParseSession, SqErrorPlace } from '../session.ts';
import { columnMap, listedColumns } from './columns.ts';
import { resolveConfig } from './config.ts';
import { checkPeriods, mergedFreshness, thresholdOf } from './freshness.ts';

interface SourceInput {
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

/** Rendered apart or later: descriptions know `doc()`, columns their own parts, the query its warehouse. */
const OWN_RENDERING = new Set(['description', 'columns', 'tables', 'data_tests', 'tests', 'loaded_at_query']);

/** One table of a `sources:` entry, as declared, with its config resolved. */
export function tableNode(table: PlacedTable, session: ParseSession, docs: DocIndex): SourceNode {
  return sourceNode({
    session,
    pkg: table.pkg,
    docs,
    source: table.source.raw,
    table: table.raw,
    path: table.path,
    folders: table.relative.split('/').slice(0, -1),
    at: (keys, of) => (of === 'source' ? table.atSource(keys) : table.at(keys)),
  });
}

function sourceNode(input: SourceInput): SourceNode {
  const { session, pkg, docs } = input;
  const source = rendered(input.source, session, pkg, () => input.at([], 'source'));
  const table = keepInterval(input.table, (values) => rendered(values, session, pkg, () => input.at([])));
  const sourceName = String(source.name);
  const name = String(table.name);
  const fqn = [pkg.config.name, ...input.folders, sourceName, name];
  const layer = configLayer(source, table, input);
  const { config, unrendered } = resolveConfig({
    session,
    pkg,
    resourceType: 'source',
    fqn,
    patch: { values: layer, written: layer },
  });
  config.tags = [...new Set(config.tags)].sort();
  const freshness = config.freshness === null ? null : thresholdOf(config.freshness);
  checkPeriods(freshness, () => input.at(['freshness']));
  config.freshness = freshness;
  const enabled = config.enabled !== false;
  const { settings, adapter } = session.context;
  const database = text(source.database) ?? settings.database;
  const schema = text(source.schema) ?? sourceName;
  const identifier = text(table.identifier) ?? name;
  const quoting = { ...recordOf(source.quoting), ...recordOf(table.quoting) };
  const description = docs.describe(
    input.table.description,
    session,
    pkg,
    () => input.at(['description']),
    enabled,
  );
  const sourceDescription = docs.describe(
    input.source.description,
    session,
    pkg,
    () => input.at(['description'], 'source'),
    enabled,
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
    loader: text(source.loader) ?? '',
    identifier,
    quoting: { database: null, schema: null, identifier: null, column: null, ...quoting },
    loaded_at_field: text(config.loaded_at_field) ?? null,
    loaded_at_query: text(config.loaded_at_query) ?? null,
    freshness,
    external: isRecord(table.external) ? externalOf(table.external) : null,
    description: description.text,
    columns: columnMap({
      session,
      pkg,
      docs,
      columns: listedColumns(input.table.columns, ['columns']),
      at: (keys) => input.at(keys),
      enabled,
    }),
    meta: config.meta,
    source_meta: { ...recordOf(source.meta), ...recordOf(recordOf(source.config).meta) },
    tags: config.tags,
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

/** A location that holds the interval is filled in by each run; while parsing there is none. */
function keepInterval(
  table: Readonly<Record<string, unknown>>,
  render: (values: Record<string, unknown>) => Record<string, unknown>,
): Record<string, unknown> {
  const { external } = table;
  const location = isRecord(external) ? external.location : undefined;
  if (typeof location !== 'string' || !/\{\{[^}]*\binterval\b/.test(location)) return render({ ...table });
  const done = render({ ...table, external: { ...recordOf(external), location: '' } });
  return { ...done, external: { ...recordOf(done.external), location } };
}

/** Config of the source, then of the table; each both at the top level and under `config:`. */
function configLayer(
  source: Record<string, unknown>,
  table: Record<string, unknown>,
  input: SourceInput,
): ConfigLayer {
  const [sourceConfig, tableConfig] = [recordOf(source.config), recordOf(table.config)];
  const layer: Record<string, unknown> = { ...sourceConfig, ...tableConfig };
  for (const [raw, config] of [
    [source, sourceConfig],
    [table, tableConfig],
  ] as const) {
    for (const key of ['event_time', 'enabled'])
      if (raw[key] !== undefined && config[key] === undefined) layer[key] = raw[key];
  }
  const levels = [source, sourceConfig, table, tableConfig];
  const freshness = mergedFreshness(levels.map((level) => level.freshness));
  if (freshness === undefined) delete layer.freshness;
  else layer.freshness = freshness;
  Object.assign(layer, loadedAt(source, table, input));
  layer.meta = Object.assign({}, ...levels.map((level) => recordOf(level.meta)));
  layer.tags = [...new Set(levels.flatMap((level) => listOf(level.tags)).map(String))].sort();
  return layer;
}

/** A table that names its column (or says that it has none) does not take the source's query, and the other way. */
function loadedAt(
  source: Record<string, unknown>,
  table: Record<string, unknown>,
  input: SourceInput,
): { loaded_at_field: unknown; loaded_at_query: unknown } {
  const of = (level: Record<string, unknown>, key: string) =>
    level[key] ?? recordOf(level.config)[key] ?? null;
  const named = table.loaded_at_field !== undefined || Boolean(recordOf(table.config).loaded_at_field);
  const tableQuery = of(table, 'loaded_at_query');
  if (named && tableQuery !== null) throw both('table', () => input.at([]));
  if (of(source, 'loaded_at_field') !== null && of(source, 'loaded_at_query') !== null)
    throw both('source', () => input.at([], 'source'));
  return {
    loaded_at_field: named ? of(table, 'loaded_at_field') : of(source, 'loaded_at_field'),
    loaded_at_query: tableQuery ?? (named ? null : of(source, 'loaded_at_query')),
  };
}

function both(level: string, at: () => SqErrorPlace): SqError {
  return new SqError({
    kind: 'Parsing',
    code: 'loaded-at',
    message: `Cannot specify both loaded_at_field and loaded_at_query at ${level} level.`,
    at: at(),
    hint: 'keep one of the two',
  });
}

/** dbt writes the fields it knows out in full; sq's own shape stays as written. */
function externalOf(external: Record<string, unknown>): ExternalTable {
  if (external.format !== undefined) return external;
  const partitions = external.partitions;
  return {
    location: null,
    file_format: null,
    row_format: null,
    tbl_properties: null,
    ...external,
    partitions: Array.isArray(partitions)
      ? partitions.map((one: unknown) => (isRecord(one) ? { description: '', meta: {}, ...one } : one))
      : null,
  };
}

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
