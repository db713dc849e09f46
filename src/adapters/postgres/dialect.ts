/** How PostgreSQL's SQL is spelled. */
import { type Relation, renderRelation } from '../../manifest/relation.ts';
import type { Dialect, RunGuard } from '../contract.ts';
import { isReadOnlySql } from '../shared/is-read-only.ts';
import { literalRows } from '../shared/literal-rows.ts';
import { readPgError } from '../shared/pg/pg-error.ts';
import { dependantsSql } from './dependants.ts';
import { classifyPostgres, postgresCommitOutcome } from './failures.ts';
import { queryTypeName } from './query-type-name.ts';
import { describeType, translateType } from './types.ts';

const READERS = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE', 'SHOW', 'EXPLAIN']);

const quote = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`;
/** With a backslash, the form that reads the same whatever standard_conforming_strings says. */
const literal = (text: string) => {
  const doubled = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
};

/** invalid_table_definition: CREATE OR REPLACE VIEW cannot drop, rename or retype columns. */
const OTHER_COLUMNS = '42P16';

/** Advisory locks of the session: they end with the connection, whatever becomes of the process. */
const runGuard: RunGuard = {
  takeSql: (schemas) => [
    `select s.name, case when pg_try_advisory_lock(s.key) then null else coalesce((` +
      `select format('user %s from %s, pid %s, since %s', a.usename, coalesce(host(a.client_addr), 'the server itself'), a.pid, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'))` +
      ` from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid` +
      ` where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_catalog.pg_database where datname = current_database())` +
      ` and (l.classid::bigint << 32 | l.objid::bigint) = s.key limit 1), 'one that has just ended') end` +
      ` from (select name, hashtextextended('sq run on schema ' || name, 0) as key from unnest(array[${schemas.map(literal).join(', ')}]) as n (name)) as s`,
  ],
  releaseSql: () => ['select pg_advisory_unlock_all()'],
};

export const postgresDialect: Dialect = {
  type: 'postgres',
  dispatch: ['postgres'],
  capabilities: {
    transactionalDdl: true,
    interactiveTransactions: true,
    atomicReplace: false,
    concurrentWriters: true,
    constraints: {
      check: 'enforced',
      not_null: 'enforced',
      unique: 'enforced',
      primary_key: 'enforced',
      foreign_key: 'enforced',
    },
    savepoints: true,
    grants: true,
    materializedViews: true,
  },
  quoteChar: '"',
  // NAMEDATALEN - 1: the server cuts longer names in silence, two of them may become one
  maxIdentifierBytes: 63,
  cutsLongNames: true,
  quote,
  literal,
  listRelationsSql,
  listSchemasSql: () => 'select nspname from pg_catalog.pg_namespace',
  columnsSql,
  catalogSql,
  isReadOnly: (sql) => isReadOnlySql(sql, READERS),
  translateType,
  queryTypeName,
  describeType,
  readError: readPgError,
  literalRowsSql: (columns, rows) => literalRows({ quote, literal }, columns, rows),
  dependantsSql,
  classify: classifyPostgres,
  commitOutcome: postgresCommitOutcome,
  runGuard,
  keepsOldView: (error) => readPgError(error).code === OTHER_COLUMNS,
};

/** Tables (partitioned ones too), views, materialized views and foreign tables. */
function listRelationsSql(_database: string | null, schemas: readonly string[]): string {
  const names = schemas.map((schema) => literal(schema.toLowerCase())).join(', ');
  return (
    `select current_database(), n.nspname, c.relname, case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' when 'f' then 'external' else 'table' end,` +
    // a view depends on what it reads by its rule; on itself, too
    ` exists (select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid where d.classid = 'pg_catalog.pg_rewrite'::regclass` +
    ` and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = c.oid and r.ev_class <> c.oid)` +
    ` from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace` +
    ` where c.relkind in ('r', 'p', 'v', 'm', 'f') and lower(n.nspname) in (${names})`
  );
}

/** A name without a schema is looked for on the search path: temporary tables stand there. */
function columnsSql(relation: Relation): string {
  const name = literal(renderRelation({ ...relation, database: null }));
  return (
    `select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) from pg_catalog.pg_attribute a` +
    ` where a.attrelid = ${name}::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`
  );
}

/** Rows and pages as the last ANALYZE counted them: looking at the files themselves would wait for writers. */
function catalogSql(_database: string | null, schema: string, names?: readonly string[]): string {
  const only =
    names === undefined
      ? ''
      : ` and lower(c.relname) in (${names.map((name) => literal(name.toLowerCase())).join(', ')})`;
  const counted = "c.relkind in ('r', 'm') and c.reltuples >= 0";
  return [
    'select current_database(), n.nspname, c.relname,',
    "  case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' when 'f' then 'FOREIGN TABLE' else 'BASE TABLE' end,",
    "  pg_catalog.obj_description(c.oid, 'pg_class'), pg_catalog.pg_get_userbyid(c.relowner),",
    `  case when ${counted} then c.reltuples::bigint end,`,
    `  case when ${counted} then c.relpages::bigint * current_setting('block_size')::bigint end,`,
    '  a.attname, row_number() over (partition by c.oid order by a.attnum), pg_catalog.format_type(a.atttypid, a.atttypmod),',
    '  pg_catalog.col_description(c.oid, a.attnum)',
    'from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace',
    'left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped',
    `where c.relkind in ('r', 'p', 'v', 'm', 'f') and lower(n.nspname) = ${literal(schema.toLowerCase())}${only}`,
    'order by c.relname, a.attnum',
  ].join('\n');
}
