/** Functions that are called otherwise on Redshift, or do not exist there. */
import { failure } from '../protocol/messages.ts';
import type { RewriteContext } from './rewrite.ts';
import { closing, following, previous } from './rewrite.ts';
import { isBlank, quoteLiteral, type Token, text, unquoted } from './tokens.ts';

type Rewritten = [written: string, next: number];

/** Of PostgreSQL, not of Redshift (DG c_unsupported-postgresql-functions). */
const UNKNOWN = new Set(
  `string_agg array_agg json_agg jsonb_agg json_build_object jsonb_build_object row_to_json to_json to_jsonb unnest
  gen_random_uuid clock_timestamp statement_timestamp make_timestamp make_date make_interval make_time format
  concat_ws regexp_matches regexp_split_to_table regexp_split_to_array string_to_array array_to_string txid_current
  pg_sleep pg_notify pg_relation_size pg_total_relation_size to_regclass hashtext num_nonnulls sha256 date_bin
  pg_advisory_lock pg_advisory_unlock pg_advisory_xact_lock pg_try_advisory_lock pg_try_advisory_xact_lock
  pg_advisory_lock_shared pg_export_snapshot currval nextval setval lastval`.split(/\s+/),
);

/** Another answer than PostgreSQL's function of this name: the double's own. */
const OWN = new Set(['concat', 'regexp_replace', 'regexp_substr', 'json_extract_path_text']);

const SYNONYMS: Readonly<Record<string, string>> = {
  nvl: 'coalesce',
  isnull: 'coalesce',
  ifnull: 'coalesce',
};

/** Parts of a date as `extract` of PostgreSQL knows them (DG r_Dateparts_for_datetime_functions). */
const PARTS: Readonly<Record<string, string>> = {
  ...synonyms('dow', 'dayofweek', 'weekday', 'dw'),
  ...synonyms('doy', 'dayofyear', 'yearday', 'dy'),
  ...synonyms('year', 'years', 'y', 'yr', 'yrs'),
  ...synonyms('quarter', 'quarters', 'qtr', 'qtrs'),
  ...synonyms('month', 'months', 'mon', 'mons'),
  ...synonyms('week', 'weeks', 'w'),
  ...synonyms('day', 'days', 'd'),
  ...synonyms('hour', 'hours', 'h', 'hr', 'hrs'),
  ...synonyms('minute', 'minutes', 'm', 'min', 'mins'),
  ...synonyms('second', 'seconds', 's', 'sec', 'secs'),
  ...synonyms('milliseconds', 'millisecond', 'ms', 'msec', 'msecs', 'msecond', 'mseconds', 'millisec'),
  ...synonyms('microseconds', 'microsecond', 'us', 'usec', 'usecs', 'microsec', 'microsecs'),
};

function synonyms(part: string, ...others: string[]): Record<string, string> {
  return Object.fromEntries([part, ...others].map((name) => [name, part]));
}

/** A call at `at` whose bracket opens at `open`; undefined when it reads as in PostgreSQL. */
export function rewriteCall(
  list: readonly Token[],
  at: number,
  open: number,
  inner: (part: readonly Token[]) => string,
  { database, counters }: RewriteContext,
): Rewritten | undefined {
  const name = (list[at] as Token).text.toLowerCase();
  if (UNKNOWN.has(name) && !/^(table|into|update|join|view)$/i.test(list[previous(list, at)]?.text ?? ''))
    throw failure('42883', `function ${name}(unknown) does not exist`);
  const end = closing(list, open);
  const args = () => argumentsOf(list.slice(open + 1, end));
  const call = (as: string): Rewritten => [`${as}(${inner(list.slice(open + 1, end))})`, end + 1];
  const literal = (sql: string): Rewritten => [sql, end + 1];
  if (/^pg_last_(query|copy|unload)_(id|count)$/.test(name))
    return literal(`${counters[name] ?? -1}::bigint`);
  if (OWN.has(name)) return call(`sq_rs.${name}`);
  if (name in SYNONYMS) return call(SYNONYMS[name] as string);
  switch (name) {
    case 'current_database':
      return literal(`${quoteLiteral(database)}::name`);
    case 'version':
      return literal(
        "'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.104424'::text",
      );
    case 'dateadd':
    case 'date_add':
    case 'datediff':
    case 'date_diff': {
      const [part, ...rest] = args();
      const own = name.replace('_', '');
      return literal(`${own}(${[partName(part ?? []), ...rest.map(inner)].join(', ')})`);
    }
    case 'date_part': {
      const [part, ...rest] = args();
      return literal(extracted(partName(part ?? []).slice(1, -1), rest.map(inner).join(', ')));
    }
    case 'extract':
      return extract(list.slice(open + 1, end), end, inner);
    case 'decode':
      return args().length > 2 ? literal(decoded(args().map(inner))) : undefined;
    case 'convert': {
      const [type = [], value = []] = args();
      return literal(`cast(${inner(value)} as ${inner(type)})`);
    }
    case 'median':
      return literal(`percentile_cont(0.5) within group (order by ${inner(list.slice(open + 1, end))})`);
    case 'listagg':
      return listagg(list, open, end, inner);
    default:
      return undefined;
  }
}

/** The arguments between brackets, each without the blanks around it. */
function argumentsOf(list: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  let depth = 0;
  for (const token of list) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (token.text === ',' && depth === 0) found.push([]);
    else (found.at(-1) as Token[]).push(token);
  }
  return found.map(trimmed);
}

function trimmed(list: Token[]): Token[] {
  const first = list.findIndex((token) => !isBlank(token));
  const last = list.findLastIndex((token) => !isBlank(token));
  return first < 0 ? [] : list.slice(first, last + 1);
}

/** `day`, `'day'` → `'day'`. */
function partName(list: readonly Token[]): string {
  const given = text(list).toLowerCase().replaceAll("'", '').replaceAll('"', '');
  const part = PARTS[given] ?? given;
  return quoteLiteral(part);
}

function extract(list: readonly Token[], end: number, inner: (part: readonly Token[]) => string): Rewritten {
  const from = list.findIndex((token) => token.text.toUpperCase() === 'FROM');
  if (from < 0) return [`extract(${inner(list)})`, end + 1];
  const part = unquoted(trimmed(list.slice(0, from))[0] as Token).replaceAll("'", '');
  return [extracted(PARTS[part] ?? part, inner(trimmed(list.slice(from + 1)))), end + 1];
}

/** Redshift answers whole numbers; PostgreSQL's milliseconds hold the seconds too. */
function extracted(part: string, value: string): string {
  if (part === 'epoch') return `cast(floor(extract(epoch from ${value})) as bigint)`;
  const raw = `floor(extract(${part} from ${value}))`;
  return part === 'milliseconds' ? `cast(${raw} as integer) % 1000` : `cast(${raw} as integer)`;
}

function decoded([value = '', ...rest]: readonly string[]): string {
  const cases: string[] = [];
  for (let at = 0; at + 1 < rest.length; at += 2)
    cases.push(`when ${value} is not distinct from ${rest[at]} then ${rest[at + 1]}`);
  return `case ${cases.join(' ')}${rest.length % 2 === 1 ? ` else ${rest.at(-1)}` : ''} end`;
}

/** `listagg(x, ',') within group (order by y)` → `string_agg(x::text, ',' order by y)`. */
function listagg(
  list: readonly Token[],
  open: number,
  end: number,
  inner: (part: readonly Token[]) => string,
): Rewritten {
  const [value = [], separator] = argumentsOf(list.slice(open + 1, end));
  const distinct = value[0]?.text.toUpperCase() === 'DISTINCT';
  const bare = distinct ? value.slice(1) : value;
  const what = `${distinct ? 'distinct ' : ''}(${inner(bare)})::text`;
  const between = separator === undefined ? "''" : inner(separator);
  const within = following(list, end);
  if (list[within]?.text.toUpperCase() !== 'WITHIN') return [`string_agg(${what}, ${between})`, end + 1];
  const order = following(list, following(list, within));
  const last = closing(list, order);
  const by = distinct ? orderBySame(list.slice(order + 1, last), inner) : inner(list.slice(order + 1, last));
  return [`string_agg(${what}, ${between} ${by})`, last + 1];
}

/** PostgreSQL orders a distinct aggregate by its own argument only, cast as it is. */
function orderBySame(list: readonly Token[], inner: (part: readonly Token[]) => string): string {
  const by = list.findIndex((token) => token.text.toUpperCase() === 'BY');
  const rest = trimmed(list.slice(by + 1));
  const down = /^desc$/i.test(rest.at(-1)?.text ?? '');
  const value = down ? trimmed(rest.slice(0, -1)) : rest;
  return `order by (${inner(value)})::text${down ? ' desc' : ''}`;
}
