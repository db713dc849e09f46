/** Rows of a unit test's inputs and its expectation, from wherever the author put them, as dbt keeps them. */
import { SqError } from '../../errors.ts';
import { isRecord } from '../config/merge.ts';

export type Row = Record<string, unknown>;

export interface UnitTestTable {
  rows: Row[] | string | null;
  format: 'dict' | 'csv' | 'sql';
  fixture: string | null;
}

export interface RowSources {
  /** Text of a fixture file by its name; undefined where there is none. */
  fixture(name: string): string | undefined;
  /** Text of the seed that `input` refers to; undefined for anything else. */
  seed(input: string): string | undefined;
}

export interface RowsInput {
  raw: Record<string, unknown>;
  /** `input` or `expected`, for messages. */
  role: 'input' | 'expected';
  test: string;
  path: string;
  at: () => { path: string; line: number; column: number };
}

/** Throws kind Parsing, in dbt's words, for rows that are not of their format and files that are not there. */
export function unitTestTable(input: RowsInput, sources: RowSources): UnitTestTable {
  const { raw } = input;
  const format = (raw.format ?? 'dict') as UnitTestTable['format'];
  const fixture = typeof raw.fixture === 'string' ? raw.fixture : null;
  const table: UnitTestTable = { rows: rowsOf(input, format, fixture, sources), format, fixture };
  if (format !== 'sql') promoteFilled(table.rows as Row[]);
  return table;
}

function rowsOf(
  input: RowsInput,
  format: UnitTestTable['format'],
  fixture: string | null,
  sources: RowSources,
): Row[] | string {
  const { raw, role, test } = input;
  const given = raw.rows;
  const wrong = (more: string) =>
    failure(input, `Unit test ${test} has ${role} rows${more} which do not match format ${format}`);
  if (format === 'dict') {
    if ((given === undefined || given === null) && fixture === null && role === 'input') {
      const seed = sources.seed(String(raw.input));
      if (seed === undefined)
        throw failure(
          input,
          `Unable to find seed for input ${String(raw.input)} of unit test '${test}'`,
          'an input without rows takes those of a seed: give rows, or [] for none',
        );
      return csvRows(seed);
    }
    if (!Array.isArray(given)) throw wrong('');
    return given.map((row) => (isRecord(row) ? { ...row } : {}));
  }
  const text = fixture === null ? given : fixtureText(input, fixture, sources);
  if (typeof text !== 'string') throw wrong(' or fixtures');
  if (format === 'sql') return text;
  return csvRows(text).map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === '' ? null : value])),
  );
}

function fixtureText(input: RowsInput, name: string, sources: RowSources): string {
  const text = sources.fixture(name);
  if (text !== undefined) return text.trim();
  throw failure(
    input,
    `File not found for fixture '${name}' in unit tests in ${input.path}`,
    'fixtures are files below tests/fixtures, named without their ending',
  );
}

function failure(input: RowsInput, message: string, hint?: string): SqError {
  return new SqError({ kind: 'Parsing', code: 'unit-test-rows', message, at: input.at(), hint });
}

/** The first row without nulls comes first: engines take a column's type from the first row. */
function promoteFilled(rows: Row[]): void {
  const index = rows.findIndex((row) => Object.values(row).every((value) => value !== null));
  if (index > 0) [rows[0], rows[index]] = [rows[index] as Row, rows[0] as Row];
}

/** Python's csv.DictReader: the first line names the columns, blank lines are passed over. */
export function csvRows(text: string): Row[] {
  const [header, ...lines] = csvLines(text).filter((line) => line.length > 0);
  if (!header) return [];
  return lines.map((line) => Object.fromEntries(header.map((name, i) => [name, line[i] ?? null])));
}

function csvLines(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let at = 0;
  const endLine = () => {
    lines.push(line);
    line = [];
  };
  while (at < text.length) {
    if (text[at] === '\n' || text[at] === '\r') {
      at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
      endLine();
      continue;
    }
    let value = '';
    if (text[at] === '"') {
      at += 1;
      for (; at < text.length; at++) {
        if (text[at] !== '"') value += text[at];
        else if (text[at + 1] === '"') {
          value += '"';
          at += 1;
        } else break;
      }
      at += 1;
    }
    const plain = /[^,\r\n]*/y;
    plain.lastIndex = at;
    value += plain.exec(text)?.[0] ?? '';
    at = plain.lastIndex;
    line.push(value);
    if (text[at] === ',') {
      at += 1;
      // a comma at the very end of a line opens one more, empty field
      if (at >= text.length || text[at] === '\n' || text[at] === '\r') line.push('');
    }
  }
  if (line.length > 0) endLine();
  return lines;
}
