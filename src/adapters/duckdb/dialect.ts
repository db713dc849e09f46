/** How DuckDB's SQL is spelled. */
import { type Relation, renderRelation } from '../../manifest/relation.ts';
import type { Dialect, TableName } from '../contract.ts';
import { isReadOnlySql } from '../shared/is-read-only.ts';
import { readEngineError } from './engine-error.ts';
import { classifyDuckDb } from './failures.ts';
import { literalRowsSql } from './literal-rows.ts';
import { describeType, translateType } from './types.ts';

const READERS = new Set([
  'SELECT',
  'FROM',
  'WITH',
  'VALUES',
  'TABLE',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'SUMMARIZE',
  'EXPLAIN',
  'PIVOT',
  'UNPIVOT',
]);

export const duckDbDialect: Dialect = {
  type: 'duckdb',
  dispatch: ['duckdb'],
  capabilities: {
    transactionalDdl: true,
    interactiveTransactions: true,
    atomicReplace: true,
    concurrentWriters: true,
    concurrentBatches: true,
    constraints: {
      check: 'enforced',
      not_null: 'enforced',
      unique: 'enforced',
      primary_key: 'enforced',
      foreign_key: 'enforced',
    },
    referencesNameNoDatabase: true,
    unload: true,
    unloadsToDisk: true,
  },
  quoteChar: '"',
  // DuckDB has no limit of its own; names stay readable in every tool that shows them
  maxIdentifierBytes: 255,
  quote,
  literal,
  listRelationsSql,
  listSchemasSql: (database) =>
    `select schema_name from duckdb_schemas() where database_name = ${databaseExpression(database)}`,
  columnsSql,
  catalogSql,
  tableSizesSql,
  isReadOnly: (sql) => isReadOnlySql(sql, READERS),
  translateType,
  describeType,
  readError: readEngineError,
  literalRowsSql,
  classify: classifyDuckDb,
  scratchDatabase: (name) => ({
    attach: `attach ':memory:' as "${name}"`,
    detach: `detach database if exists "${name}"`,
    schema: 'main',
  }),
};

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function databaseExpression(database: string | null): string {
  return database === null ? 'current_database()' : literal(database);
}

/** duckdb_tables() and duckdb_views() cost a walk of the catalogue (19 ms for 1,000 tables), so: once a run. */
function listRelationsSql(database: string | null, schemas: readonly string[]): string {
  const where = `where database_name = ${databaseExpression(database)} and not internal and lower(schema_name) in (${schemas
    .map((schema) => literal(schema.toLowerCase()))
    .join(', ')})`;
  return (
    `select database_name, schema_name, table_name, 'table' from duckdb_tables() ${where} and not temporary` +
    ` union all select database_name, schema_name, view_name, 'view' from duckdb_views() ${where} and not temporary`
  );
}

/**
 * DESCRIBE binds one table by name (0.6 ms); duckdb_columns() walks all columns of the database (20 ms for
 * 1,000 tables). It fails where there is no such table, which readError tells by `missing`.
 */
function columnsSql(relation: Relation): string {
  return `select column_name, column_type from (describe ${renderRelation(relation)})`;
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** More tables than this are not counted one by one. */
const MOST_COUNTED = 1_000;

/** DuckDB counts the rows of a table by its row groups, without reading them. */
function tableSizesSql(tables: readonly TableName[]): string | undefined {
  if (tables.length > MOST_COUNTED) return undefined;
  return tables
    .map(
      ({ database, schema, identifier }) =>
        `select ${literal(schema)}, ${literal(identifier)}, count(*), null from ${[
          database,
          schema,
          identifier,
        ]
          .filter((part) => part !== null)
          .map(quote)
          .join('.')}`,
    )
    .join('\nunion all ');
}

/** `estimated_size` counts rows that were deleted, too: tableSizesSql counts. DuckDB knows no size of a table. */
function catalogSql(database: string | null, schema: string, names?: readonly string[]): string {
  const where = (name: string) => {
    const only =
      names === undefined
        ? ''
        : ` and lower(${name}) in (${names.map((one) => literal(one.toLowerCase())).join(', ')})`;
    return `where database_name = ${databaseExpression(database)} and lower(schema_name) = ${literal(schema.toLowerCase())} and not internal and not temporary${only}`;
  };
  return [
    'select r.database_name, r.schema_name, r.name, r.type, r.comment, null, r.size, null,',
    '  c.column_name, c.column_index, c.data_type, c.comment',
    'from (',
    `  select database_name, schema_name, table_name as name, 'BASE TABLE' as type, comment, estimated_size as size from duckdb_tables() ${where('table_name')}`,
    `  union all select database_name, schema_name, view_name, 'VIEW', comment, null from duckdb_views() ${where('view_name')}`,
    ') r left join duckdb_columns() c',
    '  on c.database_name = r.database_name and c.schema_name = r.schema_name and c.table_name = r.name',
    'order by r.name, c.column_index',
  ].join('\n');
}
