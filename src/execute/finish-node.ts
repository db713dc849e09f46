/** Files a result: early endings are told apart from failures, events are sent, the result is kept. */
import type { NodeResult } from './contract.ts';
import type { Started } from './node-reporter.ts';
import type { RunState } from './run-state.ts';

export const FAIL_FAST_MESSAGE = 'Skipping due to fail_fast';

/** What dbt counts as failing: it makes descendants skipped and the exit code 1. */
export function hasFailed(result: Pick<NodeResult, 'status'>): boolean {
  if (result.status === 'partial success') return true;
  return result.status === 'error' || result.status === 'fail' || result.status === 'runtime error';
}

/** `hold` takes what would be told now, to be told later. */
export function finishNode(
  run: RunState,
  started: Started,
  result: NodeResult,
  hold: (tell: () => void) => void = (tell) => tell(),
): NodeResult {
  // dbt: what fail-fast has cancelled did not fail, it was skipped
  const cancelled = run.ending === 'fail-fast' && result.status === 'error';
  const final: NodeResult = cancelled ? { ...result, status: 'skipped', message: FAIL_FAST_MESSAGE } : result;
  if (started.index > 0) run.results.push(final);
  // compile and clone have no lines, and under --dry-run the statements are the line
  const { command, dryRun } = run.request;
  const silent = command === 'compile' || command === 'clone';
  hold(() => run.reporter.finish(started, final, !silent && !(dryRun && final.status === 'no-op')));
  return final;
}
