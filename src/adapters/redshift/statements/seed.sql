-- new
begin
;
create table "dev"."mart"."songs" (
  "id" integer,
  "title" varchar(65535)
) diststyle all
;
insert into "dev"."mart"."songs" ("id", "title")
select cast('1' as integer) as "id", cast('it''s' as varchar(65535)) as "title"
union all select cast('2' as integer), cast($sq$back\slash$sq$ as varchar(65535))
;
commit
;

-- exists
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" (
  "id" integer
) diststyle auto
;
insert into "dev"."mart"."songs__sq_stage_00c0ffee" ("id")
select cast('1' as integer) as "id"
;
drop table if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;

-- full refresh
begin
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" (
  "id" integer
) diststyle auto
;
insert into "dev"."mart"."songs__sq_stage_00c0ffee" ("id")
select cast('1' as integer) as "id"
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
create table "dev"."mart"."songs__sq_stage_00c0ffee" (
  "id" integer
) diststyle auto
;
insert into "dev"."mart"."songs__sq_stage_00c0ffee" ("id")
select cast('1' as integer) as "id"
;
drop view if exists "dev"."mart"."songs"
;
alter table "dev"."mart"."songs__sq_stage_00c0ffee" rename to "songs"
;
commit
;

-- grants and hooks
begin
;
delete from mart.log
;
create table "dev"."mart"."songs__sq_stage_00c0ffee" (
  "id" integer
) diststyle auto
;
insert into "dev"."mart"."songs__sq_stage_00c0ffee" ("id")
select cast('1' as integer) as "id"
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
