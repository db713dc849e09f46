/** The interval of time that a run is about: `--event-time-start` and `--event-time-end`, and `interval` of templates. */
import { SqError } from '../errors.ts';
import type { Flags } from '../invocation.ts';
import { namespaceOf } from './host.ts';
import { PyDateTime } from './modules/moments.ts';

/** From `start` on, before `end`. */
export interface Interval {
  start: Date;
  end: Date;
}

/** Undefined where none is asked for. Throws SqError kind Usage for half of one. */
export function intervalOf({ other }: Pick<Flags, 'other'>): Interval | undefined {
  const [start, end] = [moment(other, 'start'), moment(other, 'end')];
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined) {
    const [given, missing] = start === undefined ? ['end', 'start'] : ['start', 'end'];
    throw usage(
      `The flag \`--event-time-${given}\` was specified, but \`--event-time-${missing}\` was not. When specifying \`--event-time-${given}\`, \`--event-time-${missing}\` must also be present.`,
    );
  }
  if (start >= end) throw usage('Value for `--event-time-start` must be less than `--event-time-end`');
  return { start, end };
}

/** `2018-11-15`, `2018-11-15T06:00:00+02:00`; without an offset it is UTC. Undefined for another text. */
export function momentOf(text: string): Date | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, day, time = '00:00:00', zone = 'Z'] = match;
  const offset = zone === 'Z' ? zone : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
  const found = new Date(`${day}T${time}${offset}`);
  // the 30th of February is no day, though Date takes it for one of March
  const same = new Date(`${day}T00:00:00Z`).toISOString().startsWith(day as string);
  return Number.isNaN(found.getTime()) || !same ? undefined : found;
}

/** `{{ interval.start.strftime('%Y/%m') }}`: two moments in UTC. */
export function intervalValue({ start, end }: Interval): unknown {
  return namespaceOf('interval', { start: PyDateTime.fromDate(start, 0), end: PyDateTime.fromDate(end, 0) });
}

function moment(other: Readonly<Record<string, unknown>>, which: 'start' | 'end'): Date | undefined {
  const text = other[`event_time_${which}`];
  if (typeof text !== 'string' || text === '') return undefined;
  const found = momentOf(text);
  if (found !== undefined) return found;
  throw usage(
    `Invalid value for '--event-time-${which}': '${text}' does not match the formats '%Y-%m-%d', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M:%S'.`,
    'an offset may follow the time: 2024-09-17T16:00:00+02:00; without one it is UTC',
  );
}

function usage(message: string, hint?: string): SqError {
  return new SqError({ kind: 'Usage', code: 'event-time', message, hint });
}
