-- new, all files below the prefix
select pg_backend_pid(), cast(getdate() as varchar(32))
;
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" ("id" bigint, "seen" timestamp without time zone)
;
copy "mart"."songs__sq_stage_00c0ffee" ("id", "seen")
from 's3://lake/events/'
iam_role default
format as json 'auto ignorecase'
timeformat 'epochmillisecs'
compupdate off
statupdate off
;
select pg_last_copy_count(), pg_last_copy_id()
;
commit
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;

-- exists, exactly the files listed
select pg_backend_pid(), cast(getdate() as varchar(32))
;
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" ("id" bigint, "seen" timestamp without time zone)
;
copy "mart"."songs__sq_stage_00c0ffee" ("id", "seen")
from 's3://lake/staging/songs__sq_stage_00c0ffee-00c0ffee/manifest-1'
iam_role 'arn:aws:iam::123456789012:role/loader'
format as json 'auto ignorecase'
manifest
timeformat 'epochmillisecs'
maxerror 3
compupdate off
statupdate off
;
select pg_last_copy_count(), pg_last_copy_id()
;
commit
;
select query, trim(filename), line_number, trim(colname), trim(type), trim(col_length), trim(raw_field_value), trim(raw_line), trim(err_reason)
from stl_load_errors
where session = 7 and starttime >= cast('2026-11-21 08:00:00' as timestamp)
order by query desc, filename, line_number limit 3
;
select query_id, trim(file_name), line_number, trim(column_name), trim(column_type), trim(column_length), null, null, trim(error_message)
from sys_load_error_detail
where session_id = 7 and start_time >= cast('2026-11-21 08:00:00' as timestamp)
order by query_id desc, file_name, line_number limit 3
;
begin
;
drop table if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- appends what the ledger does not know
select file_path, file_size, file_etag, file_mtime_ms from "dev"."mart"."sq_loads" where model = 'songs'
;
select pg_backend_pid(), cast(getdate() as varchar(32))
;
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" ("id" bigint, "seen" timestamp without time zone)
;
copy "mart"."songs__sq_stage_00c0ffee" ("id", "seen")
from 's3://lake/staging/songs__sq_stage_00c0ffee-00c0ffee/manifest-1'
iam_role default
format as json 'auto ignorecase'
manifest
timeformat 'epochmillisecs'
compupdate off
statupdate off
;
select pg_last_copy_count(), pg_last_copy_id()
;
commit
;
select trim(filename), sum(lines_scanned) from stl_load_commits where query in (1) group by 1
;
select trim(d.file_name), sum(d.lines_scanned)
from sys_load_detail d join sys_load_history h on h.query_id = d.query_id
where h.session_id = 7 and h.start_time >= cast('2026-11-21 08:00:00' as timestamp) group by 1
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
begin
;
insert into "dev"."mart"."songs" ("id", "seen") select "id", "seen" from "dev"."mart"."songs__sq_stage_00c0ffee"
;
insert into "dev"."mart"."sq_loads" (model, file_path, file_size, file_etag, file_mtime_ms, row_count, run_id, loaded_at) select sq_files.*, cast(current_timestamp as timestamp) from (select cast('songs' as varchar(127)) as "model", cast('s3://lake/events/2.json' as varchar(1024)) as "file_path", cast('9' as bigint) as "file_size", cast('e535d5106574b0506407aebaec71318e' as varchar(256)) as "file_etag", cast(null as bigint) as "file_mtime_ms", cast('0' as bigint) as "row_count", cast('00c0ffee' as varchar(64)) as "run_id") as sq_files
;
drop table if exists "dev"."mart"."songs__sq_stage_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- replaces the partitions that came
select pg_backend_pid(), cast(getdate() as varchar(32))
;
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" ("id" bigint, "seen" timestamp without time zone)
;
copy "mart"."songs__sq_stage_00c0ffee" ("id", "seen")
from 's3://lake/events/'
iam_role default
format as json 'auto ignorecase'
timeformat 'epochmillisecs'
compupdate off
statupdate off
;
select pg_last_copy_count(), pg_last_copy_id()
;
commit
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
begin
;
delete from "dev"."mart"."songs" where (case when (date_trunc('day', seen)) is null then 1 else 0 end, coalesce(cast((date_trunc('day', seen)) as varchar(65535)), '')) in (select distinct case when (date_trunc('day', seen)) is null then 1 else 0 end, coalesce(cast((date_trunc('day', seen)) as varchar(65535)), '') from "dev"."mart"."songs__sq_stage_00c0ffee")
;
insert into "dev"."mart"."songs" ("id", "seen") select "id", "seen" from "dev"."mart"."songs__sq_stage_00c0ffee"
;
drop table if exists "dev"."mart"."songs__sq_stage_00c0ffee"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- full refresh
select pg_backend_pid(), cast(getdate() as varchar(32))
;
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" ("id" bigint, "seen" timestamp without time zone)
;
copy "mart"."songs__sq_stage_00c0ffee" ("id", "seen")
from 's3://lake/events/'
iam_role default
format as json 'auto ignorecase'
timeformat 'epochmillisecs'
compupdate off
statupdate off
;
select pg_last_copy_count(), pg_last_copy_id()
;
commit
;
begin
;
drop table if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- a view stands there
select pg_backend_pid(), cast(getdate() as varchar(32))
;
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" ("id" bigint, "seen" timestamp without time zone)
;
copy "mart"."songs__sq_stage_00c0ffee" ("id", "seen")
from 's3://lake/events/'
iam_role default
format as json 'auto ignorecase'
timeformat 'epochmillisecs'
compupdate off
statupdate off
;
select pg_last_copy_count(), pg_last_copy_id()
;
commit
;
begin
;
drop view if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- one column of the file, paths uploaded
select pg_backend_pid(), cast(getdate() as varchar(32))
;
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" ("id" bigint)
;
copy "mart"."songs__sq_stage_00c0ffee" ("id")
from 's3://lake/staging/songs__sq_stage_00c0ffee-00c0ffee/manifest-1'
iam_role default
format as json 's3://lake/staging/songs__sq_stage_00c0ffee-00c0ffee/jsonpaths.json'
manifest
compupdate off
statupdate off
;
select pg_last_copy_count(), pg_last_copy_id()
;
commit
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;

-- grants and hooks
select pg_backend_pid(), cast(getdate() as varchar(32))
;
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" ("id" bigint, "seen" timestamp without time zone)
;
copy "mart"."songs__sq_stage_00c0ffee" ("id", "seen")
from 's3://lake/events/'
iam_role default
format as json 'auto ignorecase'
timeformat 'epochmillisecs'
compupdate off
statupdate off
;
select pg_last_copy_count(), pg_last_copy_id()
;
commit
;
begin
;
delete from mart.log
;
drop table if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
grant select on "dev"."mart"."songs" to "ann"
;
insert into mart.log select 1
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;
