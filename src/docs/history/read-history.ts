import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeRun, RunRecord } from '../contract.ts';
import { historyFolder, KEPT, recordNames } from './history-folder.ts';
import { recordOf } from './read-record.ts';

/**
 * Runs of the project, newest first, at most 50. Files that are no records, or of a version that this sq does not
 * know, are left out: the history is a help, not a source of truth.
 */
export function readHistory(projectDir: string, most = KEPT): RunRecord[] {
  const folder = historyFolder(projectDir);
  const records: RunRecord[] = [];
  for (const name of recordNames(namesIn(folder)).slice(0, most)) {
    const record = recordOf(textOf(join(folder, name)));
    if (record !== undefined) records.push(record);
  }
  return records;
}

/** Of every node that a run of `history` touched, its newest run. */
export function latestRuns(history: readonly RunRecord[]): Map<string, NodeRun & { record: RunRecord }> {
  const latest = new Map<string, NodeRun & { record: RunRecord }>();
  for (const record of history) {
    for (const run of record.nodes) {
      const before = latest.get(run.uniqueId);
      if (before === undefined) latest.set(run.uniqueId, { ...run, record });
    }
  }
  return latest;
}

/**
 * Rows that a node had when it was last built, by the newest run that says so: a run in which it was skipped or
 * failed leaves the table of the run before.
 */
export function lastRows(history: readonly RunRecord[]): Map<string, number> {
  const rows = new Map<string, number>();
  for (const record of history) {
    for (const run of record.nodes) {
      if (run.status === 'success' && run.rows !== null && !rows.has(run.uniqueId)) {
        rows.set(run.uniqueId, run.rows);
      }
    }
  }
  return rows;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
