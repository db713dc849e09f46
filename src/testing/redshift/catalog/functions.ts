/** Functions of Redshift that PostgreSQL lacks, or answers otherwise (schema sq_rs). */

export const FUNCTIONS = `
create domain pg_catalog.super as jsonb;
create domain pg_catalog.geometry as text;
create domain pg_catalog.geography as text;
create domain pg_catalog.hllsketch as text;

create function pg_catalog.getdate() returns timestamp language sql stable as 'select date_trunc(''second'', localtimestamp)';
create function pg_catalog.sysdate() returns timestamp language sql stable as 'select localtimestamp';
create function pg_catalog.len(text) returns int language sql immutable as 'select length($1)';
create function pg_catalog.charindex(text, text) returns int language sql immutable as 'select strpos($2, $1)';
create function pg_catalog.nvl2(anycompatible, anycompatible, anycompatible) returns anycompatible language sql immutable
  as 'select case when $1 is not null then $2 else $3 end';
create function pg_catalog.dateadd(p text, n bigint, t timestamp) returns timestamp language sql immutable as $$
  select case p when 'quarter' then t + n * interval '3 months' else t + n * ('1 ' || p)::interval end $$;
create function pg_catalog.dateadd(p text, n bigint, t timestamptz) returns timestamptz language sql stable as $$
  select case p when 'quarter' then t + n * interval '3 months' else t + n * ('1 ' || p)::interval end $$;
create function pg_catalog.dateadd(p text, n bigint, t date) returns timestamp language sql immutable as
  'select dateadd(p, n, t::timestamp)';
create function pg_catalog.datediff(p text, a timestamp, b timestamp) returns bigint language sql immutable as $$
  select case
    when p = 'year' then extract(year from b) - extract(year from a)
    when p = 'quarter' then (extract(year from b) - extract(year from a)) * 4 + extract(quarter from b) - extract(quarter from a)
    when p = 'month' then (extract(year from b) - extract(year from a)) * 12 + extract(month from b) - extract(month from a)
    when p = 'week' then (date_trunc('week', b)::date - date_trunc('week', a)::date) / 7
    when p = 'day' then b::date - a::date
    when p in ('hour', 'minute', 'second', 'milliseconds', 'microseconds') then
      (extract(epoch from date_trunc(p, b)) - extract(epoch from date_trunc(p, a)))
      / case p when 'hour' then 3600 when 'minute' then 60 when 'second' then 1 when 'milliseconds' then 0.001 else 0.000001 end
  end::bigint $$;
create function pg_catalog.convert_timezone(a text, b text, t timestamp) returns timestamp language sql immutable as
  'select t at time zone a at time zone b';
create function pg_catalog.convert_timezone(b text, t timestamp) returns timestamp language sql immutable as
  'select t at time zone ''UTC'' at time zone b';
create function pg_catalog.trunc(timestamp) returns date language sql immutable as 'select $1::date';
create function pg_catalog.last_day(timestamp) returns date language sql immutable as
  'select (date_trunc(''month'', $1) + interval ''1 month - 1 day'')::date';
create function pg_catalog.add_months(timestamp, bigint) returns timestamp language sql immutable as $$
  select case when $1::date = last_day($1)
    then last_day($1 + $2 * interval '1 month')::timestamp + ($1 - date_trunc('day', $1))
    else $1 + $2 * interval '1 month' end $$;
create function pg_catalog.months_between(timestamp, timestamp) returns double precision language sql immutable as $$
  select (datediff('month', $2, $1) + case when last_day($1) = $1::date and last_day($2) = $2::date then 0
    else (extract(day from $1) - extract(day from $2)) / 31.0 end)::double precision $$;
create function pg_catalog.sha2(text, int) returns text language sql immutable as $$
  select encode(case $2 when 224 then sha224($1::bytea) when 384 then sha384($1::bytea) when 512 then sha512($1::bytea)
    else pg_catalog.sha256(convert_to($1, 'UTF8')) end, 'hex') $$;
create function pg_catalog.strtol(text, int) returns bigint language plpgsql immutable as $$
  declare n bigint := 0; begin
    for i in 1..length($1) loop n := n * $2 + strpos('0123456789abcdefghijklmnopqrstuvwxyz', lower(substr($1, i, 1))) - 1; end loop;
    return n; end $$;
create function pg_catalog.json_parse(text) returns super language sql immutable as 'select $1::jsonb';
create function pg_catalog.json_serialize(super) returns text language sql immutable as 'select $1::text';
create function pg_catalog.get_array_length(super) returns bigint language sql immutable as 'select jsonb_array_length($1)::bigint';
create function pg_catalog.is_valid_json(text) returns boolean language plpgsql immutable as $$
  begin perform $1::jsonb; return jsonb_typeof($1::jsonb) = 'object'; exception when others then return false; end $$;
create function pg_catalog.is_valid_json_array(text) returns boolean language plpgsql immutable as $$
  begin return jsonb_typeof($1::jsonb) = 'array'; exception when others then return false; end $$;
create function pg_catalog.json_extract_array_element_text(text, int) returns text language sql immutable as
  'select $1::jsonb ->> $2';
create function pg_catalog.pg_get_late_binding_view_cols() returns setof record language plpgsql stable as $$
  begin
    return query select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)::varchar(256), a.attnum::int
      from sq_rs.late_views l join pg_class c on c.oid = l.view join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      order by 1, 2, 5;
  end $$;
create function sq_rs.first_value(anyelement, anyelement) returns anyelement language sql immutable strict as 'select $1';
create aggregate pg_catalog.any_value(anyelement) (sfunc = sq_rs.first_value, stype = anyelement);

create function sq_rs.concat(text, text) returns text language sql immutable as 'select $1 || $2';
create function sq_rs.regexp_replace(text, text) returns text language sql immutable as
  'select pg_catalog.regexp_replace($1, $2, '''', ''g'')';
create function sq_rs.regexp_replace(text, text, text) returns text language sql immutable as
  'select pg_catalog.regexp_replace($1, $2, $3, ''g'')';
create function sq_rs.regexp_substr(text, text, int default 1, int default 1) returns text language sql immutable as
  'select coalesce(pg_catalog.regexp_substr($1, $2, $3, $4), '''')';
create function sq_rs.json_extract_path_text(text, variadic text[]) returns text language plpgsql immutable as $$
  declare path text[] := $2; lenient boolean := false;
  begin
    if path[array_length(path, 1)] in ('true', 'false', 't', 'f') then
      lenient := path[array_length(path, 1)] in ('true', 't');
      path := path[1:array_length(path, 1) - 1];
    end if;
    return coalesce($1::jsonb #>> path, '');
  exception when invalid_text_representation then
    if lenient then return null; end if;
    raise exception 'JSON parsing error' using errcode = 'XX000',
      detail = 'error:  JSON parsing error' || chr(10) || 'code:      8001' || chr(10) || 'context:   invalid json object ' || $1;
  end $$;
create function sq_rs.shown(name) returns text language sql stable as
  'select coalesce((select long from sq_rs.long_names where short = $1), $1::text)';
create function sq_rs.type_name(oid, int) returns text language sql stable as $$
  select case format_type($1, $2) when 'bytea' then 'binary varying' else format_type($1, $2) end $$;
create function sq_rs.broken(text) returns void language plpgsql as $$
  begin raise exception '%', $1 using errcode = '42P01'; end $$;
`;
