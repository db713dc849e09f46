-- new
create table "dev"."mart"."songs"
diststyle auto
as (

select 1 as id
)
;

-- exists
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee"
diststyle auto
as (

select 1 as id
)
;
drop table if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;

-- a view stands there
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee"
diststyle auto
as (

select 1 as id
)
;
drop view if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;

-- all of its keys
create table "dev"."mart"."songs"
backup no diststyle key distkey ("user_id") compound sortkey ("user_id", "time")
as (

select 1 as id
)
;

-- on every node, interleaved
create table "dev"."mart"."songs"
diststyle all interleaved sortkey ("a", "b")
as (

select 1 as id
)
;

-- dist of the profile
create table "dev"."mart"."songs"
diststyle even
as (

select 1 as id
)
;

-- dropped with what hangs on it
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee"
diststyle auto
as (

select 1 as id
)
;
drop table if exists "dev"."mart"."songs" cascade
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;

-- audited
create table "dev"."mart"."songs__sq_stage_00c0ffee"
diststyle auto
as (

select 1 as id
)
;
select
  count(*) as failures,
  count(*) != 0 as should_warn,
  count(*) != 0 as should_error
from (
  
  
select id as unique_field, count(*) as n_records
from "dev"."mart"."songs__sq_stage_00c0ffee"
where id is not null
group by id
having count(*) > 1


  
) dbt_internal_test
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

-- a materialized view stands there
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee"
diststyle auto
as (

select 1 as id
)
;
drop materialized view if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;

-- in a query group of its own
set query_group to 'heavy'
;
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee"
diststyle auto
as (

select 1 as id
)
;
drop table if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;
set query_group to 'etl'
;

-- hooks
begin
;
set query_group to 'etl'
;
create table "dev"."mart"."songs__sq_stage_00c0ffee"
diststyle auto
as (

select 1 as id
)
;
drop table if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;
vacuum "dev"."mart"."songs"
;
