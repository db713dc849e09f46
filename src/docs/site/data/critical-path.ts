/** What a run waited for: from what finished last back to the parent that finished last, and so on. */
import type { RunsChunk } from '../../chunks.ts';
import type { Project } from './project.ts';
import { neighbours } from './reach.ts';

export interface CriticalPath {
  /** Places in the columns of the run, first to last. */
  steps: number[];
  /** Milliseconds of work on it. */
  work: number;
  /** Milliseconds from the start of the run to the end of the last step. */
  until: number;
}

/** Of vertices only: tests run beside and behind them. */
export function criticalPath(project: Project, { item, start, ms }: RunsChunk): CriticalPath {
  const ran = new Map<number, number>();
  for (const [i, v] of item.entries()) if (v >= 0) ran.set(v, i);
  const end = (i: number) => start[i]! + ms[i]!;
  const later = (best: number | undefined, i: number) =>
    best === undefined || end(i) > end(best) ? i : best;
  const steps: number[] = [];
  let step = [...ran.values()].reduce<number | undefined>(later, undefined);
  while (step !== undefined && !steps.includes(step)) {
    steps.push(step);
    step = [...neighbours(project.parents, item[step]!)]
      .flatMap((parent) => ran.get(parent) ?? [])
      .reduce<number | undefined>(later, undefined);
  }
  return {
    steps: steps.reverse(),
    work: steps.reduce((sum, i) => sum + ms[i]!, 0),
    until: steps.length === 0 ? 0 : end(steps.at(-1)!),
  };
}
