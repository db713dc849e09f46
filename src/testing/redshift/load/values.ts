/** One value of a file → the text PostgreSQL's COPY takes, by the rules of Redshift's (DG copy-parameters-data-conversion). */
import type { CopyStatement } from './copy-statement.ts';

export interface LoadColumn {
  name: string;
  /** PostgreSQL's name of the type, without its length. */
  type: string;
  /** Bytes of a CHAR or VARCHAR; digits of a NUMERIC. */
  length: number;
  scale: number;
}

/** Why a value is refused: STL_LOAD_ERRORS' code and reason (DG r_Load_Error_Reference). */
export class ValueRefused extends Error {
  constructor(
    readonly code: number,
    reason: string,
  ) {
    super(reason);
  }
}

/** Stands in a text for bytes that are no UTF-8; U+FFFD itself is a character like others. */
export const NOT_UTF8 = '\uFFFF';

const INTEGERS: Readonly<Record<string, { name: string; bits: bigint }>> = {
  smallint: { name: 'Short', bits: 15n },
  integer: { name: 'Integer', bits: 31n },
  bigint: { name: 'Long', bits: 63n },
};

/** A value as the file has it: text, or what JSON gives (numbers as they are written). */
export function loadValue(raw: string | null, column: LoadColumn, options: CopyStatement): string | null {
  if (raw === null) return null;
  const { type } = column;
  if (type.startsWith('character')) return loadText(raw, column, options);
  // empty is NULL for every other type
  if (raw === '' || (options.flags.has('BLANKSASNULL') && raw.trim() === '')) return null;
  if (type in INTEGERS) return loadInteger(raw.trim(), type);
  if (type === 'numeric') return loadNumeric(raw.trim(), column, options);
  if (type === 'double precision' || type === 'real') {
    if (
      !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(raw.trim()) &&
      !/^[+-]?(nan|inf(inity)?)$/i.test(raw.trim())
    )
      throw invalidDigit(raw, type === 'real' ? 'Float' : 'Double');
    return raw.trim();
  }
  if (type === 'boolean') {
    if (!/^(t|true|y|yes|1|f|false|n|no|0)$/i.test(raw.trim()))
      throw new ValueRefused(1210, 'Unknown boolean format');
    return raw.trim();
  }
  if (type.startsWith('timestamp')) return loadTimestamp(raw.trim(), options);
  if (type === 'date') {
    if (Number.isNaN(Date.parse(raw)) || !/^\d{4}-?\d\d-?\d\d/.test(raw.trim())) return badDate(options);
    return raw.trim().slice(0, 10);
  }
  return raw;
}

function loadText(raw: string, { length }: LoadColumn, { flags, invchars }: CopyStatement): string | null {
  if (raw === '' && (flags.has('EMPTYASNULL') || flags.has('BLANKSASNULL'))) return null;
  if (flags.has('BLANKSASNULL') && raw.trim() === '') return null;
  let value = flags.has('TRIMBLANKS') ? raw.replace(/ +$/, '') : raw;
  if (value.includes('\0') || value.includes(NOT_UTF8)) {
    if (invchars === undefined)
      throw value.includes('\0')
        ? new ValueRefused(1224, 'Missing newline: Unexpected character 0x00 found')
        : new ValueRefused(
            1220,
            'String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: ff (error 1)',
          );
    value = value.replace(/[\0\uFFFF]/g, invchars);
  }
  if (length > 0 && Buffer.byteLength(value) > length) {
    if (!flags.has('TRUNCATECOLUMNS')) throw new ValueRefused(1204, 'String length exceeds DDL length');
    value = Buffer.from(value)
      .subarray(0, length)
      .toString('utf8')
      .replace(/\uFFFD+$/, '');
  }
  return value;
}

function loadInteger(raw: string, type: string): string {
  const { name, bits } = INTEGERS[type] as { name: string; bits: bigint };
  const at = raw.search(/[^\d+-]/);
  if (!/^[+-]?\d+$/.test(raw)) throw invalidDigit(raw, name, Math.max(0, at));
  const value = BigInt(raw.replace('+', ''));
  if (value >= 1n << bits || value < -(1n << bits))
    throw new ValueRefused(1208, `Overflow for ${type === 'bigint' ? 'Long' : name}`);
  return String(value);
}

/** COPY cuts to the column's scale, where INSERT rounds; ROUNDEC makes it round. */
function loadNumeric(raw: string, { length, scale }: LoadColumn, { flags }: CopyStatement): string {
  const found = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(raw);
  if (found === null || `${found[2]}${found[3]}` === '') throw invalidDigit(raw, 'Decimal');
  const [, sign, whole = '', fraction = '', power = '0'] = found;
  const digits = whole + fraction;
  const point = whole.length + Number(power);
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const left = padded.slice(0, Math.max(0, point)) || '0';
  const right = padded.slice(Math.max(0, point));
  if (left.replace(/^0+/, '').length > length - scale)
    throw new ValueRefused(1207, `Overflow for NUMERIC(${length},${scale})`);
  const kept = flags.has('ROUNDEC') ? right : right.slice(0, scale);
  return `${sign}${left}${kept === '' ? '' : `.${kept}`}`;
}

function loadTimestamp(raw: string, options: CopyStatement): string | null {
  const { timeformat } = options;
  if (timeformat === 'epochsecs' || timeformat === 'epochmillisecs') {
    if (!/^-?\d+(\.\d+)?$/.test(raw))
      throw new ValueRefused(1206, 'Invalid timestamp format or value [epoch]');
    const milliseconds = timeformat === 'epochsecs' ? Number(raw) * 1000 : Number(raw);
    return new Date(Math.trunc(milliseconds)).toISOString().replace('T', ' ').replace('Z', '');
  }
  if (
    !/^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?( ?(Z|[+-]\d\d(:?\d\d)?|UTC))?$/.test(raw) ||
    Number.isNaN(Date.parse(`${raw.slice(0, 10)}T00:00Z`))
  ) {
    if (timeformat !== 'auto' && options.flags.has('ACCEPTANYDATE')) return null;
    throw new ValueRefused(1206, 'Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]');
  }
  return raw;
}

function badDate({ flags }: CopyStatement): null {
  if (flags.has('ACCEPTANYDATE')) return null;
  throw new ValueRefused(1205, 'Invalid Date Format - length must be 10 or more');
}

function invalidDigit(raw: string, type: string, at = 0): ValueRefused {
  return new ValueRefused(1207, `Invalid digit, Value '${raw[at] ?? ''}', Pos ${at}, Type: ${type}`);
}

/** The form of `COPY … FROM STDIN` in PostgreSQL's text format. */
export function copyText(value: string | null): string {
  if (value === null) return '\\N';
  return value.replace(/[\\\t\n\r]/g, (char) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n' })[char] ?? '\\r');
}
