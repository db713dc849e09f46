import { describe, expect, it } from 'vitest';
import { pastOf } from './history.ts';

const ran = (times: number[], rows: number[] = times.map(() => 100)) => ({
  ran: times.map((ms, i) => ({
    node: i === 0 ? [4, 7] : (0 as const),
    ms: [1, ms],
    rows: [0, rows[i]!],
    state: '11',
  })),
});

describe('the past of a node', () => {
  it('reads what is the same as in the run before', () => {
    expect(pastOf(ran([500, 510]), 7).map(({ run, ms, rows }) => [run, ms, rows])).toEqual([
      [0, 500, 100],
      [1, 510, 100],
    ]);
    expect(pastOf(ran([500]), 5)).toEqual([]);
  });

  it.each([
    ['half as long again', [1000, 1000, 1000, 1600], [false, false, false, true]],
    ['a little longer', [1000, 1000, 1000, 1400], [false, false, false, false]],
    ['twice as long, but of nearly nothing', [10, 10, 10, 20], [false, false, false, false]],
    ['too few runs to compare with', [1000, 1000, 5000], [false, false, false]],
  ])('marks a run that took %s', (_, times, marks) => {
    expect(pastOf(ran(times), 7).map(({ slower }) => slower)).toEqual(marks);
  });

  it('marks a jump of rows, in both directions', () => {
    const past = pastOf(ran([9, 9, 9, 9, 9, 9], [100, 100, 100, 140, 60, 110]), 7);
    expect(past.map(({ rowsJump }) => rowsJump)).toEqual([false, false, false, true, true, false]);
  });
});
