/** Moments of the command line and the part of a parent's rows that they leave: `--sample`, `--event-time-start`. */
import { intervalOf, momentOf as parseMoment } from '../context/interval.ts';
import { SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { parseYamlOption } from '../load/index.ts';
import type { TimeWindow } from './contract.ts';

export type { TimeWindow };

export const BATCH_SIZES = ['hour', 'day', 'month', 'year'] as const;
export type BatchSize = (typeof BATCH_SIZES)[number];

/** As Python shows it and dbt writes it into SQL: `2024-09-17 16:06:00+00:00`. */
export function momentText(moment: Date): string {
  const [day, rest] = moment.toISOString().split('T') as [string, string];
  const [time, fraction] = rest.slice(0, -1).split('.') as [string, string];
  return `${day} ${time}${fraction === '000' ? '' : `.${fraction}000`}+00:00`;
}

/** `--sample`: a length of time that ends now, or two moments. Throws kind Usage for another text. */
export function sampleWindow({ flags, startedAt }: Invocation): TimeWindow | undefined {
  const given = flags.other.sample;
  if (typeof given !== 'string' || given === '') return undefined;
  if (given.trimStart().startsWith('{')) return writtenWindow(given);
  const words = given.split(' ');
  if (words.length !== 2)
    throw badSample(`Cannot load SAMPLE_WINDOW from '${given}'. Must be of form 'DAYS_INT GRAIN_SIZE'.`);
  const [count, grain] = words as [string, string];
  if (!/^[+-]?\d+$/.test(count)) throw badSample(`Unable to convert '${count}' to an integer.`);
  const size = grain.toLowerCase().replace(/s+$/, '') as BatchSize;
  if (!BATCH_SIZES.includes(size)) {
    const grains = [...BATCH_SIZES, ...BATCH_SIZES.map((one) => `${one}s`)].map((one) => `'${one}'`);
    throw badSample(`Invalid grain size '${grain}'. Must be one of [${grains.join(', ')}].`);
  }
  return { start: earlier(startedAt, size, Number(count)), end: startedAt };
}

function writtenWindow(text: string): TimeWindow {
  const { start, end } = parseYamlOption(text, 'args');
  const moment = (value: unknown, name: string) => {
    const found = value instanceof Date ? value : parseMoment(String(value));
    if (found !== undefined) return found;
    throw badSample(`'${name}' is no moment: ${String(value)}`);
  };
  return { start: moment(start, 'start'), end: moment(end, 'end') };
}

/** A month before the 31st is the last day of the month before. */
function earlier(moment: Date, size: BatchSize, count: number): Date {
  const found = new Date(moment);
  if (size === 'hour') found.setUTCHours(found.getUTCHours() - count);
  else if (size === 'day') found.setUTCDate(found.getUTCDate() - count);
  else {
    const months = size === 'month' ? count : 12 * count;
    const day = found.getUTCDate();
    found.setUTCDate(1);
    found.setUTCMonth(found.getUTCMonth() - months);
    const last = new Date(Date.UTC(found.getUTCFullYear(), found.getUTCMonth() + 1, 0)).getUTCDate();
    found.setUTCDate(Math.min(day, last));
  }
  return found;
}

/** What lies in both. */
export function commonWindow(
  one: TimeWindow | undefined,
  other: TimeWindow | undefined,
): TimeWindow | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    start: new Date(Math.max(one.start.getTime(), other.start.getTime())),
    end: new Date(Math.min(one.end.getTime(), other.end.getTime())),
  };
}

/** The sample, or `--event-time-start` and `--event-time-end`. Throws kind Usage in dbt's words. */
export function eventTimeWindow(invocation: Invocation): TimeWindow | undefined {
  return sampleWindow(invocation) ?? intervalOf(invocation.flags);
}

function badSample(message: string): SqError {
  return usage(
    `Invalid value for '--sample': ${message}`,
    "e.g. --sample '3 days', or --sample '{start: 2024-07-01, end: 2024-07-08}'",
  );
}

function usage(message: string, hint?: string): SqError {
  return new SqError({ kind: 'Usage', code: 'event-time', message, hint });
}

export { parseMoment };
