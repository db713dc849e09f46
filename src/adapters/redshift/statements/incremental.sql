-- new
create table "dev"."mart"."songs"
diststyle key distkey ("id")
as (

select 1 as id, 2 as n
)
;

-- full refresh
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee"
diststyle auto
as (

select 1 as id, 2 as n
)
;
drop table if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;

-- microbatch
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, '2020-01-01'::timestamp as seen
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
begin
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
delete from "dev"."mart"."songs"
where seen >= TIMESTAMP '2019-12-31 00:00:00+00:00'
  and seen < TIMESTAMP '2020-01-01 00:00:00+00:00';

insert into "dev"."mart"."songs" ("id", "seen")
select "id", "seen"
from "songs__sq_tmp_00c0ffee"
where seen >= TIMESTAMP '2019-12-31 00:00:00+00:00'
  and seen < TIMESTAMP '2020-01-01 00:00:00+00:00'
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, '2020-01-01'::timestamp as seen
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
begin
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
delete from "dev"."mart"."songs"
where seen >= TIMESTAMP '2020-01-01 00:00:00+00:00'
  and seen < TIMESTAMP '2020-01-02 00:00:00+00:00';

insert into "dev"."mart"."songs" ("id", "seen")
select "id", "seen"
from "songs__sq_tmp_00c0ffee"
where seen >= TIMESTAMP '2020-01-01 00:00:00+00:00'
  and seen < TIMESTAMP '2020-01-02 00:00:00+00:00'
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- append
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, 2 as n
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
begin
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
insert into "dev"."mart"."songs" ("id", "n")
(
  select "id", "n"
  from "songs__sq_tmp_00c0ffee"
)
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- delete+insert
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, 2 as n
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
begin
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
delete from "dev"."mart"."songs"
where (id, n) in (
  select distinct id, n
  from "songs__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
)
  and n > 1;
insert into "dev"."mart"."songs" ("id", "n")
(
  select "id", "n"
  from "songs__sq_tmp_00c0ffee"
)
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- merge
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, 2 as n
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
begin
;
select id, count(*) as sq_rows from "songs__sq_tmp_00c0ffee" where id is not null group by id having count(*) > 1 order by id limit 5
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
merge into "dev"."mart"."songs"
using "songs__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
on (DBT_INTERNAL_SOURCE.id = "dev"."mart"."songs".id)
when matched then update set
  "id" = DBT_INTERNAL_SOURCE."id",
  "n" = DBT_INTERNAL_SOURCE."n"
when not matched then insert ("id", "n")
values (DBT_INTERNAL_SOURCE."id", DBT_INTERNAL_SOURCE."n")
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- merge of a key alone
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, 2 as n
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
begin
;
select id, count(*) as sq_rows from "songs__sq_tmp_00c0ffee" where id is not null group by id having count(*) > 1 order by id limit 5
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
merge into "dev"."mart"."songs"
using "songs__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
on (DBT_INTERNAL_SOURCE.id = "dev"."mart"."songs".id)
when matched then update set
  "id" = DBT_INTERNAL_SOURCE."id"
when not matched then insert ("id")
values (DBT_INTERNAL_SOURCE."id")
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- merge without a key
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, 2 as n
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
begin
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
insert into "dev"."mart"."songs" ("id", "n")
(
  select "id", "n"
  from "songs__sq_tmp_00c0ffee"
)
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- a text became longer
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, 2 as n
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
alter table "dev"."mart"."songs" alter column "title" type character varying(40)
;
begin
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
insert into "dev"."mart"."songs" ("id", "title")
(
  select "id", "title"
  from "songs__sq_tmp_00c0ffee"
)
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- columns went, but not the one that numbers the rows
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, 2 as n
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
begin
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
alter table "dev"."mart"."songs" drop column "title"
;
insert into "dev"."mart"."songs" ("id")
(
  select "id"
  from "songs__sq_tmp_00c0ffee"
)
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- a view stands there
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee"
diststyle auto
as (

select 1 as id, 2 as n
)
;
drop view if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;

-- hooks
begin
;
delete from "dev"."mart"."songs" where n = 0
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, 2 as n
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
insert into "dev"."mart"."songs" ("id", "n")
(
  select "id", "n"
  from "songs__sq_tmp_00c0ffee"
)
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;
analyze "dev"."mart"."songs"
;

-- audited
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, 2 as n
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
begin
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
insert into "dev"."mart"."songs" ("id", "n")
(
  select "id", "n"
  from "songs__sq_tmp_00c0ffee"
)
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select
  count(*) as failures,
  count(*) != 0 as should_warn,
  count(*) != 0 as should_error
from (
  
  
select id as unique_field, count(*) as n_records
from "dev"."mart"."songs"
where id is not null
group by id
having count(*) > 1


  
) dbt_internal_test
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- columns came and went
drop table if exists "songs__sq_tmp_00c0ffee"
;
create temporary table "songs__sq_tmp_00c0ffee" as (

select 1 as id, 2 as n
)
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
begin
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
alter table "dev"."mart"."songs" add column "fresh" date
;
alter table "dev"."mart"."songs" drop column "title"
;
alter table "dev"."mart"."songs" add column "id__sq_alter" bigint;
  update "dev"."mart"."songs" set "id__sq_alter" = "id";
  alter table "dev"."mart"."songs" drop column "id";
  alter table "dev"."mart"."songs" rename column "id__sq_alter" to "id"
;
insert into "dev"."mart"."songs" ("id", "fresh")
(
  select "id", "fresh"
  from "songs__sq_tmp_00c0ffee"
)
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;
