/**
 * Loads files of a text format into a new table. First everything in one statement that raises on the first
 * value that does not fit; only when that fails are the files searched for the rows that are to blame.
 */
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../contract.ts';
import type { LoadAnswer } from '../../loader-contract.ts';
import type { CopyOptions } from '../../shared/copy/copy-options.ts';
import type { ExternalColumn } from '../../shared/copy/external-source.ts';
import type { LocalFile } from '../../shared/files/local-file.ts';
import { contentMd5 } from '../../shared/files/source-files.ts';
import { StatementError } from '../../shared/statement-error.ts';
import { type BadRows, findBadRows } from './bad-rows.ts';
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
const NO_DISK = /space|could not write|permission/i;

/** Throws what is not the data's fault (no memory, no disk, cancelled). */
export async function loadTextFiles(load: TextLoad): Promise<LoadAnswer> {
  const packing = pack(load, load.files, 'small');
  const format = await load.format(packing);
  const first = await attempt(load, format.texts(packing.rest, { pack: packing.pack, withFile: load.facts }));
  if (typeof first === 'number') return counted(load, packing, first);
  const bad = await findBadRows({
    ...load,
    reader: format.reader,
    checkQuery: (from) => checkQuery(load.columns, load.options, format.checkTexts(from)),
    scratch: join(load.scratch, 'batch.json'),
    limit: Math.max(load.maxErrors, SHOWN_ERRORS),
  });
  const { errors, complete } = bad;
  const refused: LoadAnswer = { loaded: false, errors, complete, engineMessage: first.message };
  if (bad.fatal || errors.length > load.maxErrors) return refused;
  const again = await loadGoodRows(load, format, bad);
  return again === undefined ? refused : { ...again, errors };
}

function pack(load: TextLoad, files: readonly LocalFile[], name: string): Packing {
  const packing: Packing = load.packs
    ? packSmallFiles(files, {
        target: join(load.scratch, `${name}.json`),
        gzip: load.options.gzip,
        facts: load.facts,
      })
    : { pack: undefined, rest: [...files], rows: new Map(), etags: new Map() };
  packing.rest = packing.rest.map((file, i) =>
    file.part === undefined ? file : extracted(file, join(load.scratch, `${name}-${i}`)),
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
    const data = error instanceof StatementError && BAD_DATA.test(error.engine.code ?? '');
    if (data && !(error.engine.code === 'IO Error' && NO_DISK.test(error.message))) return error;
    throw error;
  }
}

type Loaded = LoadAnswer & { loaded: true };

/** Everything again, with copies of the good rows in place of files with bad ones; undefined when that fails too. */
async function loadGoodRows(load: TextLoad, format: TextFormat, bad: BadRows): Promise<Loaded | undefined> {
  const some = load.files.filter(({ name }) => bad.rewrite.has(name));
  // with a ledger, the copies say how many rows each file has
  if (!load.facts && some.length > 0 && some.length < load.files.length) {
    const answer = await loadWithCopies(load, format, { bad, copied: some });
    if (answer !== undefined) return answer;
  }
  return loadWithCopies(load, format, { bad, copied: load.files });
}

async function loadWithCopies(
  load: TextLoad,
  format: TextFormat,
  { bad, copied }: { bad: BadRows; copied: readonly LocalFile[] },
): Promise<Loaded | undefined> {
  const { facts, options, scratch } = load;
  const target = join(scratch, 'good.json');
  const { reader } = format;
  const kept = await writeGoodRows({
    files: copied,
    gzip: options.gzip,
    reader,
    leaveOut: bad.byFile,
    target,
  });
  const packing = pack(
    load,
    load.files.filter(({ name }) => !kept.has(name)),
    'again',
  );
  const known = await load.format({
    pack: packing.pack,
    rest: [...packing.rest, { name: target, path: target }],
  });
  const direct = known.texts(packing.rest, { pack: packing.pack, withFile: facts });
  const rows = await attempt(load, [...direct, known.recordTexts(target, facts)]);
  if (typeof rows !== 'number') return undefined;
  const answer = { loaded: true as const, rows, rowsByFile: {}, etags: {}, errors: [], notices: [] };
  if (!facts) return answer;
  await load.session.execute(dropFileColumn(load.into));
  const etags = load.files.map((file) => [file.name, contentMd5(file)]);
  return { ...answer, rowsByFile: Object.fromEntries(kept), etags: Object.fromEntries(etags) };
}

/** The answer to a load in one go; with a ledger, the rows and MD5 of each file. */
async function counted(load: TextLoad, packing: Packing, rows: number): Promise<Loaded> {
  const answer = { loaded: true as const, rows, rowsByFile: {}, etags: {}, errors: [], notices: [] };
  if (!load.facts) return answer;
  const rowsByFile = new Map(packing.rows);
  if (packing.rest.length > 0) {
    const found = await load.session.query(`select ${FILE_COLUMN}, count(*) from ${load.into} group by 1`);
    const byPath = new Map(found.rows.map(([path, count]) => [String(path), Number(count)]));
    for (const file of packing.rest) rowsByFile.set(file.name, byPath.get(file.path) ?? 0);
  }
  await load.session.execute(dropFileColumn(load.into));
  const etags = new Map(packing.etags);
  for (const file of packing.rest) etags.set(file.name, contentMd5(file));
  return { ...answer, rowsByFile: Object.fromEntries(rowsByFile), etags: Object.fromEntries(etags) };
}
