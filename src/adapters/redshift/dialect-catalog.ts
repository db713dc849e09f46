/**
 * What stands in a database: one query for all schemas that a run needs (dbt-redshift sends one a schema, and
 * slow ones a table). The catalogue tables are those of the leader node; they cannot be joined to user data.
 */
import type { Relation } from '../../manifest/relation.ts';
import { literal } from './dialect-literal.ts';

/** Redshift keeps names in lower case, also quoted ones (unless enable_case_sensitive_identifier is on). */
function nameLiteral(name: string): string {
  return literal(name.toLowerCase());
}

/** The database of the connection, or one that is named and is not it: what stands there the SVV views tell. */
function isForeign(database: string | null, connected: string | undefined): database is string {
  return database !== null && connected !== undefined && database.toLowerCase() !== connected.toLowerCase();
}

function databaseExpression(database: string | null): string {
  return database === null ? 'current_database()' : literal(database);
}

/**
 * Materialized views are views with a row in svv_mv_info (on clusters and serverless; stv_mv_info fails on the
 * latter), and their storage tables `mv_tbl__…` are not shown.
 */
export function listRelationsSql(
  database: string | null,
  schemas: readonly string[],
  connected?: string,
): string {
  const names = schemas.map(nameLiteral).join(', ');
  if (isForeign(database, connected))
    return [
      "select database_name, schema_name, table_name, case table_type when 'VIEW' then 'view' when 'EXTERNAL TABLE' then 'external' else 'table' end",
      `from svv_all_tables where database_name = ${nameLiteral(database)} and lower(schema_name) in (${names})`,
    ].join('\n');
  return [
    `select ${databaseExpression(database)}, n.nspname, c.relname,`,
    "  case when m.name is not null or c.relkind = 'm' then 'materialized_view' when c.relkind = 'v' then 'view' else 'table' end",
    'from pg_catalog.pg_class c',
    'join pg_catalog.pg_namespace n on n.oid = c.relnamespace',
    'left join (select schema_name, name from svv_mv_info where database_name = current_database()) m',
    '  on trim(m.schema_name) = n.nspname and trim(m.name) = c.relname',
    "where c.relkind in ('r', 'v', 'm')",
    `  and lower(n.nspname) in (${names})`,
    "  and substring(c.relname, 1, 8) <> 'mv_tbl__'",
  ].join('\n');
}

export function listSchemasSql(database: string | null, connected?: string): string {
  if (isForeign(database, connected))
    return `select schema_name from svv_all_schemas where database_name = ${nameLiteral(database)}`;
  const name = databaseExpression(database);
  return `select nspname from pg_catalog.pg_namespace where current_database() = ${name} and nspname not like 'pg!_temp!_%' escape '!'`;
}

/**
 * Tables and bound views are in pg_attribute. Late-binding views have no columns there: a function tells them,
 * which expands every such view of the database, so it is asked only for what may be one. A relation without
 * schema is a temporary table of the session.
 */
export function columnsSql(relation: Relation, connected?: string): string {
  if (isForeign(relation.database, connected)) return foreignColumnsSql(relation, relation.database);
  const name = nameLiteral(relation.identifier ?? '');
  const schema =
    relation.schema === null
      ? "n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)"
      : `lower(n.nspname) = ${nameLiteral(relation.schema)}`;
  const stored = [
    'select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place',
    'from pg_catalog.pg_attribute a',
    'join pg_catalog.pg_class c on c.oid = a.attrelid',
    'join pg_catalog.pg_namespace n on n.oid = c.relnamespace',
    `where lower(c.relname) = ${name} and ${schema}`,
    '  and a.attnum > 0 and not a.attisdropped',
  ].join('\n');
  const mayBindLate = relation.schema !== null && (relation.type === 'view' || relation.type === null);
  if (!mayBindLate) return `select column_name, data_type from (\n${stored}\n) as found order by place`;
  const late = [
    'select column_name, data_type, place',
    'from pg_catalog.pg_get_late_binding_view_cols() cols(view_schema name, view_name name, column_name name, data_type varchar, place int)',
    `where lower(view_schema) = ${nameLiteral(relation.schema ?? '')} and lower(view_name) = ${name}`,
  ].join('\n');
  return `select column_name, data_type from (\n${stored}\nunion all\n${late}\n) as found order by place`;
}

/** Types with their sizes, which SVV_ALL_COLUMNS has in columns of their own. */
function foreignColumnsSql({ schema, identifier }: Relation, database: string): string {
  return [
    "select column_name, data_type || case when data_type like 'character%' and character_maximum_length > 0 then '(' || character_maximum_length || ')'",
    "  when data_type like 'numeric%' and numeric_precision > 0 then '(' || numeric_precision || ',' || numeric_scale || ')' else '' end",
    'from svv_all_columns',
    `where database_name = ${nameLiteral(database)} and lower(schema_name) = ${nameLiteral(schema ?? '')} and lower(table_name) = ${nameLiteral(identifier ?? '')}`,
    'order by ordinal_position',
  ].join('\n');
}
