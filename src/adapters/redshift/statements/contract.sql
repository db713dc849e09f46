-- constraints that tests prove
select * from (select * from (
      
select 1 as id, 'x' as title, 2 as artist_id
    ) as __dbt_sbq
    where false
    limit 0) as sq_columns where false limit 0
;
select * from (select * from (
      select cast(null as bigint) as id, cast(null as varchar(200)) as title, cast(null as bigint) as artist_id
    ) as __dbt_sbq
    where false
    limit 0) as sq_columns where false limit 0
;
create table "dev"."mart"."songs"
(
  id bigint not null primary key,
  title varchar(200) encode zstd,
  artist_id bigint references mart.artists (id)
)
diststyle key distkey ("id") compound sortkey ("id");
insert into "dev"."mart"."songs" (id, title, artist_id)
(
select id, title, artist_id
from (

select 1 as id, 'x' as title, 2 as artist_id
) as model_subq
)
;

-- encodings alone
select * from (
select 1 as id) as sq_columns where false limit 0
;
create table "dev"."mart"."songs"
(
  "id" integer encode az64
)
diststyle auto;
insert into "dev"."mart"."songs" ("id")
(
select "id"
from (

select 1 as id
) as model_subq
)
;

-- constraints as declared
select * from (select * from (
      
select 1 as id
    ) as __dbt_sbq
    where false
    limit 0) as sq_columns where false limit 0
;
select * from (select * from (
      select cast(null as bigint) as id
    ) as __dbt_sbq
    where false
    limit 0) as sq_columns where false limit 0
;
create table "dev"."mart"."songs"
(
  id bigint primary key
)
diststyle auto;
insert into "dev"."mart"."songs" (id)
(
select id
from (

select 1 as id
) as model_subq
)
;

-- rows numbered by the table
select * from (
select 1 as id, 2 as n) as sq_columns where false limit 0
;
create table "dev"."mart"."songs"
(
  song_key bigint identity(0, 1),
  "id" integer,
  "n" integer
)
diststyle auto;
insert into "dev"."mart"."songs" ("id", "n")
(
select "id", "n"
from (

select 1 as id, 2 as n
) as model_subq
)
;

-- rows are added to what the table numbers
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
