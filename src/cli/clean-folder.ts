import { existsSync, lstatSync, readdirSync, realpathSync, rmdirSync, unlinkSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/** True when `path` (or what it is a link to) lies in `root` and is not `root` itself. */
export function isInside(path: string, root: string): boolean {
  return below(path, root) && (!existsSync(path) || below(realpathSync(path), realpathSync(root)));
}

function below(path: string, root: string): boolean {
  const way = relative(resolve(root), resolve(path));
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === resolve(path);
}

/**
 * Deletes a folder with all that is in it, but DuckDB files (decision 4). Links are deleted, never followed.
 * Answers the absolute paths of the files that were kept; their folders stay too.
 */
export function cleanFolder(path: string): string[] {
  const kept: string[] = [];
  const visit = (current: string): boolean => {
    const stats = lstatSync(current, { throwIfNoEntry: false });
    if (stats === undefined) return true;
    if (!stats.isDirectory()) {
      if (/\.duckdb(\.wal)?$/.test(current) && !stats.isSymbolicLink()) {
        kept.push(current);
        return false;
      }
      unlinkSync(current);
      return true;
    }
    let empty = true;
    for (const name of readdirSync(current)) if (!visit(join(current, name))) empty = false;
    if (empty) rmdirSync(current);
    return empty;
  };
  visit(path);
  return kept;
}
