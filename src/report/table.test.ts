import { expect, test } from 'vitest';
import type { QueryResult } from '../adapters/contract.ts';
import { rowsJson, tableText } from './table.ts';

const RESULT: QueryResult = {
  columns: [
    { name: 'id', type: 'BIGINT', kind: 'integer' },
    { name: 'name', type: 'VARCHAR', kind: 'text' },
    { name: 'price', type: 'DECIMAL(18,2)', kind: 'decimal' },
    { name: 'sold', type: 'BOOLEAN', kind: 'boolean' },
    { name: 'at', type: 'TIMESTAMP', kind: 'timestamp' },
    { name: 'id', type: 'HUGEINT', kind: 'integer' },
  ],
  rows: [
    [1, 'café', '1.50', true, '2018-11-01 21:01:46.796', 9007199254740993n],
    [23, null, null, false, null, 2n],
  ],
};

test('a table as dbt’s show prints it: text left, the rest right, nothing for null, every column', () => {
  expect(tableText(RESULT)).toBe(
    [
      '| id | name | price |  sold |                      at |             id_2 |',
      '| -- | ---- | ----- | ----- | ----------------------- | ---------------- |',
      '|  1 | café |  1.50 |  True | 2018-11-01 21:01:46.796 | 9007199254740993 |',
      '| 23 |      |       | False |                         |                2 |',
    ].join('\n'),
  );
});

test('a cell stays on its line and is cut when it is very long', () => {
  const columns: QueryResult['columns'] = [{ name: 't', type: 'VARCHAR', kind: 'text' }];
  expect(tableText({ columns, rows: [['a\nb\tc']] })).toBe('| t       |\n| ------- |\n| a\\nb\\tc |');
  expect(tableText({ columns, rows: [['x'.repeat(200)]] })).toContain(`| ${'x'.repeat(97)}... |`);
});

test('JSON loses no digit: decimals and 64-bit integers stay as the engine wrote them', () => {
  expect(rowsJson(RESULT)).toBe(`[
  {
    "id": 1,
    "name": "café",
    "price": 1.50,
    "sold": true,
    "at": "2018-11-01T21:01:46.796",
    "id_2": 9007199254740993
  },
  {
    "id": 23,
    "name": null,
    "price": null,
    "sold": false,
    "at": null,
    "id_2": 2
  }
]`);
});

test('no rows', () => {
  expect(tableText({ columns: RESULT.columns.slice(0, 2), rows: [] })).toBe('| id | name |\n| -- | ---- |');
  expect(rowsJson({ columns: RESULT.columns, rows: [] })).toBe('[]');
});
