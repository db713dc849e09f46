/** From a microbatch model and the clock to the batches that are to be built. All moments are UTC. */
import { type BatchSize, parseMoment, type TimeWindow } from '../../compile/event-time.ts';

export interface BatchPlan {
  size: BatchSize;
  /** Config `begin`: where a model starts that does not stand yet. */
  begin: string;
  /** How many batches before the last one are built again. */
  lookback: number;
  /** The table stands and is added to. */
  incremental: boolean;
  /** Of the command line. */
  window: TimeWindow | undefined;
  /** Up to when there can be rows. */
  now: Date;
}

/** At least one; the last ends exactly where the window does. */
export function batchesOf({ size, begin, lookback, incremental, window, now }: BatchPlan): TimeWindow[] {
  const end = ceiling(window?.end ?? now, size);
  const start =
    window !== undefined
      ? floor(window.start, size)
      : incremental
        ? before(end, size, lookback)
        : floor(parseMoment(begin)!, size);
  const batches: TimeWindow[] = [];
  for (let at = start; at < end || batches.length === 0; at = offset(at, size, 1))
    batches.push({ start: at, end: offset(at, size, 1) });
  batches[batches.length - 1] = { start: batches.at(-1)!.start, end };
  return batches;
}

/** The batch that ends at `end` (or holds it) counts as the last one, beyond `lookback`. */
function before(end: Date, size: BatchSize, lookback: number): Date {
  const straddles = floor(end, size).getTime() === end.getTime();
  return offset(end, size, -(lookback + (straddles ? 1 : 0)));
}

/** The start of the hour, day, month or year. */
export function floor(moment: Date, size: BatchSize): Date {
  const [year, month, day, hour] = [
    moment.getUTCFullYear(),
    moment.getUTCMonth(),
    moment.getUTCDate(),
    moment.getUTCHours(),
  ];
  switch (size) {
    case 'hour':
      return utc(year, month, day, hour);
    case 'day':
      return utc(year, month, day);
    case 'month':
      return utc(year, month);
    case 'year':
      return utc(year);
  }
}

function ceiling(moment: Date, size: BatchSize): Date {
  const start = floor(moment, size);
  return start.getTime() === moment.getTime() ? start : offset(start, size, 1);
}

/** `count` batches later than the start of the one that holds `moment`. */
export function offset(moment: Date, size: BatchSize, count: number): Date {
  const at = floor(moment, size);
  if (size === 'hour') at.setUTCHours(at.getUTCHours() + count);
  else if (size === 'day') at.setUTCDate(at.getUTCDate() + count);
  else if (size === 'month') at.setUTCMonth(at.getUTCMonth() + count);
  else at.setUTCFullYear(at.getUTCFullYear() + count);
  return at;
}

function utc(year: number, month = 0, day = 1, hour = 0): Date {
  const moment = new Date(Date.UTC(2000, month, day, hour));
  // Date.UTC takes years below 100 for those of the last century
  moment.setUTCFullYear(year, month, day);
  return moment;
}

/** `2024-09-17T16`, `2024-09-17`, `2024-09`, `2024`: how a batch is called. */
export function batchName(start: Date, size: BatchSize): string {
  return start.toISOString().slice(0, { hour: 13, day: 10, month: 7, year: 4 }[size]);
}

export function batchId(start: Date, size: BatchSize): string {
  return batchName(start, size).replaceAll('-', '');
}
