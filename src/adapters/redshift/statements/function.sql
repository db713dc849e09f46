-- one, and another form of it
begin
;
CREATE OR REPLACE FUNCTION "dev"."mart"."cost" (float)
RETURNS float
IMMUTABLE
AS
$$
select $1 * 2
$$ LANGUAGE sql
;
CREATE OR REPLACE FUNCTION "dev"."mart"."cost" (float, float)
RETURNS float
IMMUTABLE
AS
$$
select $1 * 2 + $2
$$ LANGUAGE sql
;
select max(xid) from svv_transactions where pid = pg_backend_pid()
;
commit
;
