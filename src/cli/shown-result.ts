import type { NodeResult } from '../execute/index.ts';

/** The result of a query that built nothing (`show`, `--inline`), as run_results.json holds it. */
export function shownResult(unique_id: string, compiled_code: string, seconds: number): NodeResult {
  return {
    unique_id,
    status: 'success',
    timing: [],
    thread_id: 'Thread-1 (worker)',
    execution_time: seconds,
    adapter_response: {},
    message: null,
    failures: null,
    compiled: true,
    compiled_code,
    relation_name: null,
    batch_results: null,
  };
}
