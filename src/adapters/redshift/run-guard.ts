/**
 * Redshift has no advisory locks. What every session can see of another is the name of its temporary tables, and
 * they end with the session, whatever becomes of the process: one with the schema's name stands for a run.
 */
import type { RunGuard } from '../contract.ts';
import { literal } from './dialect-literal.ts';

const MARK = '__sq_run_on_';

export const redshiftRunGuard: RunGuard = {
  // made before it is looked for: of two that begin at once, both see the other
  takeSql: (schemas) => [
    ...schemas.map((schema) => `create temporary table ${tableName(schema)} (held integer)`),
    [
      "select s.name, max('user ' || u.usename)",
      `from (${schemas.map((schema, i) => `select ${literal(schema)}${i === 0 ? ' as name' : ''}`).join(' union all ')}) s`,
      `left join pg_catalog.pg_class c on c.relname = ${literal(MARK)} || lower(s.name) and not pg_catalog.pg_table_is_visible(c.oid)`,
      'left join pg_catalog.pg_user u on u.usesysid = c.relowner',
      'group by s.name',
    ].join('\n'),
  ],
  releaseSql: (schemas) => schemas.map((schema) => `drop table ${tableName(schema)}`),
};

function tableName(schema: string): string {
  return `"${MARK}${schema.toLowerCase().replaceAll('"', '""')}"`;
}
