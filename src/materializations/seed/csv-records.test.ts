import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordSplitter } from './csv-records.ts';

function split(parts: readonly string[], delimiter = ','): string[][] {
  const splitter = new RecordSplitter(delimiter);
  return [...parts.flatMap((part) => [...splitter.push(part)]), ...splitter.end()].map(
    (record) => record.cells,
  );
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe('CSV records', () => {
  it.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,\r\n',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    ['a\rb', [['a'], ['b']]],
    ['"a,b","c\nd","e""f"\n', [['a,b', 'c\nd', 'e"f']]],
    ['"a"b,c "d"\n', [['ab', 'c "d"']]],
    ['""\n', [['']]],
    [',\n', [['', '']]],
    ['a\n\n\nb\n\n', [['a'], ['b']]],
    ['"not closed\nx', [['not closed\nx']]],
    ['', []],
  ])('%j', (text, records) => {
    expect(split([text])).toEqual(records);
  });

  it('count the lines that records begin on', () => {
    const splitter = new RecordSplitter(',');
    const text = 'h\n"two\nlines"\r\n\nlast';
    const lines = [...splitter.push(text), ...splitter.end()].map((record) => record.line);
    expect(lines).toEqual([1, 2, 5]);
  });

  it('are the same however the text is cut into parts', () => {
    const text = fc
      .array(fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' '), { maxLength: 30 })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(text, fc.nat(30), fc.nat(30), (all, x, y) => {
        const [i, j] = [Math.min(x, y), Math.max(x, y)];
        expect(split([all.slice(0, i), all.slice(i, j), all.slice(j)])).toEqual(split([all]));
      }),
    );
  });

  it('give back what was written with quotes', () => {
    const cell = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }),
        fc.constantFrom(',', ';', '|', '\t'),
        (rows, delimiter) => {
          const text = rows.map((row) => row.map(quoted).join(delimiter)).join('\n');
          expect(split([text], delimiter)).toEqual(rows);
        },
      ),
    );
  });
});
