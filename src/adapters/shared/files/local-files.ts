/** Files of a location on disk. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { nearest } from '../../../errors.ts';
import { globBase, globPattern } from './glob.ts';
import { absolutePath, type FileLocation, isHidden } from './location.ts';

export interface FoundFiles {
  /** As the author would write them: the location, and the path below it. Folder by folder in order of names. */
  names: string[];
  /** Hidden files and folders that were passed over. */
  hidden: number;
}

/** Nothing stands at the location; `near`: a name beside it that may be meant. */
export interface NothingThere {
  missing: string;
  near: string | undefined;
}

/**
 * A folder stands for every file below it, a file for itself, a pattern for what matches. Names that begin
 * with `.` or `_` are passed over, unless the location itself names them. Links are followed; a folder is
 * visited once on each way down.
 */
export function localFiles(
  location: FileLocation & { kind: 'local' },
  projectDir: string,
): FoundFiles | NothingThere {
  const found: FoundFiles = { names: [], hidden: 0 };
  if (!location.pattern) {
    const kind = kindOf(absolutePath(projectDir, location.path));
    if (kind === 'file' && !location.folder) found.names.push(location.path);
    else if (kind === 'folder')
      walk(found, { projectDir, folder: location.path, above: [], take: () => true, hidden: isHidden });
    else return missing(location.path, projectDir);
    return found;
  }
  const base = globBase(location.path).replace(/(?<=.)\/$/, '');
  const folder = base === '' ? '.' : base;
  if (kindOf(absolutePath(projectDir, folder)) !== 'folder') return missing(folder, projectDir);
  const pattern = globPattern(location.path);
  // a pattern that spells a dot or underscore asks for such names
  const asked = /(^|\/)[._]/.test(location.path.slice(base.length));
  walk(found, {
    projectDir,
    folder,
    above: [],
    take: (name) => pattern.test(name),
    hidden: asked ? () => false : isHidden,
  });
  return found;
}

interface Walk {
  projectDir: string;
  folder: string;
  /** Real paths of the folders from which links were followed on the way down. */
  above: readonly string[];
  take(name: string): boolean;
  hidden(name: string): boolean;
}

function walk(found: FoundFiles, { projectDir, folder, above, take, hidden }: Walk): void {
  const path = absolutePath(projectDir, folder);
  const entries = readdirSync(path, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const prefix = folder === '.' ? '' : folder === '/' ? '/' : `${folder}/`;
  for (const entry of entries) {
    if (hidden(entry.name)) {
      found.hidden += 1;
      continue;
    }
    const name = prefix + entry.name;
    const link = entry.isSymbolicLink();
    const kind = link ? kindOf(`${path}/${entry.name}`) : entry.isDirectory() ? 'folder' : 'file';
    if (kind === 'file') {
      if (take(name)) found.names.push(name);
    } else if (kind === 'folder') {
      const real = link ? [...above, realpathSync(path)] : above;
      if (link && leadsBack(realpathSync(`${path}/${entry.name}`), real)) continue;
      walk(found, { projectDir, folder: name, above: real, take, hidden });
    }
  }
}

/** True for a folder that holds one of those the walk has come through. */
function leadsBack(folder: string, above: readonly string[]): boolean {
  return above.some((other) => other === folder || other.startsWith(`${folder}/`));
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : stat.isDirectory() ? 'folder' : 'file';
}

function missing(path: string, projectDir: string): NothingThere {
  // the nearest folder that exists says what may be meant
  let name = path;
  let parent = dirname(name);
  while (parent !== name && kindOf(absolutePath(projectDir, parent)) !== 'folder') {
    name = parent;
    parent = dirname(name);
  }
  const beside =
    kindOf(absolutePath(projectDir, parent)) === 'folder'
      ? readdirSync(absolutePath(projectDir, parent))
      : [];
  const near = nearest(
    basename(name),
    beside.filter((other) => !isHidden(other)),
  );
  return {
    missing: path,
    near: near === undefined ? undefined : parent === '.' ? near : `${parent}/${near}`,
  };
}
