/** Answers a plan's `seed` step: the file's columns, typed, and its rows, read in parts. */
import { SqError } from '../../errors.ts';
import type { Column } from '../../manifest/column.ts';
import type { SeedFile, SeedRequest } from '../contract.ts';
import { type CellText, ColumnInference } from './column-inference.ts';
import { type CsvRecord, readCsv } from './csv-records.ts';

/** Rows a statement inserts at most. */
const BATCH_ROWS = 10_000;
/** Cells of a file are kept while it is read for its types; a larger file is read a second time. */
const KEPT_CELLS = 2_000_000;

/**
 * Throws SqError kind Runtime with the file's place: no file, nothing in it, a delimiter that is not one
 * character, a row with more values than there are columns.
 */
export function readSeed(request: SeedRequest): SeedFile {
  checkDelimiter(request);
  const records = openRecords(request);
  const names = headerNames(records, request);
  const given = caseInsensitive(request.columnTypes);
  const columns = names.map((name) => new ColumnInference(given.has(name.toLowerCase())));
  const kept: string[][] = [];
  let complete = true;
  let rowCount = 0;
  for (const record of records) {
    checkWidth(record, names, rowCount, request);
    rowCount += 1;
    for (let i = 0; i < record.cells.length; i++) columns[i]!.add(record.cells[i]!);
    if (complete) kept.push(record.cells);
    if (kept.length * names.length > KEPT_CELLS) {
      complete = false;
      kept.length = 0;
    }
  }
  const texts = columns.map((column) => column.cellText);
  return {
    columns: names.map(
      (name, i): Column => ({ name, dataType: given.get(name.toLowerCase()) ?? columns[i]!.dataType }),
    ),
    rowCount,
    batches: {
      *[Symbol.iterator]() {
        yield* batches(complete ? kept : rowsAgain(request), texts);
      },
    },
    find(accepts) {
      const records = openRecords(request);
      records.next();
      for (const record of records) if (accepts(record.cells)) return record;
      return undefined;
    },
  };
}

function* batches(rows: Iterable<string[]>, texts: readonly CellText[]): Generator<(string | null)[][]> {
  let batch: (string | null)[][] = [];
  for (const row of rows) {
    batch.push(texts.map((text, i) => (i < row.length ? text(row[i]!) : null)));
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function* rowsAgain(request: SeedRequest): Generator<string[]> {
  const records = readCsv(request.path, request.delimiter);
  records.next();
  for (const record of records) yield record.cells;
}

function openRecords(request: SeedRequest): Generator<CsvRecord> {
  return readCsv(request.path, request.delimiter);
}

function headerNames(records: Generator<CsvRecord>, request: SeedRequest): string[] {
  let first: IteratorResult<CsvRecord>;
  try {
    first = records.next();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw problem(request, `The seed's file cannot be read: ${reason}`, undefined, undefined, cause);
  }
  if (first.done) {
    throw problem(request, 'The seed file is empty.', undefined, 'its first line must name the columns');
  }
  return distinctNames(first.value.cells);
}

/** agate: a column without a name gets a letter, a name that comes again a number. */
function distinctNames(cells: readonly string[]): string[] {
  const used = new Set<string>();
  return cells.map((cell, i) => {
    const name = cell === '' ? letterName(i) : cell;
    let unique = name;
    for (let n = 2; used.has(unique); n++) unique = `${name}_${n}`;
    used.add(unique);
    return unique;
  });
}

function letterName(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return letter.repeat(Math.floor(index / 26) + 1);
}

function checkDelimiter(request: SeedRequest): void {
  if ([...request.delimiter].length === 1) return;
  throw new SqError({
    kind: 'Compilation',
    code: 'seed',
    message: `"delimiter" must be a 1-character string, got ${JSON.stringify(request.delimiter)}`,
    at: { path: request.shownPath },
    hint: 'set config `delimiter` of the seed to the character between its values',
  });
}

function checkWidth(record: CsvRecord, names: readonly string[], row: number, request: SeedRequest): void {
  if (record.cells.length <= names.length) return;
  throw problem(
    request,
    `Row ${row} has ${record.cells.length} values, but Table only has ${names.length} columns.`,
    record.line,
    'put values that contain the delimiter into double quotes',
  );
}

function caseInsensitive(types: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(types).map(([name, type]) => [name.toLowerCase(), type]));
}

function problem(
  request: SeedRequest,
  message: string,
  line?: number,
  hint?: string,
  cause?: unknown,
): SqError {
  const at = { path: request.shownPath, ...(line === undefined ? {} : { line }) };
  return new SqError({ kind: 'Runtime', code: 'seed', message, at, hint, cause });
}
