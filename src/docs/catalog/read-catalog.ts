/** `catalog.json` from the warehouse: one query for each schema of the project, whatever the number of models. */
import type { Dialect, Driver, Session, Value } from '../../adapters/contract.ts';
import { indent } from '../../errors.ts';
import type { Manifest, NodeSummary } from '../../manifest/manifest.ts';
import type { Catalog, CatalogStat, CatalogTable } from '../contract.ts';

export interface CatalogRequest {
  driver: Driver;
  dialect: Dialect;
  manifest: Manifest;
  /** Unique ids that are wanted; absent: all. */
  selected?: ReadonlySet<string>;
  /** How many schemas are read at a time. */
  threads: number;
}

type CatalogBody = Pick<Catalog, 'nodes' | 'sources' | 'errors'>;
type Relation = NonNullable<NodeSummary['relation']>;

/** Above this many relations it is cheaper to read a schema whole than to name them. */
const MOST_NAMES = 100;

interface SchemaGroup {
  database: string | null;
  schema: string;
  names: string[];
}

/** A schema that cannot be read is one text in `errors`; the others are read all the same. */
export async function readCatalog(request: CatalogRequest): Promise<CatalogBody> {
  const { manifest, selected } = request;
  const wanted = wantedRelations(manifest, selected);
  const groups = groupsOf(wanted.values());
  const byName = new Map<string, string[]>();
  for (const [id, relation] of wanted) {
    const key = keyOf(relation);
    const others = byName.get(key);
    if (others === undefined) byName.set(key, [id]);
    else others.push(id);
  }
  const found = new Map<string, CatalogTable>();
  const errors: string[] = [];
  let next = 0;
  const worker = () =>
    request.driver.session({ name: 'generate_catalog' }, async (session) => {
      while (next < groups.length) {
        const group = groups[next++]!;
        try {
          for (const table of await readSchema(session, request.dialect, group, selected !== undefined)) {
            for (const id of byName.get(keyOf(relationOf(table))) ?? []) {
              found.set(id, { ...table, unique_id: id });
            }
          }
        } catch (error) {
          errors.push(schemaError(group, request.dialect.readError(error).message));
        }
      }
    });
  const workers = Math.max(1, Math.min(request.threads, groups.length));
  if (groups.length > 0) await Promise.all(Array.from({ length: workers }, worker));
  await addSizes(request, found);
  return { ...ordered(manifest, found), errors: errors.length === 0 ? null : errors.sort() };
}

/** Relations of what stands in a warehouse, by unique id. */
function wantedRelations(
  manifest: Manifest,
  selected: ReadonlySet<string> | undefined,
): Map<string, Relation> {
  const relations = new Map<string, Relation>();
  for (const [id, { resource_type, relation, materialized }] of manifest.index) {
    if (relation === undefined || !CATALOGUED.has(resource_type) || materialized === 'ephemeral') continue;
    if (selected === undefined || selected.has(id)) relations.set(id, relation);
  }
  return relations;
}

const CATALOGUED: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'source']);

function groupsOf(relations: Iterable<Relation>): SchemaGroup[] {
  const groups = new Map<string, SchemaGroup>();
  for (const { database, schema, identifier } of relations) {
    const key = keyOf({ database, schema, identifier: '' });
    const group = groups.get(key) ?? { database, schema, names: [] };
    group.names.push(identifier);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function keyOf({ database, schema, identifier }: Relation): string {
  return `${database ?? ''}\t${schema}\t${identifier}`.toLowerCase();
}

function relationOf({ metadata }: CatalogTable): Relation {
  return { database: metadata.database, schema: metadata.schema, identifier: metadata.name };
}

async function readSchema(
  session: Session,
  dialect: Dialect,
  { database, schema, names }: SchemaGroup,
  onlyThese: boolean,
): Promise<CatalogTable[]> {
  const only = onlyThese && names.length <= MOST_NAMES ? names : undefined;
  const { rows } = await session.query(dialect.catalogSql(database, schema, only));
  const tables: CatalogTable[] = [];
  for (const row of rows) {
    let current = tables.at(-1);
    if (current === undefined || current.metadata.name !== row[2]) {
      current = tableOf(row, database);
      tables.push(current);
    }
    const [name, place, type, comment] = row.slice(8);
    if (typeof name !== 'string') continue;
    current.columns[name] = {
      type: String(type),
      index: Number(place),
      name,
      comment: typeof comment === 'string' ? comment : null,
    };
  }
  return tables;
}

/** Engines without a database in names give the one that was asked for. */
function tableOf(row: readonly Value[], asked: string | null): CatalogTable {
  const [database, schema, name, type, comment, owner, rows, bytes] = row;
  return {
    metadata: {
      type: String(type),
      schema: String(schema),
      name: String(name),
      database: typeof database === 'string' ? database : asked,
      comment: typeof comment === 'string' ? comment : null,
      owner: typeof owner === 'string' ? owner : null,
    },
    columns: {},
    stats: statsOf(numberOf(rows), numberOf(bytes)),
    unique_id: '',
  };
}

function numberOf(value: Value | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(Number(value)) ? null : Number(value);
}

/** `has_stats` is dbt's own: its page shows no other where it is false. */
function statsOf(rows: number | null, bytes: number | null): Record<string, CatalogStat> {
  const stats: CatalogStat[] = [];
  if (rows !== null) {
    stats.push({
      id: 'row_count',
      label: 'Row Count',
      value: rows,
      include: true,
      description: 'Rows of the table, as the engine counts them: after changes it may be an estimate',
    });
  }
  if (bytes !== null) {
    stats.push({
      id: 'bytes',
      label: 'Approximate Size',
      value: bytes,
      include: true,
      description: 'Size of the table in bytes, as the engine counts it',
    });
  }
  stats.push({
    id: 'has_stats',
    label: 'Has Stats?',
    value: stats.length > 0,
    include: false,
    description: 'Indicates whether there are statistics for this table',
  });
  return Object.fromEntries(stats.map((stat) => [stat.id, stat]));
}

function schemaError({ database, schema }: SchemaGroup, message: string): string {
  const name = [database, schema].filter((part) => part !== null).join('.');
  return `Database Error\n${indent(`schema ${name} could not be read: ${message}`)}`;
}

/** Better counts where the engine keeps them apart; who may not read them has the others. */
async function addSizes(
  { driver, dialect }: CatalogRequest,
  found: ReadonlyMap<string, CatalogTable>,
): Promise<void> {
  const tables = [...found.values()].filter(({ metadata }) => metadata.type !== 'VIEW').map(relationOf);
  const sql = tables.length === 0 ? undefined : dialect.tableSizesSql?.(tables);
  if (sql === undefined) return;
  const sizes = new Map<string, Value[]>();
  try {
    const { rows } = await driver.session({ name: 'generate_catalog' }, (session) => session.query(sql));
    for (const [schema, name, ...counts] of rows) sizes.set(`${schema}\t${name}`.toLowerCase(), counts);
  } catch {
    return;
  }
  for (const table of found.values()) {
    const counts = sizes.get(`${table.metadata.schema}\t${table.metadata.name}`.toLowerCase());
    if (counts !== undefined) table.stats = statsOf(numberOf(counts[0]), numberOf(counts[1]));
  }
}

/** In the order of the manifest: the same warehouse gives the same file. */
function ordered(
  manifest: Manifest,
  found: ReadonlyMap<string, CatalogTable>,
): Pick<Catalog, 'nodes' | 'sources'> {
  const nodes: Record<string, CatalogTable> = {};
  const sources: Record<string, CatalogTable> = {};
  for (const [id, { resource_type }] of manifest.index) {
    const table = found.get(id);
    if (table !== undefined) (resource_type === 'source' ? sources : nodes)[id] = table;
  }
  return { nodes, sources };
}
