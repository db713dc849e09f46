/** Members that dates, times and datetimes share: parts, formats, comparison. */
import { PyFloat, Tuple } from '../../template/index.ts';
import { dayNumber, dayOfWeek, type Fields, isoCalendar, strftime } from './strftime.ts';

export const MIDNIGHT: Fields = {
  year: 1900,
  month: 1,
  day: 1,
  hour: 0,
  minute: 0,
  second: 0,
  microsecond: 0,
  offset: null,
  zone: 'UTC',
};

export function dateMember(name: string, f: Fields): unknown {
  switch (name) {
    case 'year':
    case 'month':
    case 'day':
      return f[name];
    case 'weekday':
      return () => (dayOfWeek(f) + 6) % 7;
    case 'isoweekday':
      return () => dayOfWeek(f) || 7;
    case 'isocalendar':
      return () => Tuple.from(isoCalendar(f));
    case 'toordinal':
      return () => dayNumber(f.year, f.month, f.day) + 719_163;
    case 'strftime':
      return (format: unknown) => strftime(f, String(format));
    case 'ctime':
      return () => strftime(f, '%a %b %e %H:%M:%S %Y');
    default:
      return undefined;
  }
}

export function clockMember(name: string, f: Fields): unknown {
  switch (name) {
    case 'hour':
    case 'minute':
    case 'second':
    case 'microsecond':
      return f[name];
    case 'strftime':
      return (format: unknown) => strftime(f, String(format));
    default:
      return undefined;
  }
}

export function comparison(
  name: string,
  mine: bigint,
  read: (other: unknown) => bigint | undefined,
): unknown {
  const compare = (test: (theirs: bigint) => boolean) => (other: unknown) => {
    const theirs = read(other);
    return theirs === undefined ? undefined : test(theirs);
  };
  switch (name) {
    case '__lt__':
      return compare((theirs) => mine < theirs);
    case '__le__':
      return compare((theirs) => mine <= theirs);
    case '__gt__':
      return compare((theirs) => mine > theirs);
    case '__ge__':
      return compare((theirs) => mine >= theirs);
    case '__eq__':
      return compare((theirs) => mine === theirs);
    default:
      return undefined;
  }
}

export function floorDiv(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b < 0n ? q - 1n : q;
}

export const float = (value: number) => (Number.isInteger(value) ? new PyFloat(value) : value);
