import { resolve } from 'node:path';
import type { Opened } from '../open-and-parse.ts';
import { selectFor, words } from '../select-for.ts';
import type { Session } from '../session.ts';

/** What `docs generate` is asked for. */
export interface DocsOptions {
  /** False: compiled code is what target/compiled has. */
  compile: boolean;
  emptyCatalog: boolean;
  columnLineage: boolean;
  compiledCode: boolean;
  static: boolean;
  split: boolean;
  /** Absolute folder of index.html. */
  outputDir: string;
  /** Unique ids to compile and to look for in the warehouse; absent: all. */
  selected?: readonly string[];
  /** What `selected` came from, to compare it with that of another call. */
  selection: string;
}

export function docsOptions(session: Session, opened: Opened): DocsOptions {
  const { other } = session.invocation.flags;
  const asked = [words(other.select), words(other.exclude), words(other.selector)];
  const outputDir = typeof other.output_dir === 'string' ? other.output_dir : undefined;
  return {
    ...wholeDocs(opened),
    compile: other.compile !== false,
    emptyCatalog: other.empty_catalog === true,
    columnLineage: other.column_lineage !== false,
    compiledCode: other.compiled_code !== false,
    static: other.static === true,
    split: other.split === true,
    ...(outputDir !== undefined && { outputDir: resolve(session.invocation.cwd, outputDir) }),
    ...(asked.flat().length > 0 && { selected: selectFor(session, opened, 'docs') }),
    selection: JSON.stringify(asked),
  };
}

/** Without a flag: `build --docs`, which has compiled what it built. */
export function wholeDocs({ context }: Opened): DocsOptions {
  return {
    compile: false,
    emptyCatalog: false,
    columnLineage: true,
    compiledCode: true,
    static: false,
    split: false,
    outputDir: context.targetPath,
    selection: '',
  };
}
