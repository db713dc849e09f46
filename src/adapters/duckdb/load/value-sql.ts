/**
 * COPY's rules for one value, as SQL. One definition says both what a value becomes and whether it fits: the
 * quick load raises on a value that does not, the search for bad rows asks for it.
 */
import type { CopyOptions } from '../../shared/copy/copy-options.ts';
import type { DeclaredType } from '../../shared/copy/declared-type.ts';
import { AUTO_DATES, autoTimestamps, strptimeFormat } from '../../shared/copy/moment-format.ts';
import { engineType } from './engine-type.ts';
import { literal } from './spelling.ts';

export interface ValueSql {
  /** The value by COPY's rules; NULL also where it does not fit. */
  value: string;
  /** True where something is there: NULL then means that it does not fit. Undefined when every value fits. */
  present: string | undefined;
}

/** `text` is an expression of type VARCHAR (of type JSON for a column of JSON): the value as written. */
export function valueSql(type: DeclaredType, text: string, options: CopyOptions): ValueSql {
  const written = options.nullAs === undefined ? text : `nullif(${text}, ${literal(options.nullAs)})`;
  if (type.family === 'text') return textSql(type.maxBytes, written, options);
  if (type.family === 'json') return jsonSql(written);
  const value = typedSql(type, written, options);
  const anyDate = options.acceptanydate && (type.family === 'date' || type.family === 'timestamp');
  return { value, present: anyDate ? undefined : `trim(${written}) <> ''` };
}

/** The expression that raises on a value that does not fit, naming column and value. */
export function strictSql(
  type: DeclaredType,
  { value, present }: ValueSql,
  text: string,
  column: string,
): string {
  if (present === undefined) return value;
  const message = `${literal(`column ${column} (${type.written}): '`)} || ${text} || ''' does not fit'`;
  return `coalesce(${value}, case when ${present} then error(${message})::${engineType(type)} end)`;
}

/**
 * BLANKSASNULL, EMPTYASNULL and TRUNCATECOLUMNS act on text only. VARCHAR(n) counts bytes of UTF-8, which
 * DuckDB itself does not enforce.
 */
function textSql(maxBytes: number | null, written: string, options: CopyOptions): ValueSql {
  let text = options.trimblanks ? `rtrim(${written}, ' ')` : written;
  if (options.emptyasnull) text = `nullif(${text}, '')`;
  if (options.blanksasnull)
    text = `case when ${text} = '' or trim(${text}, ' \t\n\r') <> '' then ${text} end`;
  if (maxBytes === null) return { value: text, present: undefined };
  if (options.truncatecolumns) {
    return {
      value: `case when strlen(${text}) <= ${maxBytes} then ${text} else ${cutSql(text, maxBytes)} end`,
      present: undefined,
    };
  }
  return {
    value: `case when strlen(${text}) <= ${maxBytes} then ${text} end`,
    present: `${text} is not null`,
  };
}

/** The longest start of `text` of at most `bytes` bytes that does not end inside a character. */
function cutSql(text: string, bytes: number): string {
  const hex = `hex(encode(${text}))`;
  // a byte whose first half is 8, 9, A or B continues a character
  const inside = (at: number) => `substr(${hex}, ${2 * at + 1}, 1) in ('8', '9', 'A', 'B')`;
  const steps = [0, 1, 2].filter((back) => bytes - back >= 0);
  const length = `case ${steps.map((back) => `when not ${inside(bytes - back)} then ${2 * (bytes - back)}`).join(' ')} else ${2 * Math.max(0, bytes - 3)} end`;
  return `decode(unhex(left(${hex}, ${length})))`;
}

function jsonSql(written: string): ValueSql {
  const text = `nullif((${written})::varchar, 'null')`;
  return {
    value: `case when json_valid(${text}) then ${text}::json end`,
    present: `${text} <> ''`,
  };
}

/** NULL where `written` does not fit; an empty or blank text is NULL for every type but text. */
function typedSql(type: DeclaredType, written: string, options: CopyOptions): string {
  const cast = `try_cast(${written} as ${engineType(type)})`;
  switch (type.family) {
    case 'integer':
      // DuckDB rounds 1.5 and reads 1e3, 1_000 and 0x10; the comparison is quick for what is written plainly
      return `case when ${cast}::varchar = ${written} or regexp_full_match(trim(${written}), '[+-]?[0-9]+') then ${cast} end`;
    case 'decimal':
      return decimalSql(type.scale, written, cast, options.roundec);
    case 'float':
      return `case when strpos(${written}, '_') = 0 and (not isinf(${cast}) or lower(${written}) like '%inf%') then ${cast} end`;
    case 'boolean':
      return `case when lower(trim(${written})) in ('t', 'true', 'y', 'yes', '1') then true when lower(trim(${written})) in ('f', 'false', 'n', 'no', '0') then false end`;
    case 'date':
      return dateSql(written, cast, options.dateformat);
    case 'timestamp':
      return timestampSql(written, cast, engineType(type), options.timeformat);
    case 'time':
      return `case when strpos(${written}, ':') > 0 then ${cast} end`;
    case 'binary':
      return `case when regexp_full_match(${written}, '([0-9a-fA-F]{2})+') then unhex(${written}) end`;
    default:
      return cast;
  }
}

/** COPY cuts the digits beyond the scale (INSERT rounds); ROUNDEC makes it round. */
function decimalSql(scale: number, written: string, cast: string, round: boolean): string {
  const type = cast.slice(cast.lastIndexOf(' as ') + 4, -1);
  const plain = `regexp_full_match(trim(${written}), '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)')`;
  const exponent = `regexp_full_match(trim(${written}), '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)[eE][+-]?[0-9]+')`;
  if (round) return `case when ${plain} or ${exponent} then ${cast} end`;
  const point = `strpos(trim(${written}), '.')`;
  const cut = `try_cast(left(trim(${written}), ${point} + ${scale})${scale === 0 ? " || '0'" : ''} as ${type})`;
  const far = `try_cast(trunc(try_cast(${written} as double) * 1e${scale}) / 1e${scale} as ${type})`;
  return `case when ${plain} then case when ${point} = 0 then ${cast} else ${cut} end when ${exponent} then ${far} end`;
}

function dateSql(written: string, cast: string, format: string | undefined): string {
  if (format === undefined) return cast;
  if (format.toLowerCase() === 'auto')
    return `coalesce(${cast}, try_strptime(${written}, ${list(AUTO_DATES)})::date)`;
  return `try_strptime(${written}, ${literal(strptimeFormat(format))})::date`;
}

function timestampSql(written: string, cast: string, type: string, format: string | undefined): string {
  switch (format?.toLowerCase()) {
    case undefined:
      return cast;
    case 'auto':
      return `coalesce(${cast}, try_strptime(${written}, ${list(autoTimestamps())})::${type})`;
    case 'epochsecs':
      return epochSql(written, 1_000_000, type);
    case 'epochmillisecs':
      return epochSql(written, 1000, type);
    default:
      return `try_strptime(${written}, ${literal(strptimeFormat(format as string))})::${type}`;
  }
}

/** A number of seconds or milliseconds since 1970 in UTC, whole or with a fraction. */
function epochSql(written: string, micros: number, type: string): string {
  const number = `try_cast(${written} as decimal(38, 6))`;
  // beyond these the engine has no timestamp, and would raise where NULL is wanted
  const fits = `abs(${number}) < ${9_000_000_000_000_000_000n / BigInt(micros)}`;
  const moment = `make_timestamp((trunc(${number} * ${micros}))::bigint)`;
  return `case when ${fits} then ${type === 'TIMESTAMP' ? moment : `timezone('UTC', ${moment})`} end`;
}

function list(formats: readonly string[]): string {
  return `[${formats.map(literal).join(', ')}]`;
}
