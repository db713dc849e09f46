/** What the last runs say of one vertex, and which of them stand out. */
import type { RunsChunk, State } from '../../chunks.ts';

export interface Past {
  /** Place in the list of runs. */
  run: number;
  /** Milliseconds. */
  ms: number;
  /** -1: not known. */
  rows: number;
  state: State;
  /** Much slower than the runs before it. */
  slower: boolean;
  /** Many more or fewer rows than the runs before it. */
  rowsJump: boolean;
}

/** Oldest first; runs in which the vertex did not run are left out. */
export function pastOf({ ran }: Pick<RunsChunk, 'ran'>, vertex: number): Past[] {
  const past: Past[] = [];
  let nodes: number[] = [];
  let rows: number[] = [];
  for (const [run, one] of ran.entries()) {
    if (one.node !== 0) nodes = one.node;
    if (one.rows !== 0) rows = one.rows;
    const i = nodes.indexOf(vertex);
    if (i === -1) continue;
    const state = Number(one.state[i]) as State;
    const before = past.filter((earlier) => earlier.state === 1).slice(-WINDOW);
    past.push({
      run,
      ms: one.ms[i]!,
      rows: rows[i]!,
      state,
      slower: isSlower(before, one.ms[i]!),
      rowsJump: jumps(before, rows[i]!),
    });
  }
  return past;
}

/** Runs that a run is compared with, and how many of them say something. */
const WINDOW = 10;
const ENOUGH = 3;
/** Below this a difference is noise. */
const LEAST_MS = 250;

function isSlower(before: readonly Past[], ms: number): boolean {
  if (before.length < ENOUGH) return false;
  const usual = median(before.map((one) => one.ms));
  return ms > usual * 1.5 && ms - usual >= LEAST_MS;
}

function jumps(before: readonly Past[], rows: number): boolean {
  const known = before.map((one) => one.rows).filter((count) => count >= 0);
  if (known.length < ENOUGH || rows < 0) return false;
  const usual = median(known);
  return Math.abs(rows - usual) > Math.max(1, usual) * 0.3;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
