/** What a disk says when a folder of the lake cannot be written, in a person's words. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { SqError } from '../../../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a file stands where a folder is needed',
  EEXIST: 'a file stands where a folder is needed',
  EISDIR: 'a folder stands where a file is needed',
  ENAMETOOLONG: 'the name of a file or folder is too long for this disk',
};

/** `shown`: the folder or file as the author wrote it. */
export function diskError(shown: string, error: unknown): SqError {
  if (error instanceof SqError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new SqError({
    kind: 'Runtime',
    code: 'lake-disk',
    message: `${shown} cannot be written: ${REASONS[code] ?? String(message)}.`,
    hint: 'what stood there stands as it was, each partition old or new: mend the cause and run the model again',
    cause: error,
  });
}

const SAID: readonly [text: RegExp, code: string][] = [
  [/No space left on device/i, 'ENOSPC'],
  [/Disk quota exceeded/i, 'EDQUOT'],
  [/File name too long/i, 'ENAMETOOLONG'],
  [/Read-only file system/i, 'EROFS'],
  [/Permission denied/i, 'EACCES'],
];

/**
 * The same for what the engine says while it writes to `path`, a file or folder. Undefined for any other error: what a
 * query reads, or spills, is not the lake's.
 */
export function engineDiskError(
  error: unknown,
  { shown, path }: { shown: string; path: string },
): SqError | undefined {
  const text = String((error as Error).message);
  const code = text.includes(path) ? SAID.find(([said]) => said.test(text))?.[1] : undefined;
  return code === undefined ? undefined : diskError(shown, Object.assign(new Error(text), { code }));
}

/** Makes a folder and those above it. Node's own recursive call says ENOENT of a read-only disk. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    let missing = path;
    while (!existsSync(dirname(missing))) missing = dirname(missing);
    mkdirSync(missing);
    throw error;
  }
}
