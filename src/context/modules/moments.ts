/**
 * Dates, times and differences as Python's datetime module has them, as far as templates use them. Operators reach these objects through the members `__add__`, `__sub__`, `__lt__` ... that the
 * template room asks for.
 */
import { callArguments, HOST_GET, type HostObject } from '../../template/index.ts';
import { clockMember, comparison, dateMember, float, floorDiv, MIDNIGHT } from './moment-members.ts';
import { dayNumber, type Fields, offsetText, strftime } from './strftime.ts';

const DAY = 86_400_000_000n;

/** A difference in microseconds. */
export class PyTimeDelta implements HostObject {
  constructor(readonly micros: bigint) {}

  [HOST_GET](name: string): unknown {
    const days = floorDiv(this.micros, DAY);
    const rest = this.micros - days * DAY;
    switch (name) {
      case 'days':
        return Number(days);
      case 'seconds':
        return Number(rest / 1_000_000n);
      case 'microseconds':
        return Number(rest % 1_000_000n);
      case 'total_seconds':
        return () => float(Number(this.micros) / 1e6);
      case '__add__':
      case '__radd__':
        return (other: unknown) =>
          other instanceof PyTimeDelta
            ? new PyTimeDelta(this.micros + other.micros)
            : plus(other, this.micros);
      case '__sub__':
        return (other: unknown) =>
          other instanceof PyTimeDelta ? new PyTimeDelta(this.micros - other.micros) : undefined;
      case '__mul__':
      case '__rmul__':
        return (factor: unknown) => new PyTimeDelta(BigInt(Math.round(Number(this.micros) * Number(factor))));
      case '__neg__':
        return () => new PyTimeDelta(-this.micros);
      default:
        return comparison(name, this.micros, (other) =>
          other instanceof PyTimeDelta ? other.micros : undefined,
        );
    }
  }

  toString(): string {
    const days = floorDiv(this.micros, DAY);
    const rest = this.micros - days * DAY;
    const seconds = rest / 1_000_000n;
    const fraction = rest % 1_000_000n;
    const clock = `${seconds / 3600n}:${two(Number((seconds / 60n) % 60n))}:${two(Number(seconds % 60n))}`;
    const head = days === 0n ? '' : `${days} day${days === 1n || days === -1n ? '' : 's'}, `;
    return `${head}${clock}${fraction === 0n ? '' : `.${String(fraction).padStart(6, '0')}`}`;
  }
}

export class PyDate implements HostObject {
  constructor(
    readonly year: number,
    readonly month: number,
    readonly day: number,
  ) {}

  static parse(text: string): PyDate | undefined {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    return match ? new PyDate(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
  }

  static fromDays(days: number): PyDate {
    const date = new Date(days * 86_400_000);
    return new PyDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
  }

  get days(): number {
    return dayNumber(this.year, this.month, this.day);
  }

  [HOST_GET](name: string): unknown {
    switch (name) {
      case '__add__':
      case '__radd__':
        return (other: unknown) =>
          other instanceof PyTimeDelta
            ? PyDate.fromDays(this.days + Number(floorDiv(other.micros, DAY)))
            : undefined;
      case '__sub__':
        return (other: unknown) => {
          if (other instanceof PyTimeDelta)
            return PyDate.fromDays(this.days - Number(floorDiv(other.micros, DAY)));
          if (other instanceof PyDate) return new PyTimeDelta(BigInt(this.days - other.days) * DAY);
          return undefined;
        };
      case 'replace':
        return (...args: unknown[]) => {
          const given = callArguments(args, ['year', 'month', 'day']);
          return new PyDate(
            Number(given.year ?? this.year),
            Number(given.month ?? this.month),
            Number(given.day ?? this.day),
          );
        };
      default:
        return (
          dateMember(name, fieldsOf(this)) ??
          (name === 'isoformat' ? () => this.toString() : undefined) ??
          comparison(name, BigInt(this.days), (other) =>
            other instanceof PyDate ? BigInt(other.days) : undefined,
          )
        );
    }
  }

  toString(): string {
    return strftime(fieldsOf(this), '%Y-%m-%d');
  }
}

export class PyTime implements HostObject {
  constructor(readonly fields: Fields) {}

  static parse(text: string): PyTime | undefined {
    const match = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/.exec(text);
    if (!match) return undefined;
    return new PyTime({
      ...MIDNIGHT,
      hour: Number(match[1]),
      minute: Number(match[2]),
      second: Number(match[3]),
      microsecond: Number((match[4] ?? '').padEnd(6, '0')),
    });
  }

  [HOST_GET](name: string): unknown {
    return clockMember(name, this.fields) ?? (name === 'isoformat' ? () => this.toString() : undefined);
  }

  toString(): string {
    return strftime(this.fields, this.fields.microsecond ? '%H:%M:%S.%f' : '%H:%M:%S');
  }
}

export class PyDateTime implements HostObject {
  constructor(readonly fields: Fields) {}

  /** `2018-11-01 21:01:46.796[+00[:00]]`, with `T` or a blank. */
  static parse(text: string): PyDateTime | undefined {
    const match =
      /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
        text.trim(),
      );
    if (!match) return undefined;
    const zone = match[8];
    let offset: number | null = null;
    if (zone !== undefined) {
      const digits = zone.replace(/[^\d]/g, '').padEnd(4, '0');
      offset =
        zone === 'Z'
          ? 0
          : (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4))) * (zone.startsWith('-') ? -1 : 1);
    }
    return new PyDateTime({
      year: Number(match[1]),
      month: Number(match[2]),
      day: Number(match[3]),
      hour: Number(match[4] ?? 0),
      minute: Number(match[5] ?? 0),
      second: Number(match[6] ?? 0),
      microsecond: Number((match[7] ?? '').padEnd(6, '0').slice(0, 6)),
      offset,
      zone: zoneName(offset),
    });
  }

  /** Microseconds since the epoch; `offset` null makes a naive value of UTC's wall clock. */
  static fromMicros(micros: bigint, offset: number | null = null, zone = zoneName(offset)): PyDateTime {
    const local = micros + BigInt(offset ?? 0) * 60_000_000n;
    const days = floorDiv(local, DAY);
    const rest = local - days * DAY;
    const date = PyDate.fromDays(Number(days));
    const seconds = Number(rest / 1_000_000n);
    return new PyDateTime({
      year: date.year,
      month: date.month,
      day: date.day,
      hour: Math.floor(seconds / 3600),
      minute: Math.floor(seconds / 60) % 60,
      second: seconds % 60,
      microsecond: Number(rest % 1_000_000n),
      offset,
      zone,
    });
  }

  static fromDate(date: Date, offset: number | null): PyDateTime {
    return PyDateTime.fromMicros(BigInt(date.getTime()) * 1000n, offset);
  }

  /** Microseconds since the epoch of the wall clock minus its offset. */
  get micros(): bigint {
    const f = this.fields;
    const seconds =
      dayNumber(f.year, f.month, f.day) * 86_400 +
      f.hour * 3600 +
      f.minute * 60 +
      f.second -
      (f.offset ?? 0) * 60;
    return BigInt(seconds) * 1_000_000n + BigInt(f.microsecond);
  }

  [HOST_GET](name: string): unknown {
    const f = this.fields;
    switch (name) {
      case 'tzinfo':
        return f.offset === null ? null : zoneObject(f.zone, () => f.offset ?? 0);
      case 'date':
        return () => new PyDate(f.year, f.month, f.day);
      case 'time':
        return () => new PyTime({ ...f, offset: null });
      case 'timestamp':
        return () => float(Number(this.micros) / 1e6);
      case 'isoformat':
        return (separator: unknown = 'T') => this.iso(typeof separator === 'string' ? separator : 'T');
      case 'replace':
        return (...args: unknown[]) => this.replace(args);
      case 'astimezone':
        return (zone: unknown) => this.inZone(zone);
      case 'utcoffset':
        return () => (f.offset === null ? null : new PyTimeDelta(BigInt(f.offset) * 60_000_000n));
      case 'tzname':
        return () => (f.offset === null ? null : f.zone);
      case '__add__':
      case '__radd__':
        return (other: unknown) => (other instanceof PyTimeDelta ? plus(this, other.micros) : undefined);
      case '__sub__':
        return (other: unknown) => {
          if (other instanceof PyTimeDelta) return plus(this, -other.micros);
          if (other instanceof PyDateTime) return new PyTimeDelta(this.micros - other.micros);
          return undefined;
        };
      default:
        return (
          dateMember(name, f) ??
          clockMember(name, f) ??
          comparison(name, this.micros, (other) => (other instanceof PyDateTime ? other.micros : undefined))
        );
    }
  }

  toString(): string {
    return this.iso(' ');
  }

  private iso(separator: string): string {
    const clock = this.fields.microsecond ? '%H:%M:%S.%f' : '%H:%M:%S';
    return (
      strftime(this.fields, `%Y-%m-%d${separator.replaceAll('%', '%%')}${clock}`) +
      offsetText(this.fields.offset, true)
    );
  }

  private replace(args: unknown[]): PyDateTime {
    const given = callArguments(args, [
      'year',
      'month',
      'day',
      'hour',
      'minute',
      'second',
      'microsecond',
      'tzinfo',
      'fold',
    ]);
    const fields = { ...this.fields };
    for (const key of ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'] as const) {
      if (given[key] !== undefined) fields[key] = Number(given[key]);
    }
    if (given.tzinfo === null) return new PyDateTime({ ...fields, offset: null });
    if (given.tzinfo instanceof Zone) {
      const naive = new PyDateTime({ ...fields, offset: null });
      const offset = given.tzinfo.offsetAt(naive.micros);
      return new PyDateTime({ ...fields, offset, zone: given.tzinfo.name });
    }
    return new PyDateTime(fields);
  }

  private inZone(zone: unknown): PyDateTime {
    const target = zone instanceof Zone ? zone : UTC;
    return PyDateTime.fromMicros(
      this.micros,
      target.offsetAt(this.micros),
      target.abbreviationAt(this.micros),
    );
  }
}

/** A time zone: its offset in minutes east of UTC at a moment (microseconds since the epoch). */
export class Zone implements HostObject {
  constructor(
    readonly name: string,
    readonly offsetAt: (micros: bigint) => number,
    /** What `%Z` gives at a moment. */
    readonly abbreviationAt: (micros: bigint) => string = () => name,
  ) {}

  [HOST_GET](name: string): unknown {
    switch (name) {
      case 'zone':
        return this.name;
      case 'localize':
        return (value: unknown) => (value instanceof PyDateTime ? this.localized(value) : value);
      case 'normalize':
        return (value: unknown) =>
          value instanceof PyDateTime
            ? PyDateTime.fromMicros(
                value.micros,
                this.offsetAt(value.micros),
                this.abbreviationAt(value.micros),
              )
            : value;
      default:
        return undefined;
    }
  }

  toString(): string {
    return this.name;
  }

  private localized(value: PyDateTime): PyDateTime {
    const there = new PyDateTime({ ...value.fields, offset: this.localOffset(value), zone: this.name });
    return new PyDateTime({ ...there.fields, zone: this.abbreviationAt(there.micros) });
  }

  /** Offset for a wall clock: asked twice, because the first answer may stand on the other side of a change. */
  private localOffset(value: PyDateTime): number {
    const wall = new PyDateTime({ ...value.fields, offset: null }).micros;
    const first = this.offsetAt(wall);
    return this.offsetAt(wall - BigInt(first) * 60_000_000n);
  }
}

export const UTC = new Zone('UTC', () => 0);

function zoneObject(name: string, offset: () => number): Zone {
  return name === 'UTC' ? UTC : new Zone(name, offset);
}

function fieldsOf(date: PyDate): Fields {
  return { ...MIDNIGHT, year: date.year, month: date.month, day: date.day };
}

function plus(value: unknown, micros: bigint): unknown {
  if (value instanceof PyDateTime) {
    return PyDateTime.fromMicros(value.micros + micros, value.fields.offset, value.fields.zone);
  }
  if (value instanceof PyDate) return PyDate.fromDays(value.days + Number(floorDiv(micros, DAY)));
  return undefined;
}

const two = (value: number) => String(value).padStart(2, '0');
export const zoneName = (offset: number | null) =>
  offset === null || offset === 0 ? 'UTC' : `UTC${offsetText(offset, true)}`;
