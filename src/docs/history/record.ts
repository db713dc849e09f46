/** The file of one invocation in `.sq/history/`: made of results. read-record.ts reads it back. */
import type { NodeStatus } from '../../events.ts';
import type { NodeResult } from '../../execute/contract.ts';
import { type Invocation, scrub } from '../../invocation.ts';

export const VERSION = 1;
/** Of a message: enough to see what failed; the whole text is in run_results.json. */
const LONGEST_MESSAGE = 400;

/** A node as a list, because ten thousand objects would repeat ten thousand times their keys. */
export type StoredNode = [
  uniqueId: string,
  status: NodeStatus,
  thread: number,
  start: number | null,
  end: number | null,
  rows: number | null,
  failures: number | null,
  message: string | null,
];

interface Stored {
  version: number;
  invocation_id: string;
  command: string;
  select: string[];
  exclude: string[];
  target: string;
  started_at: string;
  elapsed: number;
  success: boolean;
  interrupted: boolean;
  nodes: StoredNode[];
}

export interface RecordedRun {
  invocation: Invocation;
  command: string;
  target: string;
  /** Seconds. */
  elapsed: number;
  success: boolean;
  interrupted: boolean;
  results: readonly NodeResult[];
}

/** No vars, no environment, no settings; secrets are masked. */
export function recordText(run: RecordedRun): string {
  const { invocation } = run;
  const { select, exclude } = invocation.flags.other;
  const started = invocation.startedAt.getTime();
  const stored: Stored = {
    version: VERSION,
    invocation_id: invocation.id,
    command: run.command,
    select: words(select),
    exclude: words(exclude),
    target: run.target,
    started_at: invocation.startedAt.toISOString(),
    elapsed: Math.round(run.elapsed * 1000),
    success: run.success,
    interrupted: run.interrupted,
    nodes: run.results.map((result) => storedNode(result, started)),
  };
  return scrub(JSON.stringify(stored), invocation.secrets);
}

function storedNode(result: NodeResult, started: number): StoredNode {
  const [first, last] = [result.timing[0], result.timing.at(-1)];
  const start = first === undefined ? null : Date.parse(first.started_at) - started;
  const end = last === undefined ? null : Date.parse(last.completed_at) - started;
  const { rows_affected: rows } = result.adapter_response;
  const failed = !['success', 'pass', 'no-op', 'reused'].includes(result.status);
  return [
    result.unique_id,
    result.status,
    first === undefined ? 0 : Number(/\d+/.exec(result.thread_id)?.[0] ?? 0),
    start,
    end,
    // a test's query answers one row that says how many failed: that is no row of a table
    typeof rows === 'number' && result.failures === null ? rows : null,
    result.failures,
    failed && result.message !== null ? result.message.slice(0, LONGEST_MESSAGE) : null,
  ];
}

function words(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}
