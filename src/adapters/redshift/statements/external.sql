-- new, one folder of files
select * from (
 select 1 as id, 'it''s' as title, 2018 as year
) as sq_columns where false limit 0
;
unload ('select * from (
select 1 as id, ''it''''s'' as title, 2018 as year
) as sq_rows')
to 's3://lake/songs/'
iam_role default
format as csv
manifest verbose
cleanpath
;
select pg_last_unload_count()
;

-- partitioned, with the table over it
select * from (
 select 1 as id, 'it''s' as title, 2018 as year
) as sq_columns where false limit 0
;
unload ('select * from (
select 1 as id, ''it''''s'' as title, 2018 as year
) as sq_rows')
to 's3://lake/songs/'
iam_role default
format as parquet
partition by ("year")
manifest verbose
cleanpath
;
select pg_last_unload_count()
;
select columnname from svv_external_columns where schemaname = 'lake' and tablename = 'songs' order by columnnum
;
create external table "lake"."songs" ("id" integer, "title" varchar(4))
partitioned by ("year" integer)
stored as parquet
location 's3://lake/songs/'
;
alter table "lake"."songs" add if not exists
partition ("year" = '2018') location 's3://lake/songs/year=2018/'
;

-- its table has other columns
select * from (
 select 1 as id, 'it''s' as title, 2018 as year
) as sq_columns where false limit 0
;
unload ('select * from (
select 1 as id, ''it''''s'' as title, 2018 as year
) as sq_rows')
to 's3://lake/songs/'
iam_role default
format as parquet
partition by ("year")
manifest verbose
cleanpath
;
select pg_last_unload_count()
;
select columnname from svv_external_columns where schemaname = 'lake' and tablename = 'songs' order by columnnum
;
drop table "lake"."songs"
;
create external table "lake"."songs" ("id" integer, "title" varchar(4))
partitioned by ("year" integer)
stored as parquet
location 's3://lake/songs/'
;
alter table "lake"."songs" add if not exists
partition ("year" = '2018') location 's3://lake/songs/year=2018/'
;

-- its table is there
select * from (
 select 1 as id, 'it''s' as title, 2018 as year
) as sq_columns where false limit 0
;
unload ('select * from (
select 1 as id, ''it''''s'' as title, 2018 as year
) as sq_rows')
to 's3://lake/songs/'
iam_role default
format as parquet
manifest verbose
cleanpath
;
select pg_last_unload_count()
;
select columnname from svv_external_columns where schemaname = 'lake' and tablename = 'songs' order by columnnum
;

-- grants and hooks
delete from mart.log
;
select * from (
 select 1 as id, 'it''s' as title, 2018 as year
) as sq_columns where false limit 0
;
unload ('select * from (
select 1 as id, ''it''''s'' as title, 2018 as year
) as sq_rows')
to 's3://lake/songs/'
iam_role default
format as parquet
manifest verbose
cleanpath
;
select pg_last_unload_count()
;
insert into mart.log select 1
;
