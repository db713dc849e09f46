/**
 * What reads a relation: PostgreSQL ties a view to the table itself, not to its name, so that a table cannot be
 * dropped under it. The catalogue knows the views (pg_depend by way of their rewrite rules) and all it takes to
 * make them again.
 */
import { type Relation, renderRelation } from '../../manifest/relation.ts';

const TIES = `pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid and d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass`;

/** The statements that make view `c` again: definition, options, owner, indexes, comments, grants. */
const RESTORE = `concat_ws(';\n',
  format('create %s %I.%I%s as %s', k.kind, n.nspname, c.relname, ' with (' || array_to_string(c.reloptions, ', ') || ')', rtrim(pg_catalog.pg_get_viewdef(c.oid), ';')),
  case when c.relowner <> current_user::regrole then format('alter %s %I.%I owner to %I', k.kind, n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner)) end,
  (select string_agg(pg_catalog.pg_get_indexdef(i.indexrelid), ';\n' order by i.indexrelid) from pg_catalog.pg_index i where i.indrelid = c.oid),
  (select string_agg(case when t.objsubid = 0 then format('comment on %s %I.%I is %L', k.kind, n.nspname, c.relname, t.description) else format('comment on column %I.%I.%I is %L', n.nspname, c.relname, a.attname, t.description) end, ';\n' order by t.objsubid)
    from pg_catalog.pg_description t left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = t.objsubid where t.objoid = c.oid and t.classoid = 'pg_catalog.pg_class'::regclass),
  (select string_agg(concat_ws(' ', 'grant', g.privilege_type, 'on', format('%I.%I', n.nspname, c.relname), 'to', case g.grantee when 0 then 'public' else quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) end, case when g.is_grantable then concat_ws(' ', 'with', 'grant', 'option') end), ';\n' order by g.grantee, g.privilege_type)
    from pg_catalog.aclexplode(c.relacl) g where g.grantee <> c.relowner))`;

/** Rows (database, schema, name, type, statements that make it again), what reads the relation itself first. */
export function dependantsSql(relation: Relation): string {
  const name = renderRelation({ ...relation, database: null }).replaceAll("'", "''");
  return `with recursive readers (id, depth) as (
  select r.ev_class, 1 from ${TIES} where d.refobjid = to_regclass('${name}') and r.ev_class <> d.refobjid
  union
  select r.ev_class, readers.depth + 1 from readers join ${TIES} on d.refobjid = readers.id where r.ev_class <> readers.id and readers.depth < 100
)
select current_database(), n.nspname, c.relname, case c.relkind when 'm' then 'materialized_view' else 'view' end, ${RESTORE}
from (select id, max(depth) as depth from readers group by id) as o
join pg_catalog.pg_class c on c.oid = o.id
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join lateral (select case c.relkind when 'm' then 'materialized view' else 'view' end) as k (kind)
where c.relkind in ('v', 'm')
order by o.depth, o.id`;
}
