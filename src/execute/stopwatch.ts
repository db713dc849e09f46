/**
 * Time of one node: moments come from the invocation's clock, which a test may have stopped; durations are
 * always measured.
 */
import type { Invocation } from '../invocation.ts';
import type { Timing } from './contract.ts';

export class Stopwatch {
  readonly timing: Timing[] = [];
  private readonly startedAt = performance.now();

  constructor(private readonly invocation: Invocation) {}

  /** Seconds since the node began; always above 0. */
  get seconds(): number {
    return Math.max(performance.now() - this.startedAt, 0.001) / 1000;
  }

  /** Runs `work` and notes when it began and ended, also when it fails. */
  async phase<T>(name: Timing['name'], work: () => Promise<T>): Promise<T> {
    const started = moment(this.invocation);
    try {
      return await work();
    } finally {
      this.timing.push({ name, started_at: started, completed_at: moment(this.invocation) });
    }
  }
}

/** dbt's form in artefacts: `2026-01-31T12:00:00.123000Z`. */
export function moment(invocation: Invocation): string {
  return `${eventMoment(invocation)}Z`;
}

/** dbt's form in `node_info`: the same without zone. */
export function eventMoment(invocation: Invocation): string {
  return `${invocation.now().toISOString().slice(0, -1)}000`;
}
