/**
 * What the last `docs generate` was made from, so that the next one does only what has changed: in
 * `target/.sq_docs.json`. A missing or broken file means that everything is done again.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './replace-file.ts';

export interface GeneratedState {
  /** Of sq: another one may compile or draw otherwise. */
  version: string;
  /** Absent where templates asked the warehouse what no catalog tells: then all is compiled again. */
  compiled?: {
    /** The parsed project that was compiled. */
    body: string;
    /** manifest.json with the compiled code in it. */
    manifest: string;
    /** `--select` and its kin. */
    selection: string;
    /** Hash of the relations that were there; absent where no template asked. */
    relations?: string;
  };
  page?: {
    /** The parsed project it shows. */
    body: string;
    /** Hash of all that the page shows. */
    key: string;
    path: string;
    bytes: number;
    mtimeMs: number;
  };
}

export function readState(targetPath: string, version: string): GeneratedState {
  try {
    const state = JSON.parse(readFileSync(fileIn(targetPath), 'utf8')) as GeneratedState;
    if (state.version === version) return state;
  } catch {
    // as if there had been none
  }
  return { version };
}

export function writeState(targetPath: string, state: GeneratedState): void {
  replaceFile(fileIn(targetPath), JSON.stringify(state));
}

/** True when the page of `state` is on the disk as it was written, and was made from the same. */
export function isPageCurrent({ page }: GeneratedState, key: string, path: string): boolean {
  if (page === undefined || page.key !== key || page.path !== path) return false;
  const now = statSync(path, { throwIfNoEntry: false });
  return now !== undefined && now.size === page.bytes && now.mtimeMs === page.mtimeMs;
}

function fileIn(targetPath: string): string {
  return join(targetPath, '.sq_docs.json');
}
