/** Dates and times of files: read by COPY's formats, written the way every engine reads them. */
import { AUTO_DATES, autoTimestamps, strptimeFormat } from './moment-format.ts';

/** Parts of a moment as they were read. */
interface Moment {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Digits after the point, at most six. */
  fraction: string;
  /** `Z`, `+02`, `-03:30`; empty for none. */
  zone: string;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ISO =
  /^\s*(\d{1,6})([-/])(\d{1,2})\2(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?\s*$/i;

/** `2018-11-01`, or undefined for what is no date. `format` as DATEFORMAT has it. */
export function dateText(text: string, format: string | undefined): string | undefined {
  const moment =
    format === undefined
      ? isoMoment(text)
      : format.toLowerCase() === 'auto'
        ? (isoMoment(text) ?? first(AUTO_DATES, text))
        : byFormat(strptimeFormat(format), text);
  return moment === undefined ? undefined : datePart(moment);
}

/** `2018-11-01 21:05:00.123456+02`, or undefined for what is no timestamp. `format` as TIMEFORMAT has it. */
export function timestampText(text: string, format: string | undefined): string | undefined {
  switch (format?.toLowerCase()) {
    case undefined:
      return written(isoMoment(text));
    case 'auto':
      return written(isoMoment(text) ?? first(autoTimestamps(), text));
    case 'epochsecs':
      return epochText(text, 6);
    case 'epochmillisecs':
      return epochText(text, 3);
    default:
      return written(byFormat(strptimeFormat(format as string), text));
  }
}

/** `21:05:00.5`, or undefined for what is no time of day. */
export function timeText(text: string): string | undefined {
  const match = /^\s*(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?\s*$/.exec(text);
  if (match === null || Number(match[1]) > 23 || Number(match[2]) > 59 || Number(match[3] ?? 0) > 59)
    return undefined;
  return text.trim();
}

function isoMoment(text: string): Moment | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = ''] = match;
  return checked({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction: fraction.slice(0, 6),
    zone: zone.toUpperCase() === 'UTC' ? 'Z' : zone,
  });
}

function first(formats: readonly string[], text: string): Moment | undefined {
  for (const format of formats) {
    const moment = byFormat(format, text);
    if (moment !== undefined) return moment;
  }
  return undefined;
}

/** Each letter of strptime: what it matches and what it says. */
const LETTERS: Readonly<
  Record<string, [pattern: string, set: (moment: Moment & Half, text: string) => void]>
> = {
  Y: [
    '\\d{4}',
    (m, t) => {
      m.year = Number(t);
    },
  ],
  y: [
    '\\d{2}',
    (m, t) => {
      m.year = Number(t) + (Number(t) < 69 ? 2000 : 1900);
    },
  ],
  m: [
    '\\d{1,2}',
    (m, t) => {
      m.month = Number(t);
    },
  ],
  b: [
    '[A-Za-z]{3}',
    (m, t) => {
      m.month = MONTHS.indexOf(t.toLowerCase()) + 1;
    },
  ],
  B: [
    '[A-Za-z]{3,9}',
    (m, t) => {
      m.month = MONTHS.indexOf(t.slice(0, 3).toLowerCase()) + 1;
    },
  ],
  d: [
    '\\d{1,2}',
    (m, t) => {
      m.day = Number(t);
    },
  ],
  j: [
    '\\d{1,3}',
    (m, t) => {
      m.dayOfYear = Number(t);
    },
  ],
  H: [
    '\\d{1,2}',
    (m, t) => {
      m.hour = Number(t);
    },
  ],
  I: [
    '\\d{1,2}',
    (m, t) => {
      m.hour = Number(t);
    },
  ],
  M: [
    '\\d{1,2}',
    (m, t) => {
      m.minute = Number(t);
    },
  ],
  S: [
    '\\d{1,2}',
    (m, t) => {
      m.second = Number(t);
    },
  ],
  f: [
    '\\d{1,6}',
    (m, t) => {
      m.fraction = t;
    },
  ],
  g: [
    '\\d{1,3}',
    (m, t) => {
      m.fraction = t;
    },
  ],
  p: [
    '[AaPp]\\.?[Mm]\\.?',
    (m, t) => {
      m.afternoon = /^p/i.test(t);
    },
  ],
  z: [
    'Z|[+-]\\d{2}(?::?\\d{2})?',
    (m, t) => {
      m.zone = t;
    },
  ],
  A: ['[A-Za-z]+', () => undefined],
  a: ['[A-Za-z]{3}', () => undefined],
};

interface Half {
  afternoon?: boolean;
  dayOfYear?: number;
}

function byFormat(format: string, text: string): Moment | undefined {
  const setters: ((moment: Moment & Half, text: string) => void)[] = [];
  const pattern = format.replace(/%(.)|[^%]+/g, (part, letter: string | undefined) => {
    const known = letter === undefined ? undefined : LETTERS[letter];
    if (known === undefined) return (letter === '%' ? '%' : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    setters.push(known[1]);
    return `(${known[0]})`;
  });
  const match = new RegExp(`^\\s*${pattern}\\s*$`).exec(text);
  if (match === null) return undefined;
  const moment: Moment & Half = {
    year: 1900,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    fraction: '',
    zone: '',
  };
  for (const [i, set] of setters.entries()) set(moment, match[i + 1] ?? '');
  if (moment.afternoon !== undefined) {
    if (moment.hour < 1 || moment.hour > 12) return undefined;
    moment.hour = (moment.hour % 12) + (moment.afternoon ? 12 : 0);
  }
  if (moment.dayOfYear !== undefined) {
    const date = new Date(Date.UTC(moment.year, 0, moment.dayOfYear));
    moment.month = date.getUTCMonth() + 1;
    moment.day = date.getUTCDate();
  }
  return checked(moment);
}

/** Undefined for the 30th of February and the 25th hour. */
function checked(moment: Moment): Moment | undefined {
  const { year, month, day, hour, minute, second } = moment;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] as number) ? moment : undefined;
}

/** A number of seconds or milliseconds since 1970 in UTC; `digits` of the microsecond it leaves out. */
function epochText(text: string, digits: 3 | 6): string | undefined {
  const match = /^\s*([+-]?)(\d+)(?:\.(\d*))?\s*$/.exec(text);
  if (match === null) return undefined;
  const micros =
    BigInt(match[2] + (match[3] ?? '').padEnd(digits, '0').slice(0, digits)) * (match[1] === '-' ? -1n : 1n);
  const seconds = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n);
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1) return undefined;
  const fraction = String(micros - seconds * 1_000_000n).padStart(6, '0');
  return `${date.toISOString().replace(/^\+0*/, '').slice(0, -5).replace('T', ' ')}.${fraction}+00`;
}

function written(moment: Moment | undefined): string | undefined {
  if (moment === undefined) return undefined;
  const { hour, minute, second, fraction, zone } = moment;
  const time = [hour, minute, second].map((part) => String(part).padStart(2, '0')).join(':');
  return `${datePart(moment)} ${time}${fraction === '' ? '' : `.${fraction}`}${zone.toUpperCase() === 'Z' ? '+00' : zone}`;
}

function datePart({ year, month, day }: Moment): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
