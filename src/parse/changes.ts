/** Which files differ from those of the saved parse. */
import { readFileSync } from 'node:fs';
import { fileId } from './files.ts';
import type { SourceFile } from './session.ts';
import { type FileState, sha1 } from './store/cache-file.ts';

export interface Changes {
  changed: SourceFile[];
  added: SourceFile[];
  removed: FileState[];
  /** States of all files now; hashes of unchanged ones are taken over. */
  states: FileState[];
  /** True when only times moved (a checkout, a touch): the index is worth rewriting, the parse is not. */
  restamped: boolean;
}

/** A file written this short a time before it was read may be written again within the same tick. */
const RACY_MS = 100;

export function compareFiles(
  files: readonly SourceFile[],
  saved: readonly FileState[],
  now: number,
): Changes {
  const known = new Map(saved.map((state) => [`${state.kind}\u0000${state.id}`, state]));
  const changes: Changes = { changed: [], added: [], removed: [], states: [], restamped: false };
  for (const source of files) {
    const id = fileId(source);
    const key = `${source.kind}\u0000${id}`;
    const before = known.get(key);
    known.delete(key);
    if (before && sameStamp(before, source)) {
      changes.states.push(before);
      continue;
    }
    const state = stateOf(source, sha1(readFileSync(source.file.absolute)), now);
    changes.states.push(state);
    if (!before) changes.added.push(source);
    else {
      // of a changed file it holds once it is compared with what the file declares now: see remake-described.ts
      state.declares = before.declares;
      if (before.hash !== state.hash) changes.changed.push(source);
      else changes.restamped = true;
    }
  }
  changes.removed = [...known.values()];
  return changes;
}

/** What is remembered of a file; a racy one gets an impossible time, so that its bytes are compared next time. */
export function stateOf(source: SourceFile, hash: string, now: number): FileState {
  const { file, kind } = source;
  const racy = file.ctimeMs > now - RACY_MS;
  return {
    id: fileId(source),
    kind,
    size: file.size,
    mtimeMs: file.mtimeMs,
    ctimeMs: racy ? -1 : file.ctimeMs,
    ino: file.ino,
    hash,
  };
}

function sameStamp(before: FileState, { file }: SourceFile): boolean {
  return (
    before.size === file.size &&
    before.mtimeMs === file.mtimeMs &&
    before.ctimeMs === file.ctimeMs &&
    before.ino === file.ino
  );
}
