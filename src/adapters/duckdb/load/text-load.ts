/**
 * Loads files of a text format into a new table. First everything in one statement that raises on the first
 * value that does not fit; only when that fails are the files searched for the rows that are to blame.
 */
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../contract.ts';
import type { LoadAnswer, LoadError } from '../../loader-contract.ts';
import type { CopyOptions } from '../../shared/copy/copy-options.ts';
import type { ExternalColumn } from '../../shared/copy/external-source.ts';
import type { LocalFile } from '../../shared/files/local-file.ts';
import { contentMd5 } from '../../shared/files/source-files.ts';
import { StatementError } from '../../shared/statement-error.ts';
import { findBadRows } from './bad-rows.ts';
import { writeGoodRows } from './good-rows.ts';
import { type Packing, packSmallFiles } from './small-files.ts';
import { checkQuery, dropFileColumn, FILE_COLUMN, loadQuery } from './text-columns.ts';
import type { TextFormat } from './text-format.ts';

export interface TextLoad {
  session: Session;
  /** Small files can be put into one. */
  packs: boolean;
  /** The format, for the files as they are read: what it needs to know of their content it asks the engine. */
  format(files: Pick<Packing, 'pack' | 'rest'>): Promise<TextFormat>;
  columns: readonly ExternalColumn[];
  options: CopyOptions;
  files: readonly LocalFile[];
  /** The table's name as SQL. */
  into: string;
  maxErrors: number;
  /** A ledger is kept: rows and MD5 of each file are wanted. */
  facts: boolean;
  /** An empty folder for files of this load; the caller removes it. */
  scratch: string;
}

/** More bad rows than this are not looked for when none is allowed. */
const SHOWN_ERRORS = 99;
/** Classes of errors that the content of a file can cause. */
const BAD_DATA = /^(Invalid Input|Conversion|Out of Range|Serialization|IO) Error$/;

/** Throws what is not the data's fault (no memory, no disk, cancelled). */
export async function loadTextFiles(load: TextLoad): Promise<LoadAnswer> {
  const packing = pack(load);
  const format = await load.format(packing);
  const first = await attempt(load, format.texts(packing.rest, { pack: packing.pack, withFile: load.facts }));
  if (typeof first === 'number') return loaded(load, first, { packing, errors: [] });
  const bad = await findBadRows({
    ...load,
    reader: format.reader,
    checkQuery: (from) => checkQuery(load.columns, load.options, format.checkTexts(from)),
    scratch: join(load.scratch, 'batch.json'),
    limit: Math.max(load.maxErrors, SHOWN_ERRORS),
  });
  const refused: LoadAnswer = {
    loaded: false,
    errors: bad.errors,
    complete: bad.complete,
    engineMessage: first.message,
  };
  if (bad.fatal || bad.errors.length > load.maxErrors) return refused;
  const again = await loadGoodRows(load, format, bad.byFile);
  return again === undefined ? refused : { ...again, errors: bad.errors };
}

function pack(load: TextLoad): Packing {
  const none: Packing = { pack: undefined, rest: [...load.files], rows: new Map(), etags: new Map() };
  const packing = load.packs
    ? packSmallFiles(load.files, {
        target: join(load.scratch, 'small.json'),
        gzip: load.options.gzip,
        facts: load.facts,
      })
    : none;
  packing.rest = packing.rest.map((file, i) =>
    file.part === undefined ? file : extracted(file, join(load.scratch, `${i}`)),
  );
  return packing;
}

/** A part of a larger file as a file of its own. */
function extracted(file: LocalFile, target: string): LocalFile {
  const { offset, length } = file.part as { offset: number; length: number };
  const descriptor = openSync(file.path, 'r');
  try {
    const content = Buffer.allocUnsafe(length);
    readSync(descriptor, content, 0, length, offset);
    const path = target + (file.name.endsWith('.gz') ? '.gz' : '');
    writeFileSync(path, content);
    return { name: file.name, path };
  } finally {
    closeSync(descriptor);
  }
}

/** Rows loaded, or the error when the data is to blame. */
async function attempt(
  { session, columns, options, into, facts }: TextLoad,
  texts: readonly string[],
): Promise<number | StatementError> {
  // an empty file list: a table without rows
  const sources =
    texts.length > 0
      ? texts
      : [
          `select ${columns.map((_, i) => `null::varchar as t${i + 1}`).join(', ')}${facts ? `, '' as ${FILE_COLUMN}` : ''} where false`,
        ];
  try {
    const done = await session.execute(
      `create or replace table ${into} as\n${loadQuery(columns, options, sources, facts)}`,
    );
    return done.rowsAffected ?? 0;
  } catch (error) {
    if (error instanceof StatementError && BAD_DATA.test(error.engine.code ?? '')) return error;
    throw error;
  }
}

/** Everything again from copies that hold the good rows only; undefined when the engine refuses them as well. */
async function loadGoodRows(
  load: TextLoad,
  format: TextFormat,
  leaveOut: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<(LoadAnswer & { loaded: true }) | undefined> {
  const target = join(load.scratch, 'good.json');
  const kept = await writeGoodRows({
    ...load,
    gzip: load.options.gzip,
    reader: format.reader,
    leaveOut,
    target,
  });
  const known = await load.format({ pack: target, rest: [] });
  const rows = await attempt(load, [known.recordTexts(target, load.facts)]);
  if (typeof rows !== 'number') return undefined;
  if (load.facts) await load.session.execute(dropFileColumn(load.into));
  return {
    loaded: true,
    rows,
    rowsByFile: load.facts ? Object.fromEntries(kept) : {},
    etags: load.facts ? Object.fromEntries(load.files.map((file) => [file.name, contentMd5(file)])) : {},
    errors: [],
    notices: [],
  };
}

async function loaded(
  load: TextLoad,
  rows: number,
  { packing, errors }: { packing: Packing; errors: LoadError[] },
): Promise<LoadAnswer> {
  const answer = { loaded: true as const, rows, rowsByFile: {}, etags: {}, errors, notices: [] };
  if (!load.facts) return answer;
  const counted = new Map(packing.rows);
  if (packing.rest.length > 0) {
    const found = await load.session.query(`select ${FILE_COLUMN}, count(*) from ${load.into} group by 1`);
    const byPath = new Map(found.rows.map(([path, count]) => [String(path), Number(count)]));
    for (const file of packing.rest) counted.set(file.name, byPath.get(file.path) ?? 0);
  }
  await load.session.execute(dropFileColumn(load.into));
  const etags = new Map(packing.etags);
  for (const file of packing.rest) etags.set(file.name, contentMd5(file));
  return { ...answer, rowsByFile: Object.fromEntries(counted), etags: Object.fromEntries(etags) };
}
