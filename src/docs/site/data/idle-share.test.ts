import { describe, expect, it } from 'vitest';
import type { RunsChunk } from '../../chunks.ts';
import { idleShare } from './idle-share.ts';

const share = (threads: number, steps: [thread: number, start: number, ms: number][]) =>
  idleShare({
    threads,
    thread: steps.map(([thread]) => thread),
    start: steps.map(([, start]) => start),
    ms: steps.map(([, , ms]) => ms),
  } as RunsChunk);

describe('the idle share of the threads', () => {
  it.each<[string, number, number, [number, number, number][]]>([
    ['nothing ran', 0, 2, []],
    ['one thread, busy all the time', 0, 1, [[1, 0, 100]]],
    ['the other thread did nothing', 0.5, 2, [[1, 0, 100]]],
    [
      'a pause',
      0.25,
      1,
      [
        [1, 0, 50],
        [1, 75, 25],
      ],
    ],
    [
      'a test within the time of its node',
      0,
      1,
      [
        [1, 0, 100],
        [1, 20, 30],
      ],
    ],
    ['a late begin is nobody’s time', 0, 1, [[1, 1000, 100]]],
  ])('%s', (_, idle, threads, steps) => {
    expect(share(threads, steps)).toBeCloseTo(idle);
  });
});
