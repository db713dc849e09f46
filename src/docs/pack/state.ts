import type { NodeStatus } from '../../events.ts';
import type { State } from '../chunks.ts';
import type { Freshness } from '../contract.ts';

const OF_STATUS: Readonly<Record<NodeStatus, State>> = {
  'no-op': 0,
  success: 1,
  pass: 1,
  reused: 1,
  skipped: 2,
  warn: 3,
  'partial success': 3,
  error: 4,
  fail: 4,
  'runtime error': 4,
};

/** A status of run_results as the page shows it. */
export function stateOf(status: NodeStatus | undefined): State {
  return status === undefined ? 0 : OF_STATUS[status];
}

/** A status of sources.json as the page shows it. */
export function freshnessState(status: Freshness['status']): State {
  return status === 'pass' ? 1 : status === 'warn' ? 3 : 4;
}
