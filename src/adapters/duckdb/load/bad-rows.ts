/**
 * The search for rows that cannot be loaded, after DuckDB has refused to load all of them: every file is read
 * record by record, and the engine is asked about the values of each batch with the rules of the load itself.
 */
import { writeFileSync } from 'node:fs';
import type { Session } from '../../contract.ts';
import type { LoadError } from '../../loader-contract.ts';
import type { CopyOptions } from '../../shared/copy/copy-options.ts';
import type { ExternalColumn } from '../../shared/copy/external-source.ts';
import { reasonOf } from '../../shared/copy/reason.ts';
import type { LocalFile } from '../../shared/files/local-file.ts';
import { lineBlocks } from '../../shared/records/file-lines.ts';
import type { FileRecord } from '../../shared/records/record.ts';
import { fileList } from './spelling.ts';

/** Fed with the lines of one file. */
export interface RecordReader {
  push(lines: readonly Buffer[]): FileRecord[];
  end(): FileRecord[];
  /** So far the file is one that the engine reads as it is. */
  readonly plain: boolean;
}

export interface SearchOptions {
  session: Session;
  files: readonly LocalFile[];
  columns: readonly ExternalColumn[];
  options: CopyOptions;
  reader(): RecordReader;
  /** The query that finds bad values among records `{"i": number, "r": record}` of `from`. */
  checkQuery(from: string): string;
  /** Path of a file to write batches to. */
  scratch: string;
  /** The search ends when more bad rows than this are found. */
  limit: number;
}

export interface BadRows {
  errors: LoadError[];
  /** Numbers of bad records by file, in order of the file from 0. */
  byFile: Map<string, Set<number>>;
  /** Files that the engine does not read as they are, or not all of their rows. */
  rewrite: Set<string>;
  /** Every record was looked at. */
  complete: boolean;
  /** A file cannot be read at all: no `maxerror` helps. */
  fatal: boolean;
}

const BATCH_BYTES = 16 * 1024 * 1024;
/** STL_LOAD_ERRORS keeps as much of a line and of a value. */
const KEPT = 1024;

interface Pending {
  file: string;
  /** Number of the record in its file. */
  number: number;
  record: FileRecord;
}

export async function findBadRows(search: SearchOptions): Promise<BadRows> {
  const found: BadRows = { errors: [], byFile: new Map(), rewrite: new Set(), complete: true, fatal: false };
  let batch: Pending[] = [];
  let bytes = 0;
  const settle = async () => {
    for (const error of await badOf(batch, search)) note(found, error.pending, error.error);
    batch = [];
    bytes = 0;
  };
  for (const file of search.files) {
    const reader = search.reader();
    let number = 0;
    const take = (records: readonly FileRecord[]) => {
      for (const record of records) {
        batch.push({ file: file.name, number, record });
        number += 1;
        bytes += record.raw.length * 2;
        if (record.fatal) found.fatal = true;
      }
    };
    try {
      for await (const lines of lineBlocks(file, search.options.gzip || file.name.endsWith('.gz'))) {
        take(reader.push(lines));
        if (bytes >= BATCH_BYTES) await settle();
        if (found.errors.length > search.limit) return { ...found, complete: false };
      }
      take(reader.end());
      if (!reader.plain) found.rewrite.add(file.name);
    } catch (error) {
      take([{ line: 1, raw: '', problem: `it cannot be read: ${(error as Error).message}`, fatal: true }]);
    }
    if (bytes >= BATCH_BYTES) await settle();
    if (found.errors.length > search.limit) return { ...found, complete: false };
  }
  await settle();
  found.errors.sort((a, b) => order(search, a, b));
  return found;
}

function order({ files }: SearchOptions, a: LoadError, b: LoadError): number {
  if (a.file === b.file) return (a.line ?? 0) - (b.line ?? 0);
  return files.findIndex((file) => file.name === a.file) - files.findIndex((file) => file.name === b.file);
}

function note(found: BadRows, { file, number }: Pending, error: LoadError): void {
  found.errors.push(error);
  found.rewrite.add(file);
  const numbers = found.byFile.get(file) ?? new Set();
  numbers.add(number);
  found.byFile.set(file, numbers);
}

async function badOf(
  batch: readonly Pending[],
  search: SearchOptions,
): Promise<{ pending: Pending; error: LoadError }[]> {
  const bad: { pending: Pending; error: LoadError }[] = [];
  const lines: string[] = [];
  batch.forEach((pending, i) => {
    const { record } = pending;
    if (record.json === undefined)
      bad.push({ pending, error: rowError(pending, record.problem ?? 'it cannot be read') });
    else lines.push(`{"i":${i},"r":${record.json}}`);
  });
  if (lines.length === 0) return bad;
  writeFileSync(search.scratch, lines.join('\n'));
  const from = `read_json_objects(${fileList([search.scratch])}, format = 'newline_delimited')`;
  const { rows } = await search.session.query(search.checkQuery(from));
  for (const [i, column, value] of rows) {
    const pending = batch[Number(i)] as Pending;
    bad.push({
      pending,
      error: valueError(
        pending,
        search.columns[Number(column)] as ExternalColumn,
        String(value),
        search.options,
      ),
    });
  }
  return bad;
}

function rowError({ file, record }: Pending, reason: string): LoadError {
  return { file, line: record.line, rawLine: record.raw.slice(0, KEPT), reason };
}

function valueError(
  pending: Pending,
  { name, type }: ExternalColumn,
  value: string,
  options: CopyOptions,
): LoadError {
  return {
    ...rowError(pending, reasonOf(type, value, options)),
    column: name,
    type: type.written,
    value: value.slice(0, KEPT),
  };
}
