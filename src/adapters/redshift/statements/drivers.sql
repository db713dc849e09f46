-- by the wire
set application_name to 'sq'
;
set query_group to 'etl'
;
set statement_timeout to 600000
;
/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "prod", "connection_name": "list_schemas"} */
select nspname from pg_catalog.pg_namespace where current_database() = 'dev' and nspname not like 'pg!_temp!_%' escape '!'
;
/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "prod", "connection_name": "list_relations"} */
select 'dev', n.nspname, c.relname,
  case when m.name is not null or c.relkind = 'm' then 'materialized_view' when c.relkind = 'v' then 'view' else 'table' end
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join (select schema_name, name from svv_mv_info where database_name = current_database()) m
  on trim(m.schema_name) = n.nspname and trim(m.name) = c.relname
where c.relkind in ('r', 'v', 'm')
  and lower(n.nspname) in ('mart')
  and substring(c.relname, 1, 8) <> 'mv_tbl__'
;
/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "prod", "connection_name": "sq_run_guard"} */
create temporary table "__sq_run_on_mart" (held integer)
;
/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "prod", "connection_name": "sq_run_guard"} */
select s.name, max('user ' || u.usename)
from (select 'mart' as name) s
left join pg_catalog.pg_class c on c.relname = '__sq_run_on_' || lower(s.name) and not pg_catalog.pg_table_is_visible(c.oid)
left join pg_catalog.pg_user u on u.usesysid = c.relowner
group by s.name
;
set application_name to 'sq'
;
set query_group to 'etl'
;
set statement_timeout to 600000
;
/* {…, "node_id": "seed.shop.raw"} */ begin
;
/* {…, "node_id": "seed.shop.raw"} */ create table "dev"."mart"."raw__sq_stage_00c0ffee" (
  "id" integer,
  "title" varchar(65535)
) diststyle auto
;
/* {…, "node_id": "seed.shop.raw"} */ insert into "dev"."mart"."raw__sq_stage_00c0ffee" ("id", "title")
select cast('1' as integer) as "id", cast('it''s' as varchar(65535)) as "title"
;
/* {…, "node_id": "seed.shop.raw"} */ drop table if exists "dev"."mart"."raw"
;
/* {…, "node_id": "seed.shop.raw"} */ alter table "dev"."mart"."raw__sq_stage_00c0ffee" rename to "raw"
;
/* {…, "node_id": "seed.shop.raw"} */ commit
;
/* {…, "node_id": "model.shop.t"} */ set query_group to 'heavy'
;
/* {…, "node_id": "model.shop.t"} */ begin
;
/* {…, "node_id": "model.shop.t"} */ create table "dev"."mart"."t__sq_stage_00c0ffee"
diststyle auto
as (
 select id, title from "dev"."mart"."raw"
)
;
/* {…, "node_id": "model.shop.t"} */ drop table if exists "dev"."mart"."t"
;
/* {…, "node_id": "model.shop.t"} */ alter table "dev"."mart"."t__sq_stage_00c0ffee" rename to "t"
;
/* {…, "node_id": "model.shop.t"} */ commit
;
/* {…, "node_id": "model.shop.t"} */ set query_group to 'etl'
;
/* {…, "node_id": "model.shop.i"} */ drop table if exists "i__sq_tmp_00c0ffee"
;
/* {…, "node_id": "model.shop.i"} */ create temporary table "i__sq_tmp_00c0ffee" as (
 select id, title from "dev"."mart"."t"
)
;
/* {…, "node_id": "model.shop.i"} */ select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'i' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
/* {…, "node_id": "model.shop.i"} */ select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'i__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
/* {…, "node_id": "model.shop.i"} */ begin
;
/* {…, "node_id": "model.shop.i"} */ select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'i' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
/* {…, "node_id": "model.shop.i"} */ delete from "dev"."mart"."i"
where (id) in (
  select distinct id
  from "i__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
)
;
insert into "dev"."mart"."i" ("id", "title")
(
  select "id", "title"
  from "i__sq_tmp_00c0ffee"
)
;
/* {…, "node_id": "model.shop.i"} */ drop table if exists "i__sq_tmp_00c0ffee"
;
/* {…, "node_id": "model.shop.i"} */ select max(xid) from svv_transactions where pid = pg_backend_pid()
;
/* {…, "node_id": "model.shop.i"} */ commit
;
/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "prod", "connection_name": "sq_run_guard"} */
drop table "__sq_run_on_mart"
;

-- by the Data API
BEGIN
;
set query_group to 'etl'
;
set statement_timeout to 600000
;
COMMIT
;
/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "prod", "connection_name": "list_schemas"} */
select nspname from pg_catalog.pg_namespace where current_database() = 'dev' and nspname not like 'pg!_temp!_%' escape '!'
;
/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "prod", "connection_name": "list_relations"} */
select 'dev', n.nspname, c.relname,
  case when m.name is not null or c.relkind = 'm' then 'materialized_view' when c.relkind = 'v' then 'view' else 'table' end
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join (select schema_name, name from svv_mv_info where database_name = current_database()) m
  on trim(m.schema_name) = n.nspname and trim(m.name) = c.relname
where c.relkind in ('r', 'v', 'm')
  and lower(n.nspname) in ('mart')
  and substring(c.relname, 1, 8) <> 'mv_tbl__'
;
/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "prod", "connection_name": "sq_run_guard"} */
create temporary table "__sq_run_on_mart" (held integer)
;
/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "prod", "connection_name": "sq_run_guard"} */
select s.name, max('user ' || u.usename)
from (select 'mart' as name) s
left join pg_catalog.pg_class c on c.relname = '__sq_run_on_' || lower(s.name) and not pg_catalog.pg_table_is_visible(c.oid)
left join pg_catalog.pg_user u on u.usesysid = c.relowner
group by s.name
;
BEGIN
;
set query_group to 'etl'
;
set statement_timeout to 600000
;
COMMIT
;
/* {…, "node_id": "seed.shop.raw"} */ begin
;
/* {…, "node_id": "seed.shop.raw"} */ create table "dev"."mart"."raw__sq_stage_00c0ffee" (
  "id" integer,
  "title" varchar(65535)
) diststyle auto
;
/* {…, "node_id": "seed.shop.raw"} */ insert into "dev"."mart"."raw__sq_stage_00c0ffee" ("id", "title")
select cast('1' as integer) as "id", cast('it''s' as varchar(65535)) as "title"
;
/* {…, "node_id": "seed.shop.raw"} */ drop table if exists "dev"."mart"."raw"
;
/* {…, "node_id": "seed.shop.raw"} */ alter table "dev"."mart"."raw__sq_stage_00c0ffee" rename to "raw"
;
/* {…, "node_id": "seed.shop.raw"} */ commit
;
/* {…, "node_id": "model.shop.t"} */ set query_group to 'heavy'
;
/* {…, "node_id": "model.shop.t"} */ begin
;
/* {…, "node_id": "model.shop.t"} */ create table "dev"."mart"."t__sq_stage_00c0ffee"
diststyle auto
as (
 select id, title from "dev"."mart"."raw"
)
;
/* {…, "node_id": "model.shop.t"} */ drop table if exists "dev"."mart"."t"
;
/* {…, "node_id": "model.shop.t"} */ alter table "dev"."mart"."t__sq_stage_00c0ffee" rename to "t"
;
/* {…, "node_id": "model.shop.t"} */ commit
;
/* {…, "node_id": "model.shop.t"} */ set query_group to 'etl'
;
/* {…, "node_id": "model.shop.i"} */ drop table if exists "i__sq_tmp_00c0ffee"
;
/* {…, "node_id": "model.shop.i"} */ create temporary table "i__sq_tmp_00c0ffee" as (
 select id, title from "dev"."mart"."t"
)
;
/* {…, "node_id": "model.shop.i"} */ select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'i' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
/* {…, "node_id": "model.shop.i"} */ select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'i__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
/* {…, "node_id": "model.shop.i"} */ begin
;
/* {…, "node_id": "model.shop.i"} */ select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'i' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
/* {…, "node_id": "model.shop.i"} */ delete from "dev"."mart"."i"
where (id) in (
  select distinct id
  from "i__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
)
;
/* {…, "node_id": "model.shop.i"} */ insert into "dev"."mart"."i" ("id", "title")
(
  select "id", "title"
  from "i__sq_tmp_00c0ffee"
)
;
/* {…, "node_id": "model.shop.i"} */ drop table if exists "i__sq_tmp_00c0ffee"
;
/* {…, "node_id": "model.shop.i"} */ select max(xid) from svv_transactions where pid = pg_backend_pid()
;
/* {…, "node_id": "model.shop.i"} */ commit
;
/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "prod", "connection_name": "sq_run_guard"} */
drop table "__sq_run_on_mart"
;
select 1
;
select 1
;
