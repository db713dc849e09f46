/** `modules.datetime`: the module itself, over the values of moments.ts. */
import { SqError } from '../../errors.ts';
import { callArguments } from '../../template/index.ts';
import { CallableNamespace, type Namespace, namespaceOf } from '../host.ts';
import { MIDNIGHT } from './moment-members.ts';
import { PyDate, PyDateTime, PyTime, PyTimeDelta, UTC, Zone, zoneName } from './moments.ts';
import { strptime } from './strftime.ts';

/** The module. `now` is the invocation's clock. */
export function datetimeModule(now: () => Date): Namespace {
  const parsed = (text: unknown, what: string) => {
    const value = PyDateTime.parse(String(text));
    if (value) return value;
    throw new SqError({
      kind: 'Compilation',
      code: 'bad-date',
      message: `Invalid isoformat string for ${what}: '${String(text)}'`,
    });
  };
  const datetime = new CallableNamespace(
    'class datetime',
    (...args) => {
      const g = callArguments(args, [
        'year',
        'month',
        'day',
        'hour',
        'minute',
        'second',
        'microsecond',
        'tzinfo',
      ]);
      const n = (key: string) => Number(g[key] ?? 0);
      const naive = new PyDateTime({
        ...MIDNIGHT,
        year: n('year'),
        month: n('month'),
        day: n('day'),
        hour: n('hour'),
        minute: n('minute'),
        second: n('second'),
        microsecond: n('microsecond'),
      });
      return g.tzinfo instanceof Zone
        ? new PyDateTime({ ...naive.fields, offset: g.tzinfo.offsetAt(naive.micros), zone: g.tzinfo.name })
        : naive;
    },
    (name) => {
      switch (name) {
        case 'now':
          return (zone: unknown) =>
            zone instanceof Zone
              ? PyDateTime.fromMicros(
                  BigInt(now().getTime()) * 1000n,
                  zone.offsetAt(BigInt(now().getTime()) * 1000n),
                  zone.name,
                )
              : PyDateTime.fromDate(now(), null);
        case 'utcnow':
        case 'today':
          return () => PyDateTime.fromDate(now(), null);
        case 'strptime':
          return (text: unknown, format: unknown) => {
            const fields = strptime(String(text), String(format));
            if (fields) return new PyDateTime(fields);
            throw new SqError({
              kind: 'Compilation',
              code: 'bad-date',
              message: `time data '${String(text)}' does not match format '${String(format)}'`,
            });
          };
        case 'fromisoformat':
          return (text: unknown) => parsed(text, 'datetime');
        case 'fromtimestamp':
        case 'utcfromtimestamp':
          return (seconds: unknown, zone: unknown) =>
            PyDateTime.fromMicros(
              BigInt(Math.round(Number(seconds) * 1e6)),
              zone instanceof Zone ? zone.offsetAt(BigInt(Math.round(Number(seconds) * 1e6))) : null,
            );
        case 'combine':
          return (day: unknown, clock: unknown) =>
            day instanceof PyDate && clock instanceof PyTime
              ? new PyDateTime({ ...clock.fields, year: day.year, month: day.month, day: day.day })
              : null;
        case 'min':
          return new PyDateTime({ ...MIDNIGHT, year: 1 });
        case 'max':
          return new PyDateTime({
            ...MIDNIGHT,
            year: 9999,
            month: 12,
            day: 31,
            hour: 23,
            minute: 59,
            second: 59,
            microsecond: 999_999,
          });
        default:
          return undefined;
      }
    },
  );
  const date = new CallableNamespace(
    'class date',
    (...args) => {
      const g = callArguments(args, ['year', 'month', 'day']);
      return new PyDate(Number(g.year), Number(g.month), Number(g.day));
    },
    (name) => {
      if (name === 'today') return () => PyDate.fromDays(Math.floor(now().getTime() / 86_400_000));
      if (name === 'fromisoformat') {
        return (text: unknown) => {
          const { fields } = parsed(text, 'date');
          return new PyDate(fields.year, fields.month, fields.day);
        };
      }
      return undefined;
    },
  );
  const timedelta = (...args: unknown[]) => {
    const g = callArguments(args, [
      'days',
      'seconds',
      'microseconds',
      'milliseconds',
      'minutes',
      'hours',
      'weeks',
    ]);
    const n = (key: string) => Number(g[key] ?? 0);
    const seconds =
      n('seconds') + n('minutes') * 60 + n('hours') * 3600 + (n('days') + n('weeks') * 7) * 86_400;
    return new PyTimeDelta(BigInt(Math.round(seconds * 1e6 + n('milliseconds') * 1e3 + n('microseconds'))));
  };
  const time = (...args: unknown[]) => {
    const g = callArguments(args, ['hour', 'minute', 'second', 'microsecond']);
    return new PyTime({
      ...MIDNIGHT,
      hour: Number(g.hour ?? 0),
      minute: Number(g.minute ?? 0),
      second: Number(g.second ?? 0),
      microsecond: Number(g.microsecond ?? 0),
    });
  };
  const timezone = new CallableNamespace(
    'class timezone',
    (delta) => {
      const minutes = delta instanceof PyTimeDelta ? Number(delta.micros / 60_000_000n) : 0;
      return new Zone(zoneName(minutes), () => minutes);
    },
    (name) => (name === 'utc' ? UTC : undefined),
  );
  return namespaceOf('module datetime', {
    datetime,
    date,
    time,
    timedelta,
    timezone,
    tzinfo: new CallableNamespace(
      'class tzinfo',
      () => new Zone('None', () => 0),
      () => undefined,
    ),
    UTC,
    MINYEAR: 1,
    MAXYEAR: 9999,
  });
}
