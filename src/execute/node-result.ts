/** Results in the shape of run_results v6. */
import type { NodeStatus } from '../events.ts';
import type { CompiledNode, GraphNode } from '../manifest/nodes.ts';
import type { NodeResult, Timing } from './contract.ts';

export interface ResultInput {
  node: GraphNode;
  status: NodeStatus;
  message: string | null;
  threadId: string;
  timing?: Timing[];
  /** Seconds. */
  executionTime?: number;
  adapterResponse?: Record<string, unknown>;
  failures?: number | null;
  /** Compiled SQL where there is some. */
  compiledCode?: string;
  /** Where a test has stored its failing rows. */
  storedIn?: string;
}

/** dbt leaves the last three fields null for what is not compiled (seeds, exposures). */
export function nodeResult(input: ResultInput): NodeResult {
  const { node } = input;
  const compilable =
    node.resource_type === 'unit_test' || ('raw_code' in node && node.resource_type !== 'seed');
  return {
    unique_id: node.unique_id,
    status: input.status,
    timing: input.timing ?? [],
    thread_id: input.threadId,
    execution_time: input.executionTime ?? 0,
    adapter_response: input.adapterResponse ?? {},
    message: input.message,
    failures: input.failures ?? null,
    compiled: compilable ? input.compiledCode !== undefined : null,
    compiled_code: compilable ? (input.compiledCode ?? null) : null,
    relation_name: compilable ? (input.storedIn ?? (node as CompiledNode).relation_name ?? null) : null,
    batch_results: null,
  };
}

/** `{_message: 'SELECT 10', code: 'SELECT', rows_affected: 10}`, and `retries: 1` where there were any. */
export function adapterResponse(
  message: string,
  rowsAffected: number | null,
  retries = 0,
): Record<string, unknown> {
  const response: Record<string, unknown> = { _message: message };
  const code = message.replace(/\s+-?\d+$/, '');
  if (code !== 'OK') response.code = code;
  if (rowsAffected !== null) response.rows_affected = rowsAffected;
  if (retries > 0) response.retries = retries;
  return response;
}

/** `Thread-1 (worker)`, dbt's name of a slot. */
export function threadName(slot: number): string {
  return `Thread-${slot} (worker)`;
}
