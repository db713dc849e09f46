/** The file of one invocation, read back. Only `sq docs` and `sq lineage` load this, and zod with it. */
import { z } from 'zod';
import type { NodeRun, RunRecord } from '../contract.ts';
import { type StoredNode, VERSION } from './record.ts';

const RECORD = z.object({
  version: z.literal(VERSION),
  invocation_id: z.string(),
  command: z.string(),
  select: z.array(z.string()),
  exclude: z.array(z.string()),
  target: z.string(),
  started_at: z.string(),
  elapsed: z.number(),
  success: z.boolean(),
  interrupted: z.boolean(),
  // ten thousand of them in each of fifty files: looking at every one would take longer than drawing the page
  nodes: z.custom<StoredNode[]>((value) => Array.isArray(value) && value.every(Array.isArray)),
});

/** Undefined for a text that is no record, or one of a version that this sq does not know. */
export function recordOf(text: string): RunRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { data } = RECORD.safeParse(value);
  if (data === undefined) return undefined;
  const { version: _version, invocation_id, started_at, nodes, ...same } = data;
  return { ...same, invocationId: invocation_id, startedAt: started_at, nodes: nodes.map(runOf) };
}

function runOf([uniqueId, status, thread, start, end, rows, failures, message]: StoredNode): NodeRun {
  return { uniqueId, status, thread, start, end, rows, failures, message };
}
