import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf, batchName, type Grain } from './batches.ts';

const shown = (start: string, end: string, grain: Grain) =>
  batchesOf({ start: new Date(start), end: new Date(end) }, grain).map(
    (one) => `${one.start.toISOString().slice(0, 16)} ${one.end.toISOString().slice(0, 16)}`,
  );

describe('batches', () => {
  it('are days, months, hours of the calendar; the first and last may be shorter', () => {
    expect(shown('2024-02-28T06:00Z', '2024-03-01T00:00Z', 'day')).toEqual([
      '2024-02-28T06:00 2024-02-29T00:00',
      '2024-02-29T00:00 2024-03-01T00:00',
    ]);
    expect(shown('2018-11-15T00:00Z', '2019-01-02T00:00Z', 'month')).toEqual([
      '2018-11-15T00:00 2018-12-01T00:00',
      '2018-12-01T00:00 2019-01-01T00:00',
      '2019-01-01T00:00 2019-01-02T00:00',
    ]);
    expect(shown('2018-11-15T23:00Z', '2018-11-16T00:30Z', 'hour')).toEqual([
      '2018-11-15T23:00 2018-11-16T00:00',
      '2018-11-16T00:00 2018-11-16T00:30',
    ]);
    expect(shown('2018-11-15T00:00Z', '2019-02-01T00:00Z', 'year')).toHaveLength(2);
  });

  it('are called by their bounds, as exactly as these are', () => {
    const name = (start: string, end: string) => batchName({ start: new Date(start), end: new Date(end) });
    expect(name('2018-11-15T00:00Z', '2018-11-16T00:00Z')).toBe('2018-11-15 00:00 to 2018-11-16 00:00');
    expect(name('2018-11-15T00:00:30Z', '2018-11-15T01:00:00.250Z')).toBe(
      '2018-11-15 00:00:30 to 2018-11-15 01:00:00.250',
    );
  });

  it('cover the stretch without a gap and without an overlap', () => {
    const moment = fc.integer({ min: 0, max: 200_000 }).map((hours) => hours * 3_600_000);
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 1, max: 5_000 }),
        fc.constantFrom<Grain>('hour', 'day', 'month', 'year'),
        (from, hours, grain) => {
          const end = new Date(from + hours * 3_600_000);
          const batches = batchesOf({ start: new Date(from), end }, grain);
          expect(batches[0]?.start.getTime()).toBe(from);
          expect(batches.at(-1)?.end.getTime()).toBe(end.getTime());
          for (const [i, one] of batches.entries()) {
            expect(one.start < one.end).toBe(true);
            if (i > 0) expect(one.start).toEqual(batches[i - 1]?.end);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
