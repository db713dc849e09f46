import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes beside and renames: who reads meanwhile has the old file or the new one, never half of it. Makes the folder.
 * An error names the file that was wanted, not the one beside it.
 */
export function replaceFile(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    if ((error as NodeJS.ErrnoException).path === beside) (error as NodeJS.ErrnoException).path = path;
    throw error;
  }
}
