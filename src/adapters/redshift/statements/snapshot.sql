-- new
select * from (
select dbt_updated_at from (
select *,
  md5(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(seen as varchar ), '')) as dbt_scd_id,
  seen as dbt_updated_at,
  seen as dbt_valid_from,
  coalesce(nullif(seen, seen), null) as dbt_valid_to
from (
select * from "dev"."raw"."songs"
) as sbq
) as sq_versions
) as sq_columns where false limit 0
;
select * from (
select getdate()::timestamp as snap_time
) as sq_columns where false limit 0
;
create table "dev"."mart"."songs"
diststyle auto
as (
select *,
  md5(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(seen as varchar ), '')) as dbt_scd_id,
  seen as dbt_updated_at,
  seen as dbt_valid_from,
  coalesce(nullif(seen, seen), null) as dbt_valid_to
from (
select * from "dev"."raw"."songs"
) as sbq
)
;

-- the column of the time tells what has changed
drop table if exists "songs__sq_tmp_00c0ffee"
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
create temporary table "songs__sq_tmp_00c0ffee" as (
with snapshot_query as (
select * from "dev"."raw"."songs"
),

snapshotted_data as (
  select *, id as dbt_unique_key
  from "dev"."mart"."songs"
  where dbt_valid_to is null
),

insertions_source_data as (
  select *, id as dbt_unique_key,
    seen as dbt_updated_at,
    seen as dbt_valid_from,
    coalesce(nullif(seen, seen), null) as dbt_valid_to,
    md5(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(seen as varchar ), '')) as dbt_scd_id
  from snapshot_query
),

updates_source_data as (
  select *, id as dbt_unique_key,
    seen as dbt_updated_at,
    seen as dbt_valid_from,
    seen as dbt_valid_to
  from snapshot_query
),

insertions as (
  select
    'insert' as dbt_change_type,
    source_data.*
  from insertions_source_data as source_data
  left join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where snapshotted_data.dbt_unique_key is null
    or (snapshotted_data.dbt_unique_key is not null and ((snapshotted_data.dbt_valid_from < source_data.seen)))
),

updates as (
  select
    'update' as dbt_change_type,
    source_data.*,
    snapshotted_data.dbt_scd_id
  from updates_source_data as source_data
  join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where (snapshotted_data.dbt_valid_from < source_data.seen)
)

select * from insertions
union all
select * from updates
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
select * from (
select dbt_updated_at from (
select * from "songs__sq_tmp_00c0ffee"
) as sq_versions
) as sq_columns where false limit 0
;
select * from (
select getdate()::timestamp as snap_time
) as sq_columns where false limit 0
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
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
update "dev"."mart"."songs"
set dbt_valid_to = DBT_INTERNAL_SOURCE.dbt_valid_to
from "songs__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.dbt_scd_id = "dev"."mart"."songs".dbt_scd_id
  and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
  and "dev"."mart"."songs".dbt_valid_to is null;

insert into "dev"."mart"."songs" ("id", "seen", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id")
select "id", "seen", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id"
from "songs__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- columns are compared, one is new, deleted rows end
drop table if exists "songs__sq_tmp_00c0ffee"
;
select * from (
      select id from (
select * from "dev"."raw"."songs"
) as subq
    ) as __dbt_sbq
    where false
    limit 0
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
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
create temporary table "songs__sq_tmp_00c0ffee" as (
with snapshot_query as (
select * from "dev"."raw"."songs"
),

snapshotted_data as (
  select *, id as dbt_unique_key
  from "dev"."mart"."songs"
  where dbt_valid_to is null
),

insertions_source_data as (
  select *, id as dbt_unique_key,
    getdate()::timestamp as dbt_updated_at,
    getdate()::timestamp as dbt_valid_from,
    coalesce(nullif(getdate()::timestamp, getdate()::timestamp), null) as dbt_valid_to,
    md5(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(getdate()::timestamp as varchar ), '')) as dbt_scd_id
  from snapshot_query
),

updates_source_data as (
  select *, id as dbt_unique_key,
    getdate()::timestamp as dbt_updated_at,
    getdate()::timestamp as dbt_valid_from,
    getdate()::timestamp as dbt_valid_to
  from snapshot_query
),

insertions as (
  select
    'insert' as dbt_change_type,
    source_data.*
  from insertions_source_data as source_data
  left join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where snapshotted_data.dbt_unique_key is null
    or (snapshotted_data.dbt_unique_key is not null and ((snapshotted_data."id" != source_data."id" or (snapshotted_data."id" is null and source_data."id" is not null) or (snapshotted_data."id" is not null and source_data."id" is null))))
),

updates as (
  select
    'update' as dbt_change_type,
    source_data.*,
    snapshotted_data.dbt_scd_id
  from updates_source_data as source_data
  join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where (snapshotted_data."id" != source_data."id" or (snapshotted_data."id" is null and source_data."id" is not null) or (snapshotted_data."id" is not null and source_data."id" is null))
),

deletes_source_data as (
  select *, id as dbt_unique_key
  from snapshot_query
),

deletes as (
  select
    'delete' as dbt_change_type,
    source_data.*,
    getdate()::timestamp as dbt_updated_at,
    getdate()::timestamp as dbt_valid_from,
    getdate()::timestamp as dbt_valid_to,
    snapshotted_data.dbt_scd_id
  from snapshotted_data
  left join deletes_source_data as source_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where source_data.dbt_unique_key is null
)

select * from insertions
union all
select * from updates
union all
select * from deletes
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
where lower(c.relname) = 'songs__sq_tmp_00c0ffee' and n.nspname like 'pg!_temp!_%' escape '!' and pg_catalog.pg_table_is_visible(c.oid)
  and a.attnum > 0 and not a.attisdropped
) as found order by place
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
alter table "dev"."mart"."songs" add column "n" bigint
;
update "dev"."mart"."songs"
set dbt_valid_to = DBT_INTERNAL_SOURCE.dbt_valid_to
from "songs__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.dbt_scd_id = "dev"."mart"."songs".dbt_scd_id
  and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
  and "dev"."mart"."songs".dbt_valid_to is null;

insert into "dev"."mart"."songs" ("id", "n", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id")
select "id", "n", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id"
from "songs__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- deleted rows are recorded, in columns of other names
drop table if exists "songs__sq_tmp_00c0ffee"
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
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
select * from (
      select * from "dev"."raw"."songs"
    ) as __dbt_sbq
    where false
    limit 0
;
create temporary table "songs__sq_tmp_00c0ffee" as (
with snapshot_query as (
select * from "dev"."raw"."songs"
),

snapshotted_data as (
  select *, id as dbt_unique_key
  from "dev"."mart"."songs"
  where ((valid_to = '9999-12-31'::timestamp) or valid_to is null)
),

insertions_source_data as (
  select *, id as dbt_unique_key,
    seen as dbt_updated_at,
    seen as dbt_valid_from,
    coalesce(nullif(seen, seen), '9999-12-31'::timestamp) as valid_to,
    md5(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(seen as varchar ), '')) as dbt_scd_id
  from snapshot_query
),

updates_source_data as (
  select *, id as dbt_unique_key,
    seen as dbt_updated_at,
    seen as dbt_valid_from,
    seen as valid_to
  from snapshot_query
),

insertions as (
  select
    'insert' as dbt_change_type,
    source_data.*,
    'False' as dbt_is_deleted
  from insertions_source_data as source_data
  left join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where snapshotted_data.dbt_unique_key is null
    or (snapshotted_data.dbt_unique_key is not null and ((snapshotted_data.dbt_valid_from < source_data.seen) or snapshotted_data.dbt_is_deleted = 'True'))
),

updates as (
  select
    'update' as dbt_change_type,
    source_data.*,
    snapshotted_data.dbt_scd_id,
    snapshotted_data.dbt_is_deleted
  from updates_source_data as source_data
  join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where (snapshotted_data.dbt_valid_from < source_data.seen) or snapshotted_data.dbt_is_deleted = 'True'
),

deletes_source_data as (
  select *, id as dbt_unique_key
  from snapshot_query
),

deletes as (
  select
    'delete' as dbt_change_type,
    source_data.*,
    getdate()::timestamp as dbt_updated_at,
    getdate()::timestamp as dbt_valid_from,
    getdate()::timestamp as valid_to,
    snapshotted_data.dbt_scd_id,
    snapshotted_data.dbt_is_deleted
  from snapshotted_data
  left join deletes_source_data as source_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where source_data.dbt_unique_key is null
    and not (snapshotted_data.dbt_is_deleted = 'True')
),

deletion_records as (
  select
    'insert' as dbt_change_type,
    source_data."seen",
    snapshotted_data.dbt_unique_key,
    getdate()::timestamp as dbt_updated_at,
    getdate()::timestamp as dbt_valid_from,
    snapshotted_data.valid_to,
    md5(coalesce(cast(snapshotted_data.dbt_scd_id as varchar ), '') || '|' || coalesce(cast(getdate()::timestamp as varchar ), '')) as dbt_scd_id,
    'True' as dbt_is_deleted
  from snapshotted_data
  left join deletes_source_data as source_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where source_data.dbt_unique_key is null
    and not (snapshotted_data.dbt_is_deleted = 'True')
)

select * from insertions
union all
select * from updates
union all
select * from deletes
union all
select * from deletion_records
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
select * from (
select dbt_updated_at from (
select * from "songs__sq_tmp_00c0ffee"
) as sq_versions
) as sq_columns where false limit 0
;
select * from (
select getdate()::timestamp as snap_time
) as sq_columns where false limit 0
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
select column_name, data_type from (
select a.attname as column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type, a.attnum as place
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = 'songs' and lower(n.nspname) = 'mart'
  and a.attnum > 0 and not a.attisdropped
) as found order by place
;
update "dev"."mart"."songs"
set valid_to = DBT_INTERNAL_SOURCE.valid_to
from "songs__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.dbt_scd_id = "dev"."mart"."songs".dbt_scd_id
  and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
  and (("dev"."mart"."songs".valid_to = '9999-12-31'::timestamp) or "dev"."mart"."songs".valid_to is null);

insert into "dev"."mart"."songs" ("id", "valid_to", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id")
select "id", "valid_to", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id"
from "songs__sq_tmp_00c0ffee" as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
;
drop table if exists "songs__sq_tmp_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;
