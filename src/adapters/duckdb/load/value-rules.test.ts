/** COPY's rules for values, one table of cases each: JSON text in, value of the table out. */
import { afterAll, describe, expect, it } from 'vitest';
import { LoadBench } from '../../../testing/load-files.ts';

const bench = new LoadBench();
afterAll(() => bench.close());

/** Loads one value per line into a column `a`; answers values in order, or the reasons of a refusal. */
async function outcome(
  type: string,
  values: readonly string[],
  options: Record<string, unknown> = {},
): Promise<unknown[]> {
  bench.data({ 'x.json': values.map((value, i) => `{"n": ${i}, "a": ${value}}`).join('\n') });
  const test = { columns: `n int4, a ${type}`, external: { options } };
  const answer = await bench.load(test);
  if (!answer.loaded) return answer.errors.map((error) => error.reason);
  return (await bench.query('select a from loaded order by n')).map(([a]) => a);
}

describe('text', () => {
  it.each([
    ['a text', '"abc"', 'abc'],
    ['an empty text', '""', ''],
    ['null', 'null', null],
    ['a whole number', '311', '311'],
    ['a number with decimals', '4.6', '4.6'],
    ['zeros at the end of a number', '1.10', '1.10'],
    ['a number in exponents', '1e5', '1e5'],
    ['a moment written as a float', '1540919166796.0', '1540919166796.0'],
    ['a number longer than any integer type', '12345678901234567890123', '12345678901234567890123'],
    ['more digits than a float holds', '0.12345678901234567890123', '0.12345678901234567890123'],
    ['a text that looks like a number', '"1.10"', '1.10'],
    ['a boolean', 'true', 'true'],
    ['an object, as JSON', '{"b": [1, 2]}', '{"b":[1,2]}'],
    ['a list, as JSON', '[1, "x"]', '[1,"x"]'],
    ['escapes', '"\\u0041\\n\\ud83d\\ude00\\"q\\""', 'A\n😀"q"'],
    ['a control character, escaped', '"\\u0013"', '\u0013'],
  ])('%s', async (_, json, value) => {
    expect(await outcome('varchar(256)', [json])).toEqual([value]);
  });

  it('varchar(n) counts bytes, not characters', async () => {
    expect(await outcome('varchar(4)', ['"abcd"', '"éé"', '"€"'])).toEqual(['abcd', 'éé', '€']);
    expect(await outcome('varchar(4)', ['"abcde"', '"ééé"'])).toEqual([
      "'abcde' is 5 bytes long, and the column holds 4 (truncatecolumns cuts)",
      "'ééé' is 6 bytes long, and the column holds 4 (truncatecolumns cuts)",
    ]);
  });

  it('truncatecolumns cuts at the last whole character', async () => {
    const cut = await outcome('varchar(5)', ['"abcdefg"', '"ééé"', '"€€"', '"a😀😀"', '"abc"', 'null'], {
      TRUNCATECOLUMNS: true,
    });
    expect(cut).toEqual(['abcde', 'éé', '€', 'a😀', 'abc', null]);
    expect(await outcome('varchar(1)', ['"😀"', '"é"', '"ab"'], { truncatecolumns: true })).toEqual([
      '',
      '',
      'a',
    ]);
  });

  it.each([
    ['nothing', {}, ['', '  ', 'x ']],
    ['emptyasnull', { emptyasnull: true }, [null, '  ', 'x ']],
    ['blanksasnull', { blanksasnull: true }, ['', null, 'x ']],
    ['both', { blanksasnull: true, emptyasnull: true }, [null, null, 'x ']],
    ['trimblanks', { trimblanks: true }, ['', '', 'x']],
    ['null as', { 'null as': 'x ' }, ['', '  ', null]],
  ])('blank texts with %s', async (_, options, values) => {
    expect(await outcome('varchar(9)', ['""', '"  "', '"x "'], options)).toEqual(values);
  });
});

describe('integers', () => {
  it('take whole numbers and texts of them; a blank is NULL', async () => {
    expect(
      await outcome('int4', ['1', '-7', '"39"', '" 8 "', '"+5"', '""', '"  "', 'null', '"007"']),
    ).toEqual([1, -7, 39, 8, 5, null, null, null, 7]);
  });

  it.each([
    ['4.6', "'4.6' is not an integer: it is written with decimals"],
    ['1540919166796.0', "'1540919166796.0' is not an integer: it is written with decimals"],
    ['"abc"', "'abc' is not an integer"],
    ['"1_000"', "'1_000' is not an integer"],
    ['"0x10"', "'0x10' is not an integer"],
    ['"1e3"', "'1e3' is not an integer"],
    ['true', "'true' is not an integer"],
    ['2147483648', "'2147483648' is beyond the range of the column"],
  ])('refuse %s', async (json, reason) => {
    expect(await outcome('integer', [json])).toEqual([reason]);
  });

  it('have their ranges', async () => {
    expect(await outcome('int2', ['32767', '-32768'])).toEqual([32767, -32768]);
    expect(await outcome('int2', ['32768'])).toEqual(["'32768' is beyond the range of the column"]);
    expect(await outcome('bigint', ['9223372036854775807'])).toEqual([9223372036854775807n]);
  });
});

describe('numerics', () => {
  it('are cut to their scale, not rounded', async () => {
    expect(
      await outcome('numeric(10,2)', ['1.239', '-1.239', '"9.999"', '5', '"5."', '".5"', '1.5e2', '""']),
    ).toEqual(['1.23', '-1.23', '9.99', '5.00', '5.00', '0.50', '150.00', null]);
    expect(await outcome('numeric(3,2)', ['9.999'])).toEqual(['9.99']);
    expect(await outcome('numeric', ['1.9', '"-.9"', '"12."'])).toEqual(['1', '0', '12']);
  });

  it('are rounded with roundec', async () => {
    expect(await outcome('numeric(10,2)', ['1.239'], { roundec: true })).toEqual(['1.24']);
  });

  it.each([
    ['"1.23abc"', "'1.23abc' is not a number"],
    ['"1,5"', "'1,5' is not a number"],
    ['123456', "'123456' has more than 4 digits before the point"],
  ])('refuse %s', async (json, reason) => {
    expect(await outcome('decimal(6,2)', [json])).toEqual([reason]);
  });
});

describe('floats, booleans, other types', () => {
  it('floats', async () => {
    expect(await outcome('float8', ['1540919166796.0', '"2.5"', '1e-3', '""', '-0.5'])).toEqual([
      1540919166796,
      2.5,
      0.001,
      null,
      -0.5,
    ]);
    expect(await outcome('float8', ['"1_0"', '"x"', '1e999'])).toEqual([
      "'1_0' is not a number",
      "'x' is not a number",
      "'1e999' is beyond the range of the column",
    ]);
  });

  it('booleans', async () => {
    expect(
      await outcome('boolean', [
        'true',
        '"t"',
        '"YES"',
        '1',
        '"y"',
        'false',
        '"F"',
        '"no"',
        '0',
        '"n"',
        '""',
      ]),
    ).toEqual([true, true, true, true, true, false, false, false, false, false, null]);
    expect(await outcome('bool', ['2'])).toEqual([
      "'2' is not a boolean (t, true, y, yes, 1, f, false, n, no, 0)",
    ]);
  });

  it('super keeps any JSON', async () => {
    expect(await outcome('super', ['{"b": [1, 2.50]}', '"x"', '7', 'null', '[]'])).toEqual([
      '{"b":[1,2.5]}',
      '"x"',
      '7',
      null,
      '[]',
    ]);
  });

  it('uuid, varbyte, time', async () => {
    expect(await outcome('uuid', ['"6a2f41a3-c54c-fce8-32d2-0324e1c32e22"'])).toEqual([
      '6a2f41a3-c54c-fce8-32d2-0324e1c32e22',
    ]);
    expect(await outcome('varbyte', ['"zz"'])).toEqual(["'zz' is not hexadecimal"]);
    expect(await outcome('time', ['"10:30:00"', '""'])).toEqual(['10:30:00', null]);
    expect(await outcome('time', ['"2018-11-01"'])).toEqual(["'2018-11-01' is not a time of day (HH:MI:SS)"]);
  });
});

describe('dates and timestamps', () => {
  it('are ISO unless a format is named', async () => {
    expect(await outcome('date', ['"2018-11-01"', '""'])).toEqual(['2018-11-01', null]);
    expect(
      await outcome('timestamp', ['"2018-11-01 10:20:30"', '"2018-11-01T10:20:30.5"', '"2018-11-01"']),
    ).toEqual(['2018-11-01 10:20:30', '2018-11-01 10:20:30.5', '2018-11-01 00:00:00']);
    expect(await outcome('date', ['"01.11.2018"'])).toEqual([
      "'01.11.2018' is not a date in the form YYYY-MM-DD (dateformat names another)",
    ]);
  });

  it.each([
    ['DD.MM.YYYY', '"01.11.2018"', '2018-11-01'],
    ['MM/DD/YY', '"11/01/18"', '2018-11-01'],
    ['DD Mon YYYY', '"01 Nov 2018"', '2018-11-01'],
    ['auto', '"11/02/2018"', '2018-11-02'],
    ['auto', '"20181102"', '2018-11-02'],
  ])('dateformat %s', async (dateformat, json, value) => {
    expect(await outcome('date', [json], { dateformat })).toEqual([value]);
  });

  it.each([
    [
      'epochmillisecs',
      ['1541105830796', '"1541105830796"', '1541105830796.0', '-1', '""'],
      [
        '2018-11-01 20:57:10.796',
        '2018-11-01 20:57:10.796',
        '2018-11-01 20:57:10.796',
        '1969-12-31 23:59:59.999',
        null,
      ],
    ],
    ['epochsecs', ['1541105830', '1541105830.25'], ['2018-11-01 20:57:10', '2018-11-01 20:57:10.25']],
    ['DD.MM.YYYY HH:MI:SS', ['"01.11.2018 13:20:30"'], ['2018-11-01 13:20:30']],
    ['MM/DD/YYYY HH12:MI AM', ['"11/01/2018 01:20 PM"'], ['2018-11-01 13:20:00']],
    ['auto', ['"2018-11-01 10:00:00"', '"11/02/2018 10:30"'], ['2018-11-01 10:00:00', '2018-11-02 10:30:00']],
  ])('timeformat %s', async (timeformat, json, values) => {
    expect(await outcome('timestamp', json, { timeformat })).toEqual(values);
  });

  it('a format says what it wants', async () => {
    expect(
      await outcome('timestamp', ['"2018-11-01 10:00:00"', '99999999999999999999'], {
        timeformat: 'epochmillisecs',
      }),
    ).toEqual([
      "'2018-11-01 10:00:00' is not a timestamp by timeformat 'epochmillisecs'",
      "'99999999999999999999' is not a timestamp by timeformat 'epochmillisecs'",
    ]);
  });

  it('with a time zone are moments of UTC', async () => {
    expect(await outcome('timestamptz', ['"2018-11-01 10:00:00+02"', '"2018-11-01 10:00:00"'])).toEqual([
      '2018-11-01 08:00:00+00',
      '2018-11-01 10:00:00+00',
    ]);
    expect(await outcome('timestamptz', ['1541105830796'], { timeformat: 'epochmillisecs' })).toEqual([
      '2018-11-01 20:57:10.796+00',
    ]);
    expect(await outcome('timestamptz', ['"01.11.2018 10:00"'], { timeformat: 'DD.MM.YYYY HH:MI' })).toEqual([
      '2018-11-01 10:00:00+00',
    ]);
  });

  it('acceptanydate loads NULL for what is no date', async () => {
    expect(await outcome('date', ['"0000-00-00"', '"2018-11-01"'], { acceptanydate: true })).toEqual([
      null,
      '2018-11-01',
    ]);
  });
});
