/** A stretch of time as the intervals that one build each covers. All moments are UTC. */
import type { Interval } from '../../context/interval.ts';

export type Grain = 'hour' | 'day' | 'month' | 'year';

/** Bounds between two batches are those of the calendar; the first and the last may be shorter. */
export function batchesOf({ start, end }: Interval, grain: Grain): Interval[] {
  const batches: Interval[] = [];
  for (let at = start; at < end; ) {
    const bound = nextBound(at, grain);
    const next = bound < end ? bound : end;
    batches.push({ start: at, end: next });
    at = next;
  }
  return batches;
}

/** `2018-11-15 00:00 to 2018-11-16 00:00`, UTC: for people, and for what is remembered of a backfill. */
export function batchName({ start, end }: Interval): string {
  const text = (moment: Date) =>
    moment
      .toISOString()
      .replace('T', ' ')
      .replace(/(:00)?\.000Z$|Z$/, '');
  return `${text(start)} to ${text(end)}`;
}

function nextBound(moment: Date, grain: Grain): Date {
  const [year, month, day, hour] = [
    moment.getUTCFullYear(),
    moment.getUTCMonth(),
    moment.getUTCDate(),
    moment.getUTCHours(),
  ];
  switch (grain) {
    case 'hour':
      return new Date(Date.UTC(year, month, day, hour + 1));
    case 'day':
      return new Date(Date.UTC(year, month, day + 1));
    case 'month':
      return new Date(Date.UTC(year, month + 1));
    case 'year':
      return new Date(Date.UTC(year + 1, 0));
  }
}
