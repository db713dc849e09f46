/** Python's strftime and strptime for the C locale: the directives that date arithmetic in templates uses. */

export interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  microsecond: number;
  /** Minutes east of UTC, or null for a naive value. */
  offset: number | null;
  zone: string;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
export function dayNumber(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / 86_400_000);
}

/** Day of the week, 0 = Sunday. */
export function dayOfWeek(fields: Pick<Fields, 'year' | 'month' | 'day'>): number {
  return (((dayNumber(fields.year, fields.month, fields.day) + 4) % 7) + 7) % 7;
}

export function dayOfYear(fields: Pick<Fields, 'year' | 'month' | 'day'>): number {
  return dayNumber(fields.year, fields.month, fields.day) - dayNumber(fields.year, 1, 1) + 1;
}

/** ISO 8601 year, week and weekday (Monday = 1). */
export function isoCalendar(fields: Pick<Fields, 'year' | 'month' | 'day'>): [number, number, number] {
  const weekday = dayOfWeek(fields) || 7;
  const thursday = dayNumber(fields.year, fields.month, fields.day) + 4 - weekday;
  const year = new Date(thursday * 86_400_000).getUTCFullYear();
  return [year, Math.floor((thursday - dayNumber(year, 1, 1)) / 7) + 1, weekday];
}

/** `+0100`, `+01:00` with `colon`. Empty for a naive value. */
export function offsetText(offset: number | null, colon: boolean): string {
  if (offset === null) return '';
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}${colon ? ':' : ''}${pad(minutes % 60)}`;
}

/** Formats by the directives of Python's documentation; an unknown directive stays as written (glibc). */
export function strftime(fields: Fields, format: string): string {
  return format.replace(/%(-?)([a-zA-Z%])/g, (whole, dash: string, directive: string) => {
    const number = (value: number, width = 2) => (dash ? String(value) : pad(value, width));
    const weekday = dayOfWeek(fields);
    switch (directive) {
      case 'Y':
        return pad(fields.year, 4);
      case 'y':
        return number(fields.year % 100);
      case 'm':
        return number(fields.month);
      case 'd':
        return number(fields.day);
      case 'e':
        return String(fields.day).padStart(2, ' ');
      case 'H':
        return number(fields.hour);
      case 'I':
        return number(fields.hour % 12 || 12);
      case 'M':
        return number(fields.minute);
      case 'S':
        return number(fields.second);
      case 'f':
        return pad(fields.microsecond, 6);
      case 'p':
        return fields.hour < 12 ? 'AM' : 'PM';
      case 'j':
        return number(dayOfYear(fields), 3);
      case 'a':
        return DAYS[weekday]!.slice(0, 3);
      case 'A':
        return DAYS[weekday]!;
      case 'b':
      case 'h':
        return MONTHS[fields.month - 1]!.slice(0, 3);
      case 'B':
        return MONTHS[fields.month - 1]!;
      case 'w':
        return String(weekday);
      case 'u':
        return String(weekday || 7);
      case 'U':
        return number(Math.floor((dayOfYear(fields) + 6 - weekday) / 7));
      case 'W':
        return number(Math.floor((dayOfYear(fields) + 6 - ((weekday + 6) % 7)) / 7));
      case 'V':
        return number(isoCalendar(fields)[1]);
      case 'G':
        return pad(isoCalendar(fields)[0], 4);
      case 'z':
        return offsetText(fields.offset, false);
      case 'Z':
        return fields.offset === null ? '' : fields.zone;
      case 'D':
        return strftime(fields, '%m/%d/%y');
      case 'F':
        return strftime(fields, '%Y-%m-%d');
      case 'T':
      case 'X':
        return strftime(fields, '%H:%M:%S');
      case 'R':
        return strftime(fields, '%H:%M');
      case 'x':
        return strftime(fields, '%m/%d/%y');
      case 'c':
        return strftime(fields, '%a %b %e %H:%M:%S %Y');
      case 's':
        return String(
          dayNumber(fields.year, fields.month, fields.day) * 86_400 +
            fields.hour * 3600 +
            (fields.minute - (fields.offset ?? 0)) * 60 +
            fields.second,
        );
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case '%':
        return '%';
      default:
        return whole;
    }
  });
}

/** Parses by a format; undefined when the text does not match it. */
export function strptime(text: string, format: string): Fields | undefined {
  const names: string[] = [];
  const take = (name: string, pattern: string) => {
    names.push(name);
    return `(${pattern})`;
  };
  const source = format.replace(/%[a-zA-Z%]|[.*+?^${}()|[\]\\]|\s+/g, (part) => {
    switch (part) {
      case '%Y':
        return take('year', '\\d{4}');
      case '%y':
        return take('year2', '\\d{2}');
      case '%m':
        return take('month', '1[0-2]|0?[1-9]');
      case '%d':
        return take('day', '3[01]|[12]\\d|0?[1-9]| [1-9]');
      case '%H':
        return take('hour', '2[0-3]|[01]?\\d');
      case '%I':
        return take('hour12', '1[0-2]|0?[1-9]');
      case '%M':
        return take('minute', '[0-5]?\\d');
      case '%S':
        return take('second', '6[01]|[0-5]?\\d');
      case '%f':
        return take('microsecond', '\\d{1,6}');
      case '%p':
        return take('half', 'AM|PM|am|pm');
      case '%j':
        return take('yearday', '\\d{1,3}');
      case '%b':
        return take('monthname', MONTHS.map((month) => month.slice(0, 3)).join('|'));
      case '%B':
        return take('monthname', MONTHS.join('|'));
      case '%a':
        return `(?:${DAYS.map((day) => day.slice(0, 3)).join('|')})`;
      case '%A':
        return `(?:${DAYS.join('|')})`;
      case '%z':
        return take('offset', 'Z|[+-]\\d{2}:?\\d{2}');
      case '%Z':
        return take('zone', 'UTC|GMT|[A-Z]{3,5}');
      case '%%':
        return '%';
      default:
        return /^\s+$/.test(part) ? '\\s+' : `\\${part}`;
    }
  });
  const match = new RegExp(`^${source}$`, 'i').exec(text);
  if (!match) return undefined;
  const found = new Map(names.map((name, i) => [name, match[i + 1] ?? '']));
  const number = (name: string, fallback: number) => (found.has(name) ? Number(found.get(name)) : fallback);
  let year = number('year', 1900);
  if (found.has('year2')) year = number('year2', 0) + (number('year2', 0) < 69 ? 2000 : 1900);
  let hour = number('hour', 0);
  if (found.has('hour12'))
    hour = (number('hour12', 0) % 12) + (found.get('half')?.toLowerCase() === 'pm' ? 12 : 0);
  let month = number('month', 1);
  const monthName = found.get('monthname');
  if (monthName)
    month =
      MONTHS.findIndex((name) => name.slice(0, 3).toLowerCase() === monthName.slice(0, 3).toLowerCase()) + 1;
  const offset = found.get('offset');
  return {
    year,
    month,
    day: number('day', 1),
    hour,
    minute: number('minute', 0),
    second: number('second', 0),
    microsecond: Number((found.get('microsecond') ?? '').padEnd(6, '0') || 0),
    offset: offset === undefined ? null : parseOffset(offset),
    zone: 'UTC',
  };
}

function parseOffset(text: string): number {
  if (text.toUpperCase() === 'Z') return 0;
  const digits = text.replace(/[^\d]/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4));
  return text.startsWith('-') ? -minutes : minutes;
}
