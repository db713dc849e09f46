import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_SIZES } from '../../compile/event-time.ts';
import { batchesOf, batchId, batchName, floor, offset } from './batches.ts';

const plan = { begin: '2020-01-01', lookback: 1, incremental: false, window: undefined };
const texts = (batches: { start: Date; end: Date }[]) =>
  batches.map(({ start, end }) => `${start.toISOString().slice(0, 16)} ${end.toISOString().slice(0, 16)}`);

describe('batches', () => {
  it('begin where the model begins and end after now', () => {
    const now = new Date('2020-01-03T13:57:00Z');
    expect(texts(batchesOf({ ...plan, size: 'day', now }))).toEqual([
      '2020-01-01T00:00 2020-01-02T00:00',
      '2020-01-02T00:00 2020-01-03T00:00',
      '2020-01-03T00:00 2020-01-04T00:00',
    ]);
  });

  it.each([
    ['2020-01-03T13:57:00Z', 1, ['2020-01-02T00:00 2020-01-03T00:00', '2020-01-03T00:00 2020-01-04T00:00']],
    ['2020-01-03T00:00:00Z', 0, ['2020-01-02T00:00 2020-01-03T00:00']],
  ])('of a table that stands are the last and those looked back to (%s)', (now, lookback, expected) => {
    const batches = batchesOf({ ...plan, size: 'day', incremental: true, lookback, now: new Date(now) });
    expect(texts(batches)).toEqual(expected);
  });

  it('of the command line end exactly there', () => {
    const window = { start: new Date('2020-02-10T05:00:00Z'), end: new Date('2020-03-01T00:00:00Z') };
    const batches = batchesOf({ ...plan, size: 'month', window, now: new Date('2030-01-01T00:00:00Z') });
    expect(texts(batches)).toEqual(['2020-02-01T00:00 2020-03-01T00:00']);
  });

  it('follow each other without a gap and have ids of their own', () => {
    const moment = fc.date({
      min: new Date('1999-01-01Z'),
      max: new Date('2001-01-01Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(fc.constantFrom(...BATCH_SIZES), moment, moment, (size, a, b) => {
        const window = a < b ? { start: a, end: b } : { start: b, end: a };
        const batches = batchesOf({ ...plan, size, window, now: b });
        expect(batches[0]!.start).toEqual(floor(window.start, size));
        for (const [i, { start, end }] of batches.entries()) {
          expect(end).toEqual(batches[i + 1]?.start ?? end);
          if (i + 1 < batches.length) expect(end).toEqual(offset(start, size, 1));
        }
        expect(new Set(batches.map(({ start }) => batchId(start, size))).size).toBe(batches.length);
      }),
      { numRuns: 30 },
    );
  });

  it('are called by their start', () => {
    const start = new Date('2024-09-17T16:00:00Z');
    expect(BATCH_SIZES.map((size) => batchName(start, size))).toEqual([
      '2024-09-17T16',
      '2024-09-17',
      '2024-09',
      '2024',
    ]);
    expect(batchId(start, 'hour')).toBe('20240917T16');
  });
});
