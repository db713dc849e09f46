-- new, binding late
create view "dev"."mart"."songs" as (

select 1 as id
) with no schema binding
;

-- new, bound
create view "dev"."mart"."songs" as (

select 1 as id
)
;

-- exists
begin
;
create view "dev"."mart"."songs__sq_stage_00c0ffee" as (

select 1 as id
) with no schema binding
;
drop view if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;

-- a table stands there
begin
;
create view "dev"."mart"."songs__sq_stage_00c0ffee" as (

select 1 as id
) with no schema binding
;
drop table if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;

-- audited
create view "dev"."mart"."songs__sq_stage_00c0ffee" as (

select 1 as id
) with no schema binding
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
drop view if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- grants and hooks
begin
;
delete from mart.log
;
create view "dev"."mart"."songs__sq_stage_00c0ffee" as (

select 1 as id
) with no schema binding
;
drop view if exists "dev"."mart"."songs"
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
