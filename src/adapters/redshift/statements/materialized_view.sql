-- new
create materialized view "dev"."mart"."songs"
backup no
diststyle key distkey ("id")
compound sortkey ("id")
auto refresh yes
as (

select 1 as id
)
;

-- as it is
select v.definition, m.autorefresh
from pg_catalog.pg_views v
left join svv_mv_info m
  on m.database_name = current_database() and trim(m.schema_name) = v.schemaname and trim(m.name) = v.viewname
where lower(v.schemaname) = 'mart' and lower(v.viewname) = 'songs'
;
refresh materialized view "dev"."mart"."songs"
;

-- it is to refresh itself
select v.definition, m.autorefresh
from pg_catalog.pg_views v
left join svv_mv_info m
  on m.database_name = current_database() and trim(m.schema_name) = v.schemaname and trim(m.name) = v.viewname
where lower(v.schemaname) = 'mart' and lower(v.viewname) = 'songs'
;
alter materialized view "dev"."mart"."songs" auto refresh yes
;
refresh materialized view "dev"."mart"."songs"
;

-- backup changed
select v.definition, m.autorefresh
from pg_catalog.pg_views v
left join svv_mv_info m
  on m.database_name = current_database() and trim(m.schema_name) = v.schemaname and trim(m.name) = v.viewname
where lower(v.schemaname) = 'mart' and lower(v.viewname) = 'songs'
;
begin
;
drop materialized view if exists "dev"."mart"."songs"
;
create materialized view "dev"."mart"."songs"
backup no
diststyle even
auto refresh no
as (

select 1 as id
)
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- backup changed, left alone
select v.definition, m.autorefresh
from pg_catalog.pg_views v
left join svv_mv_info m
  on m.database_name = current_database() and trim(m.schema_name) = v.schemaname and trim(m.name) = v.viewname
where lower(v.schemaname) = 'mart' and lower(v.viewname) = 'songs'
;
refresh materialized view "dev"."mart"."songs"
;

-- full refresh
begin
;
drop materialized view if exists "dev"."mart"."songs"
;
create materialized view "dev"."mart"."songs"
backup yes
diststyle even
auto refresh no
as (

select 1 as id
)
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- a table stands there
begin
;
drop table if exists "dev"."mart"."songs"
;
create materialized view "dev"."mart"."songs"
backup yes
diststyle even
auto refresh no
as (

select 1 as id
)
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;

-- a view stands there
begin
;
drop view if exists "dev"."mart"."songs"
;
create materialized view "dev"."mart"."songs"
backup yes
diststyle even
auto refresh no
as (

select 1 as id
)
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
create materialized view "dev"."mart"."songs"
backup yes
diststyle even
auto refresh no
as (

select 1 as id
)
;
grant select on "dev"."mart"."songs" to "ann"
;
insert into mart.log select 1
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;
