import type { RunsChunk } from '../../chunks.ts';

/**
 * Share of the time, over all threads, in which nothing ran, from the first start to the last end. Tests of an audited
 * node run within its own time, so what overlaps on a thread counts once.
 */
export function idleShare({ start, ms, thread, threads }: RunsChunk): number {
  let begin = Number.POSITIVE_INFINITY;
  let end = 0;
  let busy = 0;
  /** Where each thread is busy until. */
  const until: number[] = [];
  // the steps come in the order of their start
  for (const [i, from] of start.entries()) {
    const to = from + ms[i]!;
    begin = Math.min(begin, from);
    end = Math.max(end, to);
    const free = until[thread[i]!] ?? 0;
    busy += Math.max(0, to - Math.max(from, free));
    until[thread[i]!] = Math.max(free, to);
  }
  const span = (end - begin) * threads;
  return span > 0 ? Math.max(0, 1 - busy / span) : 0;
}
