/** `modules.pytz`: named time zones, through the platform's own zone data (Intl). */
import { SqError } from '../../errors.ts';
import { Dict } from '../../template/index.ts';
import { type Namespace, namespaceOf } from '../host.ts';
import { UTC, Zone } from './moments.ts';
import { zoneAbbreviation } from './zone-abbreviation.ts';

/** Offset in minutes east of UTC of a named zone at a moment. */
function intlOffset(formatter: Intl.DateTimeFormat, micros: bigint): number {
  const date = new Date(Number(micros / 1000n));
  const part = Object.fromEntries(
    formatter.formatToParts(date).map(({ type, value }) => [type, Number(value)]),
  );
  const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour! % 24, part.minute!, part.second!);
  return Math.round((wall - Math.floor(date.getTime() / 1000) * 1000) / 60_000);
}

function timezone(name: unknown): Zone {
  const wanted = String(name);
  if (wanted.toUpperCase() === 'UTC') return UTC;
  let formatter: Intl.DateTimeFormat;
  try {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: wanted,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new SqError({
      kind: 'Compilation',
      code: 'unknown-timezone',
      message: `Unknown time zone '${wanted}'`,
      hint: 'use a name of the IANA database, e.g. Europe/Berlin',
      cause,
    });
  }
  return new Zone(wanted, (micros) => intlOffset(formatter, micros), zoneAbbreviation(wanted, wanted));
}

/** Two letters -> name, of every country that the platform knows. */
function countryNames(): Dict {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  // ZZ and its like stand for no country
  const known = codes.filter((code) => !/^(X.|Q[M-Z]|ZZ|EU|EZ|UN)$/.test(code));
  return new Dict(
    known.flatMap((code) => {
      const name = names.of(code);
      return name === undefined ? [] : [[code, name] as [unknown, unknown]];
    }),
  );
}

export function pytzModule(): Namespace {
  const zones = () => ['UTC', ...Intl.supportedValuesOf('timeZone')];
  return namespaceOf('module pytz', {
    timezone,
    utc: UTC,
    UTC,
    FixedOffset: (minutes: unknown) =>
      new Zone(`pytz.FixedOffset(${String(minutes)})`, () => Number(minutes)),
    get all_timezones() {
      return zones();
    },
    get country_names() {
      return countryNames();
    },
    get common_timezones() {
      return zones();
    },
  });
}
