-- granted
begin
;
create table "dev"."mart"."songs"
diststyle auto
as (

select 1 as id
)
;
grant select on "dev"."mart"."songs" to "ann", group "analysts", role "reporter", public
;
commit
;

-- compared with what is granted
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
select case identity_type when 'group' then 'group:' || identity_name when 'role' then 'role:' || identity_name else identity_name end as grantee,
  lower(privilege_type) as privilege_type
from svv_relation_privileges
where namespace_name = 'mart'
  and relation_name = 'songs'
  and identity_name <> current_user
;
revoke select on "dev"."mart"."songs" from "bob"
;
grant select on "dev"."mart"."songs" to group "analysts"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- described
begin
;
create table "dev"."mart"."songs"
diststyle auto
as (

select 1 as id
)
;
comment on table "dev"."mart"."songs" is $dbt_comment_literal_block$It's $1 \ song$dbt_comment_literal_block$
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
comment on column "dev"."mart"."songs".id is $dbt_comment_literal_block$key$dbt_comment_literal_block$;
;
commit
;
