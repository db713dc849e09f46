/**
 * What a text of a seed is, by the rules of the library dbt reads seeds with (agate with dbt's own number,
 * date and time types, dbt_common `agate_helper`): the first of number, date, timestamp, boolean, text that
 * fits every value of the column. `null` and the empty text are NULL everywhere.
 */

/** Kinds in the order of preference; each is a bit. */
export const KIND = { number: 1, date: 2, timestamp: 4, boolean: 8, text: 16 } as const;
export const ANY_KIND = 31;

export function isNull(text: string): boolean {
  if (text === '') return true;
  // most values are told by their first character: neither blank nor the n of null
  const first = text.charCodeAt(0);
  if (first > 32 && first < 128 && first !== 78 && first !== 110) return false;
  const trimmed = text.trim().toLowerCase();
  return trimmed === '' || trimmed === 'null';
}

/** The kinds among `candidates` that `text` is, numbers left out; text always is. */
export function fittingKinds(text: string, candidates: number): number {
  let fits: number = KIND.text;
  // a date is a timestamp too
  if (candidates & KIND.date && readDate(text) !== undefined) fits |= KIND.date | KIND.timestamp;
  else if (candidates & KIND.timestamp && readTimestamp(text) !== undefined) fits |= KIND.timestamp;
  if (candidates & KIND.boolean && readBoolean(text) !== undefined) fits |= KIND.boolean;
  return fits & candidates;
}

export interface NumberText {
  /** Sign, digits, point and exponent as SQL reads them; `NaN`, `Infinity`, `-Infinity` too. */
  text: string;
  /** The value when it has no fraction: a number where that is exact. */
  whole: number | bigint | undefined;
}

const SHORT_NUMBER = /^-?(\d{1,15})(?:\.(\d{1,15}))?$/;

const CURRENCY = /^[؋$ƒ៛¥₡₱£€¢﷼₪₩₭₮₦฿₤₫]+|[؋$ƒ៛¥₡₱£€¢﷼₪₩₭₮₦฿₤₫]+$/g;
const NUMBER = /^([+-]?)(\d+(?:_\d+)*)?(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** agate: percent and currency signs around it and grouping commas are taken off. */
export function readNumber(raw: string): NumberText | undefined {
  const short = SHORT_NUMBER.exec(raw);
  if (short !== null) {
    const whole = short[2] === undefined || /^0+$/.test(short[2]);
    return { text: raw, whole: whole ? Math.trunc(Number(raw)) + 0 : undefined };
  }
  let text = raw.trim().replace(/^%+|%+$/g, '');
  let negative = false;
  if (text.startsWith('-')) {
    negative = true;
    text = text.slice(1);
  }
  text = text.replace(CURRENCY, '').replaceAll(',', '');
  if (/^[+-]?(nan|inf|infinity)$/i.test(text)) {
    const isNan = /nan$/i.test(text);
    return {
      text: isNan ? 'NaN' : `${negative !== text.startsWith('-') ? '-' : ''}Infinity`,
      whole: undefined,
    };
  }
  const match = NUMBER.exec(text);
  if (match === null || (match[2] === undefined && (match[3] ?? '') === '')) return undefined;
  if (match[1] === '-') negative = !negative;
  const [before, after] = [(match[2] ?? '').replaceAll('_', ''), match[3] ?? ''];
  const exponent = Number(match[4] ?? 0);
  const sign = negative ? '-' : '';
  const shown = `${sign}${before === '' ? '0' : before}${after === '' ? '' : `.${after}`}${exponent === 0 ? '' : `e${exponent}`}`;
  return { text: shown, whole: wholeValue(before + after, exponent - after.length, negative) };
}

/** `digits` times ten to `exponent`, when that is a whole number of a size that a database may hold. */
function wholeValue(digits: string, exponent: number, negative: boolean): bigint | undefined {
  let significant = digits.replace(/^0+/, '');
  let power = exponent;
  while (power < 0 && significant.endsWith('0')) {
    significant = significant.slice(0, -1);
    power += 1;
  }
  if (significant === '') return 0n;
  if (power < 0 || significant.length + power > 60) return undefined;
  const value = BigInt(significant + '0'.repeat(power));
  return negative ? -value : value;
}

/** `%Y-%m-%d`; answers it with two digits for month and day. */
export function readDate(raw: string): string | undefined {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(raw.trim());
  return match === null ? undefined : calendarDate(match[1]!, match[2]!, match[3]!);
}

const PLAIN_TIMESTAMP = /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})$/;
const ISO_TIMESTAMP =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?|(\d{2})(\d{2}))?(?:[^\d](\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?(Z|z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** `%Y-%m-%d %H:%M:%S` or ISO 8601; a zone is turned into UTC. Answers `YYYY-MM-DD HH:MM:SS[.ffffff]`. */
export function readTimestamp(raw: string): string | undefined {
  const text = raw.trim();
  const plain = PLAIN_TIMESTAMP.exec(text);
  if (plain !== null) {
    const date = calendarDate(plain[1]!, plain[2]!, plain[3]!);
    return date === undefined ? undefined : withTime(date, plain[4]!, plain[5]!, plain[6]!, '', undefined);
  }
  const iso = ISO_TIMESTAMP.exec(text);
  if (iso === null) return undefined;
  const date = calendarDate(iso[1]!, iso[2] ?? iso[4] ?? '01', iso[3] ?? iso[5] ?? '01');
  if (date === undefined) return undefined;
  return withTime(date, iso[6] ?? '00', iso[7] ?? '00', iso[8] ?? '00', iso[9] ?? '', iso[10]);
}

export function readBoolean(raw: string): 'true' | 'false' | undefined {
  const text = raw.trim().toLowerCase();
  return text === 'true' || text === 'false' ? text : undefined;
}

function calendarDate(year: string, month: string, day: string): string | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > daysOf(y, m)) return undefined;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function withTime(
  date: string,
  hour: string,
  minute: string,
  second: string,
  fraction: string,
  zone: string | undefined,
): string | undefined {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  const midnightOfNext = h === 24 && m === 0 && s === 0 && /^0*$/.test(fraction);
  if ((h > 23 && !midnightOfNext) || m > 59 || s > 59) return undefined;
  const micros = fraction === '' ? '' : `.${fraction.slice(0, 6)}`;
  const offset = zoneMinutes(zone);
  if (offset === undefined) return undefined;
  if (offset === 0 && !midnightOfNext) return `${date} ${pad(h)}:${pad(m)}:${pad(s)}${micros}`;
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const moved = new Date(0);
  moved.setUTCFullYear(year, month - 1, day);
  moved.setUTCHours(h, m - offset, s);
  return `${moved.toISOString().slice(0, 19).replace('T', ' ')}${micros}`;
}

/** Minutes east of UTC; undefined when it is no zone. */
function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone.toLowerCase() === 'z') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)!;
  const [h, m] = [Number(hours), Number(minutes ?? 0)];
  if (h > 23 || m > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (h * 60 + m);
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
