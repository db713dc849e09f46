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
