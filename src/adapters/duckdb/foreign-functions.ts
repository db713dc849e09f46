/**
 * Functions of Redshift and PostgreSQL that DuckDB lacks, as macros of the same type. They are only ever bound, to learn
 * what type a column has, and never run: what they would answer is not what the engine answers. Those that begin with
 * `sq_` are called so by src/sql/for-duckdb.ts.
 */
const MOMENT = 'current_timestamp::timestamp';

export const FOREIGN_FUNCTIONS: readonly string[] = [
  `sq_getdate() as ${MOMENT}`,
  `sq_sysdate() as ${MOMENT}`,
  'nvl(a, b) as coalesce(a, b), (a, b, c) as coalesce(a, b, c), (a, b, c, d) as coalesce(a, b, c, d)',
  'nvl2(a, b, c) as case when a is not null then b else c end',
  'charindex(a, b) as strpos(b, a)::integer',
  'sq_dateadd(part, n, d) as d::timestamp + to_days(n::integer)',
  'sq_date_add(part, n, d) as d::timestamp + to_days(n::integer)',
  'sq_datediff(part, a, b) as epoch_ms(b::timestamp - a::timestamp)::bigint',
  'sq_date_diff(part, a, b) as epoch_ms(b::timestamp - a::timestamp)::bigint',
  'date_cmp(a, b) as epoch_ms(a::timestamp - b::timestamp)::integer',
  'add_months(d, n) as d::timestamp + to_months(n::integer)',
  'sq_months_between(a, b) as epoch_ms(a::timestamp - b::timestamp)::double',
  'sq_convert_timezone(a, b) as b::timestamp, (a, b, c) as c::timestamp',
  'sq_to_char(x, f) as x::varchar || f',
  'to_number(x, f) as (x || f)::decimal(38, 10)',
  'sq_regexp_substr(s, p) as regexp_extract(s, p), (s, p, i) as regexp_extract(s, p), (s, p, i, n) as regexp_extract(s, p)',
  'sq_regexp_count(s, p) as len(regexp_extract_all(s, p))::integer',
  'sq_json_extract_path_text(j, a) as (j || a)::varchar, (j, a, b) as (j || a || b)::varchar, (j, a, b, c) as (j || a || b || c)::varchar',
  'json_extract_array_element_text(j, n) as (j || n)::varchar',
  'is_valid_json(j) as j is not null',
  'get_array_length(j) as len(j::varchar)::integer',
  'json_parse(j) as j::json',
  'json_serialize(j) as j::varchar',
  'btrim(s) as trim(s), (s, c) as trim(s, c)',
  'initcap(s) as upper(s)',
  'sha2(s, n) as sha256(s) || n',
  'func_sha1(s) as sha1(s)',
  'strtol(s, b) as (s || b)::bigint',
  "quote_ident(s) as s || ''",
  "quote_literal(s) as s || ''",
];
