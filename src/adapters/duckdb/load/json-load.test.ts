/** JSON files through the loader: what is a file, what is a record, which value goes where, what is refused. */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { LoadBench } from '../../../testing/load-files.ts';

const bench = new LoadBench();
afterAll(() => bench.close());

const A = { columns: 'a int4' };
const ones = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`f${String(i).padStart(3, '0')}.json`, `{"a":${i}}`]),
  );

describe('records', () => {
  it.each([
    ['one a line, no newline at the end', '{"a":1}\n{"a":2}'],
    ['blank lines, blanks around, Windows line ends', '\r\n{"a":1}\r\n\r\n  {"a":2}  \r\n\t\n'],
    ['spread over lines', '{\n  "a": 1\n}\n{\n  "a": 2\n}\n'],
    ['several on a line', '{"a":1} {"a":2}\n'],
    ['one after another without anything between', '{"a":1}{"a":2}'],
    ['a byte order mark in front', '\ufeff{"a":1}\n{"a":2}\n'],
    ['some on a line, some spread', '{"a":1}\n{\n"a":2}\n'],
    ['braces and escaped quotes inside texts', '{\n"b": "} \\" {",\n"a":1}\n{"a":2, "b":"}{"}'],
  ])('%s', async (_, text) => {
    bench.data({ 'x.json': text });
    expect(await bench.rows(A)).toEqual([[1], [2]]);
  });

  it.each([3, 16, 60])('%i small files of every shape at once', async (count) => {
    bench.data({
      ...ones(count),
      'spread.json': '{\n"a": 1000}\n',
      'empty.json': '',
      'two.json': '{"a":1001}\n{"a":1002}',
    });
    const rows = await bench.rows(A);
    expect(rows.length).toBe(count + 3);
    expect(rows.slice(-3)).toEqual([[1000], [1001], [1002]]);
  });

  it('gzip, by name and by option, small and large', async () => {
    const large = Array.from(
      { length: 60_000 },
      (_, i) => `{"a":${i % 7},"b":"${randomBytes(20).toString('hex')}"}`,
    ).join('\n');
    bench.data({ 'x.json.gz': gzipSync('{"a":1}\n'), 'y.json': '{"a":2}', 'large.json.gz': gzipSync(large) });
    expect((await bench.rows(A)).length).toBe(60_002);
    bench.data({ x: gzipSync('{"a":1}\n') });
    expect(await bench.rows({ ...A, external: { options: { GZIP: true } } })).toEqual([[1]]);
  });

  it('a list at the top is an error with advice, whatever maxerror says', async () => {
    const advice =
      'the file holds a list; COPY reads objects one after another, without [ ] around them and without commas between them';
    for (const text of ['[{"a":1},{"a":2}]', '[\n{"a":1},\n{"a":2}\n]\n']) {
      bench.data({ 'x.json': text });
      expect(await bench.refusals({ ...A, maxErrors: 5 })).toEqual([`data/x.json:1: ${advice}`]);
    }
  });

  it.each([
    [
      'cut off',
      '{"a":1}\n{"a":2}\n{"a":\n{"a":4}',
      'data/x.json:3: not valid JSON: the object is not closed at character 6',
    ],
    [
      'a comma too many',
      '{"a":1}\n{"a":2}\n{"a":3,,}\n',
      "data/x.json:3: not valid JSON: expected a key in double quotes, found ',' at character 8",
    ],
    [
      'commas between records',
      '{"a":1}\n{"a":2},\n{"a":3}\n',
      "data/x.json:2: not valid JSON: expected the end of the object, found ',' at character 8",
    ],
    ['a single value', '{"a":1}\n5\n', 'data/x.json:2: it is a single value, not an object'],
    ['a list in between', '{"a":1}\n[2]\n', 'data/x.json:2: it is a list, not an object'],
    [
      'a control character',
      '{"a":1}\n{"a":2,"b":"\u0013"}\n',
      'data/x.json:2: not valid JSON: a text holds the control character U+0013, which must be escaped at character 13',
    ],
    ['half a character', '{"a":1}\n{"a":2,"b":"\\ud800"}\n', 'data/x.json:2: \\ud800 is half a character'],
    [
      'a text that is not closed',
      '{"a":1}\n{"a":2,"b":"x}\n{"a":3}',
      'data/x.json:2: not valid JSON: a text is not closed at character 12',
    ],
  ])('a record that is %s', async (_, text, refusal) => {
    bench.data({ 'x.json': text });
    expect(await bench.refusals(A)).toEqual([refusal]);
  });

  it('a broken record among records over several lines is told by the line where it begins', async () => {
    bench.data({ 'x.json': '{\n  "a": 1\n}\n{\n  "a" 2\n}\n{\n  "a": 3\n}\n' });
    expect(await bench.refusals(A)).toEqual([
      "data/x.json:4: not valid JSON: expected ':' after the key, found '2' at character 7 of line 2 of the object",
    ]);
    bench.data({ 'x.json': '{\n  "a": 1\n}\n{\n  "a": 2\n{\n  "a": 3\n}\n' });
    expect((await bench.refusals(A)).map((text) => text.split(':').slice(0, 2).join(':'))).toEqual([
      'data/x.json:4',
    ]);
  });

  it('bytes that are no UTF-8', async () => {
    const broken = Buffer.concat([
      Buffer.from('{"a":"x'),
      Buffer.from([0xe9]),
      Buffer.from('y"}\n{"a":"\ufffd"}\n'),
    ]);
    bench.data({ 'x.json': broken });
    const test = { columns: 'a varchar(9)' };
    expect(await bench.refusals(test)).toEqual(['data/x.json:1: byte 0xE9 at character 8 is not UTF-8']);
    expect(await bench.rows({ ...test, external: { options: { acceptinvchars: true } } })).toEqual([
      ['x?y'],
      ['\ufffd'],
    ]);
    expect(await bench.rows({ ...test, external: { options: { 'acceptinvchars as': '^' } } })).toEqual([
      ['x^y'],
      ['\ufffd'],
    ]);
  });
});

describe('bad values', () => {
  it('are told with file, line, column, type, value and reason', async () => {
    await bench.query('drop table if exists loaded');
    bench.data({ 'a.json': '{"a":1}\n{"a":2}', '2018/b.json': '\n{"a":1}\n{"a":"x y"}\n{"a":3}\n' });
    expect(await bench.load(A)).toEqual({
      loaded: false,
      complete: true,
      engineMessage: "Invalid Input Error: column a (int4): 'x y' does not fit",
      errors: [
        {
          file: 'data/2018/b.json',
          line: 3,
          column: 'a',
          type: 'int4',
          value: 'x y',
          rawLine: '{"a":"x y"}',
          reason: "'x y' is not an integer",
        },
      ],
    });
    expect(await bench.query("select count(*) from duckdb_tables() where table_name = 'loaded'")).toEqual([
      [0],
    ]);
  });

  it('are found in small files that were read together, in order', async () => {
    bench.data({ ...ones(40), 'f020.json': '{"a":"twenty"}', 'f007.json': '{"a":7.5}' });
    expect(await bench.refusals(A)).toEqual([
      "data/f007.json:1 a: '7.5' is not an integer: it is written with decimals",
      "data/f020.json:1 a: 'twenty' is not an integer",
    ]);
  });

  it('one a row: the first column counts', async () => {
    bench.data({ 'x.json': '{"a":"x","b":"y"}\n{"a":1,"b":"z"}' });
    expect(await bench.refusals({ columns: 'a int4, b int4' })).toEqual([
      "data/x.json:1 a: 'x' is not an integer",
      "data/x.json:2 b: 'z' is not an integer",
    ]);
  });

  it('maxerror lets as many rows go, and no more', async () => {
    bench.data({ ...ones(3), 'x.json': '{"a":"x"}\n{"a":10}\n{broken\n{"a":11}\n' });
    expect((await bench.load({ ...A, maxErrors: 1 })).loaded).toBe(false);
    const answer = await bench.load({ ...A, maxErrors: 2 });
    expect(answer).toMatchObject({ loaded: true, rows: 5 });
    expect(answer.errors.map(({ file, line, column }) => [file, line, column])).toEqual([
      ['data/x.json', 1, 'a'],
      ['data/x.json', 3, undefined],
    ]);
    expect(await bench.query('select * from loaded order by a')).toEqual([[0], [1], [2], [10], [11]]);
  });

  it('of which there are very many are not all looked for', async () => {
    bench.data({
      'x.json': `{"a":"x","b":"${'-'.repeat(1000)}"}\n`.repeat(10_000),
    });
    const answer = await bench.load(A);
    expect(answer).toMatchObject({ loaded: false, complete: false });
    expect(answer.errors.length).toBeGreaterThan(99);
  });
});

describe('which value goes into which column', () => {
  const record = '{"id":1,"firstName":"Ada","nested":{"x":[10,20]},"a.b":"dot","we\\"ird":"q","sl/ash~":"s"}';

  it('auto: the key in lower case, to the letter; unknown keys are left, missing ones NULL', async () => {
    bench.data({ 'x.json': record });
    expect(
      await bench.rows({ columns: 'id int4, firstname varchar(9), missing varchar(9), nested varchar(99)' }),
    ).toEqual([[1, null, null, '{"x":[10,20]}']]);
  });

  it('auto says which column it left empty, and why', async () => {
    bench.data({ 'x.json': record });
    const test = {
      columns: 'id int4, firstname varchar(9), missing varchar(9)',
      external: { jsonpaths: 'auto' },
    };
    expect(await bench.load(test)).toMatchObject({
      notices: [
        "source raw.files: column firstname is NULL in every row: the files have the key 'firstName', and `jsonpaths: auto` matches case as COPY does; say auto_ignorecase",
      ],
    });
    expect((await bench.list({ columns: 'firstName varchar(9)' })).notices).toEqual([
      "source raw.files: `jsonpaths: auto` fills column firstName from the key 'firstname', as COPY does; say auto_ignorecase to match 'firstName'",
    ]);
  });

  it.each(['auto_ignorecase', 'AUTO IGNORECASE'])(
    '%s: the key in any case, also when it differs from file to file',
    async (jsonpaths) => {
      bench.data({
        'x.json': record,
        'y.json': '{"ID":2,"FIRSTNAME":"Bob"}',
        'z.json': '{"id":3,"firstname":"Cy"}',
      });
      expect(await bench.rows({ columns: 'id int4, firstname varchar(9)', external: { jsonpaths } })).toEqual(
        [
          [1, 'Ada'],
          [2, 'Bob'],
          [3, 'Cy'],
        ],
      );
    },
  );

  it('auto_ignorecase with a broken line that maxerror lets go', async () => {
    bench.data({ 'x.json': '{"Id":1}\n{broken\n{"ID":2}\n{"iD":"x"}\n' });
    const test = { columns: 'id int4', external: { jsonpaths: 'auto_ignorecase' } };
    expect(await bench.refusals(test)).toEqual([
      "data/x.json:2: not valid JSON: expected a key in double quotes, found 'b' at character 2",
      "data/x.json:4 id: 'x' is not an integer",
    ]);
    expect(await bench.rows({ ...test, maxErrors: 2 })).toEqual([[1], [2]]);
  });

  it('generate: the path of each column, or its name', async () => {
    bench.data({ 'x.json': record });
    const columns =
      "id int4, first varchar(9) $['firstName'], second int4 $.nested.x[1], dotted varchar(9) $['a.b'], all super $['nested'], odd varchar(3) $['sl/ash~']";
    expect(await bench.rows({ columns, external: { jsonpaths: 'generate' } })).toEqual([
      [1, 'Ada', 20, 'dot', '{"x":[10,20]}', 's'],
    ]);
    expect(await bench.rows({ columns })).toEqual([[1, 'Ada', 20, 'dot', '{"x":[10,20]}', 's']]);
  });

  it('a JSONPaths file: the first path fills the first column; it is no data where it stands among them', async () => {
    bench.data({
      'x.json': record,
      'paths.json': '{"jsonpaths": ["$.id", "$[\'firstName\']", "$[\'nested\'][\'x\'][0]"]}',
    });
    const test = {
      columns: 'number int4, name varchar(9), ten int4',
      external: { jsonpaths: './data/paths.json' },
    };
    expect(await bench.rows(test)).toEqual([[1, 'Ada', 10]]);
    expect(await bench.rows({ ...test, only: ['ten', 'number'] })).toEqual([[10, 1]]);
    expect((await bench.list(test)).files.map(({ name }) => name)).toEqual(['data/x.json']);
  });

  it('named columns, in their order', async () => {
    bench.data({ 'x.json': '{"a":1,"b":2,"c":3}' });
    expect(await bench.rows({ columns: 'a int4, b int4, c int4', only: ['C', 'a'] })).toEqual([[3, 1]]);
  });
});

describe('the table', () => {
  it('has exactly the declared columns and types', async () => {
    bench.data({ 'x.json': '{"a":1}' });
    await bench.rows({
      columns:
        'a int4, b varchar(5), c int8, d int2, e float8, f real, g numeric(18,0), h decimal(5,2), i boolean, j date, k timestamp, l timestamptz, m super, n "character varying"(9), o double precision'.replace(
          ', n "character varying"(9)',
          '',
        ),
    });
    expect(
      (
        await bench.query(
          "select column_name, data_type from duckdb_columns() where table_name = 'loaded' order by column_index",
        )
      ).map((row) => row.join(' ')),
    ).toEqual([
      'a INTEGER',
      'b VARCHAR',
      'c BIGINT',
      'd SMALLINT',
      'e DOUBLE',
      'f FLOAT',
      'g DECIMAL(18,0)',
      'h DECIMAL(5,2)',
      'i BOOLEAN',
      'j DATE',
      'k TIMESTAMP',
      'l TIMESTAMP WITH TIME ZONE',
      'm JSON',
      'o DOUBLE',
    ]);
  });

  it('has the same types as the list says before', async () => {
    bench.data({ 'x.json': '{"a":1}' });
    const test = { columns: 'a int4, k timestamptz, m super, g numeric' };
    await bench.rows(test);
    const said = (await bench.list(test)).columns.map(({ name, dataType }) => [name, dataType]);
    expect(
      await bench.query(
        "select column_name, data_type from duckdb_columns() where table_name = 'loaded' order by column_index",
      ),
    ).toEqual(said);
  });
});
