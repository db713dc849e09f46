/** Archives of packages: unpacked into a folder of their own, never outside of it. */
import { lstatSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { dependencyError } from './dependency-error.ts';

/**
 * Unpacks a .tar.gz into `folder` (made) and answers the one folder that it holds. Throws SqError (Dependency) for
 * an archive with names that lead outside, or of another shape.
 */
export async function unpack(archive: string, folder: string, shown: string): Promise<string> {
  const { extract } = await import('tar');
  mkdirSync(folder, { recursive: true });
  // an exception of the filter would be nobody's
  let leading: string | undefined;
  try {
    await extract({
      file: archive,
      cwd: folder,
      strict: true,
      preservePaths: false,
      preserveOwner: false,
      filter: (path, entry) => {
        const type = 'type' in entry ? entry.type : 'File';
        if (path.startsWith('/') || path.split(/[\\/]/).includes('..')) leading ??= path;
        if (leading !== undefined) return false;
        return type === 'File' || type === 'Directory' || type === 'OldFile' || type === 'ContiguousFile';
      },
    });
  } catch (cause) {
    throw dependencyError('archive', `The archive ${shown} cannot be unpacked: ${(cause as Error).message}`, {
      cause,
    });
  }
  if (leading !== undefined) throw outside(shown, leading);
  const entries = readdirSync(folder);
  const only = entries[0];
  if (entries.length !== 1 || only === undefined || !lstatSync(join(folder, only)).isDirectory()) {
    throw dependencyError(
      'archive',
      `Incorrect structure for package extracted from ${shown}. The extracted package needs to follow the structure <name>/<package_contents>.`,
    );
  }
  return join(folder, only);
}

/** Throws SqError (Dependency) for a link that leads out of the folder. */
export function refuseLinksOutside(folder: string, shown: string): void {
  const root = realpathSync(folder);
  const visit = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const below = join(path, entry.name);
      if (entry.isSymbolicLink()) {
        const target = realOrUndefined(below);
        if (target === undefined || !`${target}${sep}`.startsWith(`${root}${sep}`)) {
          throw outside(shown, below.slice(folder.length + 1));
        }
      } else if (entry.isDirectory() && entry.name !== '.git') visit(below);
    }
  };
  visit(folder);
}

function realOrUndefined(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function outside(shown: string, path: string) {
  return dependencyError(
    'unsafe-package',
    `The package ${shown} is refused: ${path} leads out of its folder`,
    {
      hint: 'a package holds files and links within itself only; tell its authors',
    },
  );
}
