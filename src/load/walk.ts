/**
 * The files of a project. One pass over each configured folder; a project of 12,500 files is read in about a
 * tenth of a second of processor time, and the order is always the same: by name, folder by folder.
 */
import { type Dirent, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectFile } from './contract.ts';
import { type Ignores, ignoreRules } from './ignore-rules.ts';

export interface WalkOptions {
  /** Endings that are wanted, with their dot, in lower case: `.sql`. */
  extensions: readonly string[];
  /** Default: nothing is left out. */
  ignores?: Ignores;
}

/**
 * Files below `root`/`base` for each of `bases`, in that order. As dbt: folders that do not exist are empty,
 * names that begin with `.`, `#` or `~` are no files of a project, endings are compared without regard to
 * case. Linked folders are followed; a link to a folder that it stands in is not. Links to nothing are left
 * out, and so is `.ipynb_checkpoints`, where editors keep copies that would be found twice.
 */
export function walkFiles(root: string, bases: readonly string[], options: WalkOptions): ProjectFile[] {
  const walk = new Walk(options);
  for (const base of new Set(bases.map(tidy))) walk.folder(join(root, base), base, '', base);
  return walk.files;
}

/** The rules of `.dbtignore` in `root`, or none. */
export function projectIgnores(root: string): Ignores | undefined {
  let text: string;
  try {
    text = readFileSync(join(root, '.dbtignore'), 'utf8');
  } catch {
    return undefined;
  }
  return ignoreRules(text);
}

/** `./models/` is `models`. */
function tidy(base: string): string {
  const path = base
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '');
  return path === '' ? '.' : path;
}

class Walk {
  readonly files: ProjectFile[] = [];
  private readonly endings: Set<string>;

  constructor(private readonly options: WalkOptions) {
    this.endings = new Set(options.extensions);
  }

  /** `relative` is '' or ends with a slash; `path` is relative to the root. */
  folder(absolute: string, base: string, relative: string, path: string, linked = false): void {
    let entries: Dirent[];
    try {
      entries = readdirSync(absolute, { withFileTypes: true });
    } catch {
      return;
    }
    if (linked && this.isAbove(absolute)) return;
    entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const prefix = path === '.' ? '' : `${path}/`;
    for (const entry of entries) {
      const { name } = entry;
      if (entry.isDirectory()) {
        if (name !== '.ipynb_checkpoints') {
          this.folder(`${absolute}/${name}`, base, `${relative}${name}/`, prefix + name);
        }
      } else if (entry.isFile()) {
        if (this.wanted(name)) this.file(`${absolute}/${name}`, base, relative + name, prefix + name);
      } else {
        this.other(`${absolute}/${name}`, name, base, relative, prefix + name);
      }
    }
  }

  private wanted(name: string): boolean {
    const first = name.charCodeAt(0);
    if (first === 46 || first === 35 || first === 126) return false;
    const dot = name.lastIndexOf('.');
    return dot > 0 && (this.endings.has(name.slice(dot)) || this.endings.has(name.slice(dot).toLowerCase()));
  }

  /** A link, or what the file system does not tell. */
  private other(absolute: string, name: string, base: string, relative: string, path: string): void {
    const stats = statSync(absolute, { throwIfNoEntry: false });
    if (!stats) return;
    if (stats.isDirectory()) this.folder(absolute, base, `${relative}${name}/`, path, true);
    else if (stats.isFile() && this.wanted(name)) this.file(absolute, base, relative + name, path, stats);
  }

  private file(absolute: string, base: string, relative: string, path: string, known?: Stats): void {
    if (this.options.ignores?.(path)) return;
    const stats = known ?? statSync(absolute, { throwIfNoEntry: false });
    if (!stats) return;
    const { size, mtimeMs, ctimeMs, ino } = stats;
    this.files.push({ absolute, path, base, relative, size, mtimeMs, ctimeMs, ino });
  }

  /** True when a linked folder is one of those that its path leads through. */
  private isAbove(absolute: string): boolean {
    const target = realpathSync(absolute);
    let above = absolute;
    for (let slash = above.lastIndexOf('/'); slash > 0; slash = above.lastIndexOf('/')) {
      above = above.slice(0, slash);
      if (realpathSync(above) === target) return true;
    }
    return false;
  }
}
