/** A folder of the lake on this disk. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { diskError } from './disk-error.ts';
import type { LakeFolder } from './lake-folder.ts';
import { MANIFEST_NAME } from './lake-manifest.ts';

/** `path`: absolute; `shown`: as the author wrote it. */
export function localFolder(path: string, shown: string): LakeFolder {
  return {
    shown,
    replacesInPlace: true,
    read: async (name) => {
      try {
        return readFileSync(join(path, name), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw diskError(shown, error);
      }
    },
    write: async (name, text) =>
      guarded(shown, () => {
        mkdirSync(path, { recursive: true });
        const beside = join(path, `.${name}.new`);
        writeFileSync(beside, text);
        renameSync(beside, join(path, name));
      }),
    above: async () => folderAbove(path),
    list: async () => guarded(shown, () => filesBelow(path)),
    place: async (files) => {
      const made = new Set<string>();
      await inPieces(files, shown, ({ from, file }) => {
        const to = join(path, file.path);
        const folder = dirname(to);
        if (!made.has(folder)) mkdirSync(folder, { recursive: true });
        made.add(folder);
        // one file is one partition: whoever opens it gets the old one or the new one
        renameSync(from, to);
      });
    },
    remove: (names) =>
      inPieces(names, shown, (name) => {
        rmSync(join(path, name), { force: true });
        removeEmpty(path, dirname(name));
      }),
    close: () => {},
  };
}

/** The nearest folder above a path that is a model's own. */
export function folderAbove(path: string): string | undefined {
  for (let at = dirname(resolve(path)); ; at = dirname(at)) {
    if (existsSync(join(at, MANIFEST_NAME))) return `${at}/`;
    if (at === dirname(at)) return undefined;
  }
}

function filesBelow(root: string): Map<string, number> {
  const found = new Map<string, number>();
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name.startsWith('_')) continue;
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(name);
      else found.set(name, statSync(join(root, name)).size);
    }
  };
  try {
    walk('');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return found;
}

/** Folders that hold nothing any more, upwards, never the lake's own. */
function removeEmpty(root: string, folder: string): void {
  for (let name = folder; name !== '.' && name !== ''; name = dirname(name)) {
    try {
      rmdirSync(join(root, name));
    } catch {
      return;
    }
  }
}

/** Of many thousand files on a slow disk: the rest of the process goes on in between. */
async function inPieces<T>(items: readonly T[], shown: string, work: (item: T) => void): Promise<void> {
  for (const [i, item] of items.entries()) {
    if (i % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
    guarded(shown, () => work(item));
  }
}

function guarded<T>(shown: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw diskError(shown, error);
  }
}
