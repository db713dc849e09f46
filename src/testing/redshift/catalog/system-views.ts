/** Redshift's system tables and views, as far as a client of its kind reads them. */

/** What the double writes itself. */
export const SYSTEM_TABLES = `
create table sq_rs.long_names (short name primary key, long text not null);
create table sq_rs.late_views (view oid primary key, body text not null, signature text not null, function text not null);
create table sq_rs.attributes (
  relation oid primary key, diststyle text, distkey text, sortkeys text[] not null, interleaved boolean not null,
  sort_auto boolean not null, encodings jsonb not null, backup boolean not null, constraints text[] not null);
create table sq_rs.roles (name text primary key);
create table sq_rs.external_schemas (name text primary key, database text, role text);
create table sq_rs.external_tables (
  schema text, name text, location text, format text, partition_columns text[], primary key (schema, name));
create table sq_rs.external_partitions (schema text, name text, values text, location text, primary key (schema, name, values));
create table sq_rs.queries (
  user_id int, query_id bigint primary key, query_label text, transaction_id bigint, session_id int, database_name text,
  query_type text, status text, start_time timestamp, end_time timestamp, error_message text, query_text text);
create table sq_rs.transactions (pid int primary key, xid bigint);
create table pg_catalog.stl_load_errors (
  userid int default 100, slice int default 0, tbl int, starttime timestamp default localtimestamp, session int, query int,
  filename char(256), line_number bigint, colname char(127), type char(10), col_length char(10), position int,
  raw_line char(1024), raw_field_value char(1024), err_code int, err_reason char(100), is_partial int default 0,
  start_offset bigint default 0);
create table pg_catalog.stl_load_commits (
  userid int default 100, query int, slice int default 0, name char(256), filename char(256), byte_offset int,
  lines_scanned int, errors int, curtime timestamp default localtimestamp, status int default 1, file_format char(16));
create table pg_catalog.sys_load_history (
  user_id int default 100, query_id bigint, transaction_id bigint, session_id int, database_name text, status text,
  table_name text, start_time timestamp default localtimestamp, end_time timestamp default localtimestamp,
  duration bigint default 0, data_source text, loaded_rows bigint, loaded_bytes bigint, source_file_count int,
  source_file_bytes bigint, file_count_scanned int, file_bytes_scanned bigint, error_count bigint, file_format text);
create table pg_catalog.sys_unload_history (
  user_id int default 100, query_id bigint, transaction_id bigint, session_id int, database_name text, status text,
  start_time timestamp default localtimestamp, end_time timestamp default localtimestamp, duration bigint default 0,
  file_format text, compression_type text, unloaded_location text, unloaded_rows bigint, unloaded_files_count bigint,
  unloaded_files_size bigint, error_message text);
create table pg_catalog.stl_unload_log (
  userid int default 100, query int, slice int default 0, pid int, path char(1280), start_time timestamp default localtimestamp,
  end_time timestamp default localtimestamp, line_count bigint, transfer_size bigint, file_format char(10));
`;

/** Relations of clients: not of the catalogue, not of the double. */
const OURS = `n.nspname not in ('pg_catalog', 'information_schema', 'sq_rs', 'pg_toast')`;
const NOT_LATE = 'not exists (select from sq_rs.late_views l where l.view = c.oid)';
const COLUMNS = `
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'v', 'm') and ${OURS} and n.nspname !~ '^pg_toast'`;
const LENGTH = `case when a.atttypid in (1042, 1043) then a.atttypmod - 4 end`;
const PRECISION = `case a.atttypid when 1700 then ((a.atttypmod - 4) >> 16) & 65535 when 21 then 16 when 23 then 32 when 20 then 64 when 700 then 24 when 701 then 53 end`;
const SCALE = `case a.atttypid when 1700 then (a.atttypmod - 4) & 65535 when 21 then 0 when 23 then 0 when 20 then 0 end`;
const BARE_TYPE = `regexp_replace(sq_rs.type_name(a.atttypid, a.atttypmod), '\\([0-9,]+\\)', '')`;
const DEFAULT = `case when a.attidentity <> '' then 'identity' else pg_get_expr(d.adbin, d.adrelid) end`;
const KIND = `case c.relkind when 'r' then 'TABLE' else 'VIEW' end`;
const ATTRIBUTES = 'left join sq_rs.attributes x on x.relation = c.oid';

export const SYSTEM_VIEWS = `
create view sq_rs.is_tables as
  select sq_rs.database() as table_catalog, n.nspname::text as table_schema, sq_rs.shown(c.relname) as table_name,
    case when n.nspname ~ '^pg_temp' then 'LOCAL TEMPORARY' when c.relkind = 'r' then 'BASE TABLE' else 'VIEW' end as table_type
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'v', 'm') and ${OURS};
create view sq_rs.is_columns as
  select sq_rs.database() as table_catalog, n.nspname::text as table_schema, sq_rs.shown(c.relname) as table_name,
    sq_rs.shown(a.attname) as column_name, a.attnum::int as ordinal_position, ${DEFAULT} as column_default,
    case when a.attnotnull then 'NO' else 'YES' end as is_nullable, ${BARE_TYPE} as data_type,
    ${LENGTH} as character_maximum_length, ${PRECISION} as numeric_precision, ${SCALE} as numeric_scale
  ${COLUMNS} and ${NOT_LATE};
create view sq_rs.is_views as
  select sq_rs.database() as table_catalog, n.nspname::text as table_schema, sq_rs.shown(c.relname) as table_name,
    coalesce((select l.body from sq_rs.late_views l where l.view = c.oid), pg_get_viewdef(c.oid)) as view_definition
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${OURS};
create view sq_rs.is_schemata as
  select sq_rs.database() as catalog_name, n.nspname::text as schema_name, pg_get_userbyid(n.nspowner)::text as schema_owner
  from pg_namespace n where ${OURS} and n.nspname !~ '^pg_temp|^pg_toast';

create view pg_catalog.svv_tables as
  select table_catalog, table_schema, table_name, table_type, ''::text as remarks from sq_rs.is_tables;
create view pg_catalog.svv_columns as
  select sq_rs.database() as table_catalog, n.nspname::text as table_schema, sq_rs.shown(c.relname) as table_name,
    sq_rs.shown(a.attname) as column_name, a.attnum::int as ordinal_position, ${DEFAULT} as column_default,
    case when a.attnotnull then 'NO' else 'YES' end as is_nullable, ${BARE_TYPE} as data_type,
    ${LENGTH} as character_maximum_length, ${PRECISION} as numeric_precision, ${SCALE} as numeric_scale,
    col_description(c.oid, a.attnum) as remarks
  ${COLUMNS};
create view pg_catalog.svv_redshift_columns as
  select sq_rs.database() as database_name, n.nspname::text as schema_name, sq_rs.shown(c.relname) as table_name,
    sq_rs.shown(a.attname) as column_name, a.attnum::int as ordinal_position,
    sq_rs.type_name(a.atttypid, a.atttypmod) as data_type, ${DEFAULT} as column_default,
    case when a.attnotnull then 'NO' else 'YES' end as is_nullable,
    coalesce(x.encodings ->> a.attname::text, 'none') as encoding,
    coalesce(x.distkey = a.attname::text, false) as distkey,
    coalesce(array_position(x.sortkeys, a.attname::text), 0) as sortkey, ''::text as column_acl,
    col_description(c.oid, a.attnum) as remarks
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum ${ATTRIBUTES}
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'v', 'm') and ${OURS} and n.nspname !~ '^pg_t' and ${NOT_LATE};
create view pg_catalog.svv_all_columns as
  select database_name, schema_name, table_name, column_name, ordinal_position, column_default, is_nullable,
    regexp_replace(data_type, '\\([0-9,]+\\)', '') as data_type, case when data_type like 'character%' then substring(data_type from '\\(([0-9]+)')::int end as character_maximum_length,
    case when data_type like 'numeric%' then substring(data_type from '\\(([0-9]+)')::int end as numeric_precision,
    case when data_type like 'numeric%' then substring(data_type from ',([0-9]+)')::int end as numeric_scale, remarks from pg_catalog.svv_redshift_columns;
create view pg_catalog.svv_redshift_tables as
  select sq_rs.database() as database_name, n.nspname::text as schema_name, sq_rs.shown(c.relname) as table_name,
    ${KIND} as table_type, c.relacl::text as table_acl, obj_description(c.oid) as remarks, pg_get_userbyid(c.relowner)::text as table_owner
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'v', 'm') and ${OURS} and n.nspname !~ '^pg_t';
create view pg_catalog.svv_all_tables as
  select database_name, schema_name, table_name, table_type, table_acl, remarks, table_owner from pg_catalog.svv_redshift_tables;
create view pg_catalog.svv_redshift_schemas as
  select sq_rs.database() as database_name, n.nspname::text as schema_name, n.nspowner::int as schema_owner,
    case when e.name is null then 'local' else 'external' end as schema_type, n.nspacl::text as schema_acl, ''::text as schema_option
  from pg_namespace n left join sq_rs.external_schemas e on e.name = n.nspname where ${OURS} and n.nspname !~ '^pg_t';
create view pg_catalog.svv_all_schemas as select * from pg_catalog.svv_redshift_schemas;
create view pg_catalog.pg_table_def as
  select n.nspname::text as schemaname, sq_rs.shown(c.relname) as tablename, sq_rs.shown(a.attname) as "column",
    sq_rs.type_name(a.atttypid, a.atttypmod) as type, coalesce(x.encodings ->> a.attname::text, 'none') as encoding,
    coalesce(x.distkey = a.attname::text, false) as distkey, coalesce(array_position(x.sortkeys, a.attname::text), 0) as sortkey,
    a.attnotnull as "notnull"
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace ${ATTRIBUTES}
  where a.attnum > 0 and not a.attisdropped and c.relkind = 'r' and n.nspname = any(current_schemas(false));
create view pg_catalog.svv_table_info as
  select sq_rs.database() as database, n.nspname::text as schema, c.oid::int as table_id, sq_rs.shown(c.relname) as "table",
    case when x.encodings = '{}' or x.encodings is null then 'Y, AUTO(ENCODE)' else 'Y' end as encoded,
    case when x.diststyle = 'KEY' or x.distkey is not null then 'KEY(' || x.distkey || ')'
      when x.diststyle in ('ALL', 'EVEN') then x.diststyle else 'AUTO(ALL)' end as diststyle,
    coalesce(case when x.interleaved then 'INTERLEAVED' else x.sortkeys[1] end, 'AUTO(SORTKEY)') as sortkey1,
    0 as max_varchar, coalesce(x.encodings ->> x.sortkeys[1], 'none') as sortkey1_enc, coalesce(cardinality(x.sortkeys), 0) as sortkey_num,
    greatest(1, pg_relation_size(c.oid) / 1048576) as size, 0.0::numeric(10,4) as pct_used, 0 as empty, 0.0::numeric(5,2) as unsorted,
    0.0::numeric(5,2) as stats_off, greatest(c.reltuples, 0)::numeric(38,0) as tbl_rows, 0.0::numeric(19,2) as skew_sortkey1,
    0.0::numeric(19,2) as skew_rows, greatest(c.reltuples, 0)::numeric(38,0) as estimated_visible_rows
  from pg_class c join pg_namespace n on n.oid = c.relnamespace ${ATTRIBUTES}
  where c.relkind = 'r' and ${OURS} and n.nspname !~ '^pg_t';
create view pg_catalog.svv_mv_info as
  select sq_rs.database() as database_name, n.nspname::text as schema_name, 1 as user_id, sq_rs.shown(c.relname) as name,
    not c.relispopulated as is_stale, pg_get_userbyid(c.relowner)::text as owner_user_name, 1 as state, 'f'::text as autorewrite,
    case when x.sort_auto then 't' else 'f' end as autorefresh
  from pg_class c join pg_namespace n on n.oid = c.relnamespace ${ATTRIBUTES} where c.relkind = 'm' and ${OURS};
create view pg_catalog.stv_mv_info as
  select database_name as db_name, schema_name as schema, name, user_id as updated_upto_xid, is_stale, owner_user_name, state,
    autorewrite, autorefresh from pg_catalog.svv_mv_info;
create view pg_catalog.svv_relation_privileges as
  select n.nspname::text as namespace_name, sq_rs.shown(c.relname) as relation_name, p.privilege_type, p.grantee::int as identity_id,
    case when p.grantee = 0 then 'public' else pg_get_userbyid(p.grantee)::text end as identity_name,
    case when p.grantee = 0 then 'public' when r.name is not null then 'role' when u.rolcanlogin then 'user' else 'group' end as identity_type,
    c.relowner::int as owner_id, pg_get_userbyid(c.relowner)::text as owner_name, 'user'::text as owner_type, p.is_grantable as admin_option
  from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(c.relacl) p
  left join pg_roles u on u.oid = p.grantee left join sq_rs.roles r on r.name = u.rolname::text
  where c.relkind in ('r', 'v', 'm') and ${OURS};
create view pg_catalog.svv_schema_privileges as
  select n.nspname::text as namespace_name, p.privilege_type, p.grantee::int as identity_id,
    case when p.grantee = 0 then 'public' else pg_get_userbyid(p.grantee)::text end as identity_name,
    case when p.grantee = 0 then 'public' when r.name is not null then 'role' when u.rolcanlogin then 'user' else 'group' end as identity_type,
    p.is_grantable as admin_option
  from pg_namespace n cross join lateral aclexplode(n.nspacl) p
  left join pg_roles u on u.oid = p.grantee left join sq_rs.roles r on r.name = u.rolname::text where ${OURS};
create view pg_catalog.svv_roles as select u.oid::int as role_id, r.name as role_name, ''::text as role_owner
  from sq_rs.roles r join pg_roles u on u.rolname::text = r.name;
create view pg_catalog.svv_external_schemas as
  select e.name::text as schemaname, 1 as eskind, 1 as schemaowner, e.database as databasename, '{"IAM_ROLE":"' || e.role || '"}' as esoptions
  from sq_rs.external_schemas e;
create view pg_catalog.svv_external_tables as
  select sq_rs.database() as redshift_database_name, t.schema as schemaname, t.name as tablename, 'EXTERNAL TABLE'::text as tabletype,
    t.location, t.format as input_format, ''::text as parameters from sq_rs.external_tables t;
create view pg_catalog.svv_external_columns as
  select sq_rs.database() as redshift_database_name, t.schema as schemaname, t.name as tablename, a.attname::text as columnname,
    sq_rs.type_name(a.atttypid, a.atttypmod) as external_type, a.attnum::int as columnnum,
    coalesce(array_position(t.partition_columns, a.attname::text), 0) as part_key
  from sq_rs.external_tables t join pg_namespace n on n.nspname::text = t.schema join pg_class c on c.relnamespace = n.oid and c.relname::text = t.name
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped;
create view pg_catalog.svv_external_partitions as
  select schema as schemaname, name as tablename, values, location from sq_rs.external_partitions;
create view pg_catalog.stv_db_isolation_level as
  select oid::int as db_id, sq_rs.database() as db_name, 'Snapshot Isolation'::text as isolation_level from pg_database where datname = current_database();
create view pg_catalog.stv_sessions as
  select backend_start::timestamp as starttime, pid as process, usename::text as user_name, sq_rs.database() as db_name, 0 as timeout_sec
  from pg_stat_activity where datname = current_database() and backend_type = 'client backend';
create view pg_catalog.svv_transactions as
  select 'awsuser'::text as txn_owner, sq_rs.database() as txn_db, xid, pid, localtimestamp as txn_start,
    'ExclusiveLock'::text as lock_mode, 'transactionid'::text as lockable_object_type, null::int as relation, true as granted
  from sq_rs.transactions;
create view pg_catalog.sys_load_error_detail as
  select userid as user_id, query::bigint as query_id, 0::bigint as transaction_id, session as session_id,
    sq_rs.database() as database_name, tbl as table_id, starttime as start_time, trim(filename) as file_name, line_number, trim(colname) as column_name,
    trim(type) as column_type, trim(col_length) as column_length, position, trim(raw_line) as raw_line, trim(raw_field_value) as raw_field_value,
    err_code as error_code, trim(err_reason) as error_message
  from pg_catalog.stl_load_errors;
create view pg_catalog.sys_load_detail as
  select userid as user_id, query::bigint as query_id, trim(filename) as file_name, byte_offset::bigint as bytes_scanned,
    lines_scanned::bigint as lines_scanned, curtime as record_time, 1::bigint as splits_scanned, curtime as start_time, curtime as end_time
  from pg_catalog.stl_load_commits;
create view pg_catalog.stl_loaderror_detail as
  select userid, slice, session, query, filename, line_number, 0 as field, colname, raw_field_value as value, 0 as is_null, type, col_length
  from pg_catalog.stl_load_errors;
create view pg_catalog.sys_query_history as
  select user_id, query_id, query_label, transaction_id, session_id, database_name, query_type, status, false as result_cache_hit,
    start_time, end_time, (extract(epoch from coalesce(end_time, localtimestamp) - start_time) * 1000000)::bigint as elapsed_time,
    0::bigint as queue_time, error_message, 0::bigint as returned_rows, query_text from sq_rs.queries;
create view pg_catalog.stl_query as
  select user_id as userid, query_id::int as query, left(query_label, 30)::char(30) as label, transaction_id as xid, session_id as pid,
    database_name as database, left(query_text, 4000)::char(4000) as querytxt, start_time as starttime, end_time as endtime,
    case status when 'success' then 0 else 1 end as aborted from sq_rs.queries;
do $$ declare made regclass; begin
  for made in select oid::regclass from pg_class
    where relnamespace = 'pg_catalog'::regnamespace and oid >= 16384 and relkind in ('r', 'v') loop
    execute format('grant select on %s to public', made);
  end loop;
end $$;
`;
