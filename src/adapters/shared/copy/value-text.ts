/**
 * COPY's rules for one value: what a text of a file becomes in a column of a type, or that it does not fit. The
 * same rules as the embedded engine has in SQL, for engines that take the values as text.
 */
import type { CopyOptions } from './copy-options.ts';
import type { DeclaredType } from './declared-type.ts';
import { dateText, timestampText, timeText } from './moment-text.ts';

/** The value does not fit the column. */
export const UNFIT = Symbol('unfit');

/** The text that stands for the value, or null. `written` is null where the file has nothing. */
export function valueText(
  type: DeclaredType,
  written: string | null,
  options: CopyOptions,
): string | null | typeof UNFIT {
  if (written === null || written === options.nullAs) return null;
  if (type.family === 'text') return textValue(type.maxBytes, written, options);
  if (type.family === 'json') {
    if (written === 'null' || written === '') return null;
    return isJson(written) ? written : UNFIT;
  }
  const trimmed = written.trim();
  if (trimmed === '') return null;
  const value = typedText(type, trimmed, options);
  if (value !== undefined) return value;
  return options.acceptanydate && (type.family === 'date' || type.family === 'timestamp') ? null : UNFIT;
}

/** BLANKSASNULL, EMPTYASNULL and TRUNCATECOLUMNS act on text only; VARCHAR(n) counts bytes of UTF-8. */
function textValue(
  maxBytes: number | null,
  written: string,
  options: CopyOptions,
): string | null | typeof UNFIT {
  const text = options.trimblanks ? written.replace(/ +$/, '') : written;
  if (text === '') return options.emptyasnull ? null : text;
  if (options.blanksasnull && /^[ \t\n\r]*$/.test(text)) return null;
  if (maxBytes === null || Buffer.byteLength(text) <= maxBytes) return text;
  return options.truncatecolumns ? cut(text, maxBytes) : UNFIT;
}

/** The longest start of `text` of at most `bytes` bytes that does not end inside a character. */
function cut(text: string, bytes: number): string {
  const all = Buffer.from(text);
  let end = bytes;
  while (end > 0 && ((all[end] as number) & 0xc0) === 0x80) end -= 1;
  return all.toString('utf8', 0, end);
}

const LIMITS = { 1: 7n, 2: 15n, 4: 31n, 8: 63n, 16: 127n } as const;
const TRUE = new Set(['t', 'true', 'y', 'yes', '1']);
const FALSE = new Set(['f', 'false', 'n', 'no', '0']);
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Undefined where `text` does not fit. */
function typedText(type: DeclaredType, text: string, options: CopyOptions): string | undefined {
  switch (type.family) {
    case 'integer': {
      if (!/^[+-]?\d+$/.test(text)) return undefined;
      const number = BigInt(text.replace(/^\+/, ''));
      const limit = 1n << LIMITS[type.bytes];
      return number >= -limit && number < limit ? String(number) : undefined;
    }
    case 'decimal':
      return decimalText(type, text, options.roundec);
    case 'float': {
      if (/^[+-]?(inf|infinity|nan)$/i.test(text)) return text;
      if (!NUMBER.test(text) || !/\d/.test(text)) return undefined;
      const number = type.bytes === 4 ? Math.fround(Number(text)) : Number(text);
      return Number.isFinite(number) ? String(Number(text)) : undefined;
    }
    case 'boolean': {
      const word = text.toLowerCase();
      return TRUE.has(word) ? 't' : FALSE.has(word) ? 'f' : undefined;
    }
    case 'date':
      return dateText(text, options.dateformat);
    case 'timestamp': {
      const moment = timestampText(text, options.timeformat);
      // a column without a zone keeps the clock as written; epochs are UTC
      return type.zone ? moment : moment?.replace(/(?<=:\d\d(?:\.\d+)?)(?:Z|[+-]\d{2}(?::?\d{2})?)$/, '');
    }
    case 'time':
      return timeText(text);
    case 'binary':
      return /^(?:[0-9a-f]{2})+$/i.test(text) ? `\\x${text}` : undefined;
    case 'uuid':
      return /^\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i.test(text) ? text : undefined;
    default:
      return text;
  }
}

/** COPY cuts the digits beyond the scale (INSERT rounds); ROUNDEC makes it round half away from zero. */
function decimalText(
  { precision, scale }: { precision: number; scale: number },
  text: string,
  round: boolean,
): string | undefined {
  const match = NUMBER.exec(text);
  if (match === null || !/\d/.test(text)) return undefined;
  const [, sign, whole = '', part = '', exponent = '0'] = match;
  const shift = Number(exponent);
  if (Math.abs(shift) > 100) return undefined;
  // all digits, and how many of them stand behind the point
  const digits = whole + part;
  const behind = part.length - shift;
  const scaled =
    behind <= scale ? BigInt(digits + '0'.repeat(scale - behind)) : cutDigits(digits, behind - scale, round);
  if (scaled >= 10n ** BigInt(precision)) return undefined;
  const padded = String(scaled).padStart(scale + 1, '0');
  const shown = scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  return `${sign === '-' && scaled > 0n ? '-' : ''}${shown}`;
}

function cutDigits(digits: string, count: number, round: boolean): bigint {
  const kept = BigInt(digits.slice(0, -count) || '0');
  const next = count > digits.length ? '0' : digits.at(-count);
  return round && next !== undefined && next >= '5' ? kept + 1n : kept;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
