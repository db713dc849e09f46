/** What `catalog.json` is made of. */
import type { TableName } from '../contract.ts';
import { literal } from './dialect-literal.ts';

const nameLiteral = (name: string) => literal(name.toLowerCase());

/**
 * Tables, bound views and, by the function that expands them, late-binding views: their columns stand in no table.
 * Leader-node tables only; the counts of svv_table_info are asked for apart (tableSizesSql).
 */
export function catalogSql(_database: string | null, schema: string, names?: readonly string[]): string {
  const only = (column: string) =>
    names === undefined ? '' : ` and lower(${column}) in (${names.map(nameLiteral).join(', ')})`;
  const relation = [
    'select c.oid, n.nspname, c.relname, c.relkind,',
    "  case when m.name is not null or c.relkind = 'm' then 'MATERIALIZED VIEW' when c.relkind = 'v' then 'VIEW' else 'BASE TABLE' end as type,",
    '  pg_catalog.pg_get_userbyid(c.relowner) as owner, d.description as comment,',
    "  case when c.relkind = 'r' and c.reltuples >= 1 then c.reltuples::bigint end as rows_counted",
    'from pg_catalog.pg_class c',
    'join pg_catalog.pg_namespace n on n.oid = c.relnamespace',
    'left join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = 0',
    'left join (select schema_name, name from svv_mv_info where database_name = current_database()) m',
    '  on trim(m.schema_name) = n.nspname and trim(m.name) = c.relname',
    `where c.relkind in ('r', 'v', 'm') and lower(n.nspname) = ${nameLiteral(schema)}`,
    `  and substring(c.relname, 1, 8) <> 'mv_tbl__'${only('c.relname')}`,
  ].join('\n');
  const stored = [
    'select a.attrelid, a.attname as column_name, a.attnum as place,',
    '  pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, d.description as comment',
    'from pg_catalog.pg_attribute a',
    'left join pg_catalog.pg_description d on d.objoid = a.attrelid and d.objsubid = a.attnum',
    'where a.attnum > 0 and not a.attisdropped',
  ].join('\n');
  const late = [
    'select view_name, column_name, place, data_type',
    'from pg_catalog.pg_get_late_binding_view_cols() cols(view_schema name, view_name name, column_name name, data_type varchar, place int)',
    `where lower(view_schema) = ${nameLiteral(schema)}${only('view_name')}`,
  ].join('\n');
  return [
    'select current_database(), r.nspname, r.relname, r.type, r.comment, r.owner, r.rows_counted, null::bigint,',
    '  coalesce(s.column_name, l.column_name), coalesce(s.place, l.place), coalesce(s.data_type, l.data_type), s.comment',
    `from (\n${relation}\n) r`,
    `left join (\n${stored}\n) s on s.attrelid = r.oid`,
    `left join (\n${late}\n) l on r.relkind = 'v' and s.attrelid is null and l.view_name = r.relname`,
    'order by r.relname, coalesce(s.place, l.place)',
  ].join('\n');
}

/** The view is for superusers unless somebody has granted it. Sizes are in blocks of 1 MB. */
export function tableSizesSql(tables: readonly TableName[]): string {
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  return `select "schema", "table", tbl_rows, size * 1048576 from svv_table_info where lower("schema") in (${schemas.map(nameLiteral).join(', ')})`;
}
