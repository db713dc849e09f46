import { join } from 'node:path';

/** Runs that are kept. */
export const KEPT = 50;

export function historyFolder(projectDir: string): string {
  return join(projectDir, '.sq', 'history');
}

/** Names of records, newest first: they begin with the time of the start. */
export function recordNames(names: readonly string[]): string[] {
  return names.filter((name) => /^\d{8}T\d+Z-\w+\.json$/.test(name)).sort((a, b) => (a < b ? 1 : -1));
}
