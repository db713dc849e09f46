/** The chunk of runs: the last one second by second, the earlier ones as columns of figures. */
import type { RunFacts, RunsChunk, State } from '../chunks.ts';
import type { DocsInput, RunRecord } from '../contract.ts';
import { commandLine } from './command-line.ts';
import { durationOf } from './core.ts';
import { stateOf } from './state.ts';
import type { Subject } from './subject.ts';

export function packRuns({ history }: DocsInput, subject: Subject): RunsChunk {
  const oldestFirst = [...history].reverse();
  return {
    ...packLast(history[0], subject),
    history: oldestFirst.map((record) => factsOf(record, subject)),
    ran: packHistory(oldestFirst, subject),
  };
}

function packLast(record: RunRecord | undefined, { place, testPlace }: Subject) {
  const last = {
    item: [] as number[],
    start: [] as number[],
    ms: [] as number[],
    thread: [] as number[],
    state: [] as State[],
    threads: 0,
  };
  const ran = (record?.nodes ?? []).filter((run) => run.start !== null && run.end !== null);
  ran.sort((a, b) => a.start! - b.start!);
  // what sq does before the first node (reading the project, connecting) is no node's time
  const begin = ran[0]?.start ?? 0;
  for (const run of ran) {
    const test = testPlace.get(run.uniqueId);
    const item = test === undefined ? place.get(run.uniqueId) : -1 - test;
    if (item === undefined) continue;
    last.item.push(item);
    last.start.push(Math.round(run.start! - begin));
    last.ms.push(durationOf(run));
    last.thread.push(run.thread);
    last.state.push(stateOf(run.status));
    last.threads = Math.max(last.threads, run.thread);
  }
  return last;
}

function factsOf(record: RunRecord, { place, testPlace }: Subject): RunFacts {
  const { startedAt, elapsed, nodes } = record;
  const facts: RunFacts = {
    command: commandLine(record),
    startedAt,
    elapsed,
    nodes: [0, 0, 0, 0, 0],
    tests: [0, 0, 0, 0, 0],
  };
  for (const { uniqueId, status } of nodes) {
    if (testPlace.has(uniqueId)) facts.tests[stateOf(status)]! += 1;
    else if (place.has(uniqueId)) facts.nodes[stateOf(status)]! += 1;
  }
  return facts;
}

/** Fifty runs of ten thousand vertices: what is the same as in the run before is not written again. */
function packHistory(oldestFirst: readonly RunRecord[], { place }: Subject): RunsChunk['ran'] {
  let nodesBefore = '';
  let rowsBefore = '';
  return oldestFirst.map((record) => {
    const runs = record.nodes
      .flatMap((run) => {
        const v = place.get(run.uniqueId);
        return v === undefined || run.end === null ? [] : [{ v, run }];
      })
      .sort((a, b) => a.v - b.v);
    const node = runs.map(({ v }) => v);
    const rows = runs.map(({ run }) => run.rows ?? -1);
    const sameNodes = node.join() === nodesBefore;
    const sameRows = sameNodes && rows.join() === rowsBefore;
    nodesBefore = node.join();
    rowsBefore = rows.join();
    return {
      node: sameNodes ? (0 as const) : node,
      ms: runs.map(({ run }) => durationOf(run)),
      rows: sameRows ? (0 as const) : rows,
      state: runs.map(({ run }) => stateOf(run.status)).join(''),
    };
  });
}
