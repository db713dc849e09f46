import { describe, expect, it } from 'vitest';
import { ColumnInference } from './column-inference.ts';

function infer(values: readonly string[], asText = false): [type: string, ...cells: (string | null)[]] {
  const column = new ColumnInference(asText);
  for (const value of values) column.add(value);
  return [column.dataType, ...values.map(column.cellText)];
}

describe("the type of a seed's column", () => {
  it.each([
    [
      ['1', '-2', ''],
      ['integer', '1', '-2', null],
    ],
    [['007'], ['integer', '7']],
    [
      ['1.0', '2.00'],
      ['integer', '1', '2'],
    ],
    [['1e3'], ['integer', '1000']],
    [
      ['1,000', '$5', '50%', '-€3'],
      ['integer', '1000', '5', '50', '-3'],
    ],
    [
      ['2147483647', '-2147483648'],
      ['integer', '2147483647', '-2147483648'],
    ],
    [['2147483648'], ['bigint', '2147483648']],
    [['9223372036854775808'], ['numeric(38,0)', '9223372036854775808']],
    [
      ['1.5', 'null', '-.25', '3'],
      ['float8', '1.5', null, '-0.25', '3'],
    ],
    [
      ['nan', '1', '-inf'],
      ['float8', 'NaN', '1', '-Infinity'],
    ],
    [
      ['', 'NULL', ' '],
      ['integer', null, null, null],
    ],
    [[], ['integer']],
    [
      ['2016-09-19', '2016-9-1'],
      ['date', '2016-09-19', '2016-09-01'],
    ],
    [['2016-02-30'], ['text', '2016-02-30']],
    [
      ['2016-09-19 14:45:51', '2016-09-19 1:05:09'],
      ['timestamp without time zone', '2016-09-19 14:45:51', '2016-09-19 01:05:09'],
    ],
    [
      ['2016-09-19T14:45:51Z', '2016-09-19', '2016-09-19T14:45+02:00', '2016-09-19 14:45:51.1234567'],
      [
        'timestamp without time zone',
        '2016-09-19 14:45:51',
        '2016-09-19 00:00:00',
        '2016-09-19 12:45:00',
        '2016-09-19 14:45:51.123456',
      ],
    ],
    [['2016-12-31T24:00'], ['timestamp without time zone', '2017-01-01 00:00:00']],
    [['2021-01'], ['timestamp without time zone', '2021-01-01 00:00:00']],
    [
      ['true', 'False', ' TRUE '],
      ['boolean', 'true', 'false', 'true'],
    ],
    [
      ['true', '1'],
      ['text', 'true', '1'],
    ],
    [['yes'], ['text', 'yes']],
    [
      ['1', 'x', 'null', ' y '],
      ['text', '1', 'x', null, ' y '],
    ],
    [
      ['2016-09-19', 'soon'],
      ['text', '2016-09-19', 'soon'],
    ],
    [['1.2.3'], ['text', '1.2.3']],
    [['$'], ['text', '$']],
  ])('%j', (values, expected) => {
    expect(infer(values)).toEqual(expected);
  });

  it('is text where config column_types names the column: its digits stay', () => {
    expect(infer(['007', 'null'], true)).toEqual(['text', '007', null]);
  });
});
