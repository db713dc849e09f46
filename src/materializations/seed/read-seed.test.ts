import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SqError } from '../../errors.ts';
import { readSeed } from './read-seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'sq-seed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(
  text: string | Buffer,
  options: { delimiter?: string; columnTypes?: Record<string, string> } = {},
) {
  const path = join(folder, 'a.csv');
  writeFileSync(path, text);
  const file = readSeed({ path, shownPath: 'seeds/a.csv', delimiter: ',', columnTypes: {}, ...options });
  return {
    columns: file.columns.map((c) => `${c.name} ${c.dataType}`),
    rowCount: file.rowCount,
    rows: [...file.batches].flat(),
  };
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as SqError).text.replaceAll(folder, '<folder>');
  }
  return 'no error';
}

describe("a seed's file", () => {
  it('is columns with types and rows', () => {
    expect(read('id,name\n1,Ann\n2,\n')).toEqual({
      columns: ['id integer', 'name text'],
      rowCount: 2,
      rows: [
        ['1', 'Ann'],
        ['2', null],
      ],
    });
  });

  it('may begin with a byte order mark', () => {
    expect(read('\ufeffid,b\n1,2').columns).toEqual(['id integer', 'b integer']);
  });

  it('of a header alone is an empty table', () => {
    expect(read('a,b\n')).toEqual({ columns: ['a integer', 'b integer'], rowCount: 0, rows: [] });
  });

  it('has another delimiter, and types of its own', () => {
    expect(
      read('ZIP;amount\n01234;5', {
        delimiter: ';',
        columnTypes: { zip: 'varchar(5)', amount: 'decimal(10,2)' },
      }),
    ).toEqual({
      columns: ['ZIP varchar(5)', 'amount decimal(10,2)'],
      rowCount: 1,
      rows: [['01234', '5']],
    });
  });

  it('fills rows that are too short with NULL and passes over lines with nothing on them', () => {
    expect(read('a,b\n1\n\n3,4\n\n').rows).toEqual([
      ['1', null],
      ['3', '4'],
    ]);
  });

  it('names columns that have no name, or the name of another', () => {
    expect(read('id,,id\n1,2,3').columns).toEqual(['id integer', 'b integer', 'id_2 integer']);
  });

  it('is given in parts of 10,000 rows, the same when it is too large to keep', () => {
    const path = join(folder, 'large.csv');
    const names = Array.from({ length: 100 }, (_, i) => `c${i}`);
    writeFileSync(
      path,
      [names.join(','), ...Array.from({ length: 20_500 }, (_, r) => names.map(() => r).join(','))].join('\n'),
    );
    const file = readSeed({ path, shownPath: 'large.csv', delimiter: ',', columnTypes: {} });
    const batches = [...file.batches];
    expect(batches.map((batch) => batch.length)).toEqual([10_000, 10_000, 500]);
    expect(batches[2]![499]![99]).toBe('20499');
  });

  it.each([
    [
      '',
      {},
      'Runtime Error\n  The seed file is empty.\n  at seeds/a.csv\n  hint: its first line must name the columns',
    ],
    [
      'a,b\n1,2\n1,2,3\n',
      {},
      'Runtime Error\n  Row 1 has 3 values, but Table only has 2 columns.\n  at seeds/a.csv:3\n  hint: put values that contain the delimiter into double quotes',
    ],
    [
      'a',
      { delimiter: '' },
      'Compilation Error\n  "delimiter" must be a 1-character string, got ""\n  at seeds/a.csv\n  hint: set config `delimiter` of the seed to the character between its values',
    ],
  ])('%j is refused with its place', (text, options, message) => {
    expect(messageOf(() => read(text, options))).toBe(message);
  });

  it('that is not there', () => {
    const request = {
      path: join(folder, 'none.csv'),
      shownPath: 'seeds/none.csv',
      delimiter: ',',
      columnTypes: {},
    };
    expect(messageOf(() => readSeed(request))).toBe(
      "Runtime Error\n  The seed's file cannot be read: ENOENT: no such file or directory, open '<folder>/none.csv'\n  at seeds/none.csv",
    );
  });
});
