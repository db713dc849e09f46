/** CSV and parquet files through the loader. */
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { LoadBench } from '../../../testing/load-files.ts';

const bench = new LoadBench();
afterAll(() => bench.close());

const csv = (options: Record<string, unknown> = {}) => ({
  columns: 'id int4, name varchar(9)',
  external: { format: 'csv', options },
});

describe('CSV', () => {
  it('loads fields by position: quotes, line ends inside, \\N, empty texts', async () => {
    bench.data({
      'x.csv': 'id,name\n1,"a ""q"""\n2,\n3,"x\ny"\n4,\\N\n,z\n',
      'y.csv.gz': gzipSync('id,name\n9,gz\n'),
    });
    expect(await bench.rows(csv({ ignoreheader: 1 }))).toEqual([
      [1, 'a "q"'],
      [2, ''],
      [3, 'x\ny'],
      [4, null],
      [9, 'gz'],
      [null, 'z'],
    ]);
  });

  it.each([
    [
      'delimiter and quote',
      { delimiter: '|', quote: "'" },
      "1|'a|b'\n2|c\n",
      [
        [1, 'a|b'],
        [2, 'c'],
      ],
    ],
    ['a tab', { delimiter: '\\t' }, '1\ta\n', [[1, 'a']]],
    [
      'null as',
      { 'NULL AS': 'NA' },
      '1,NA\n2,\\N\n',
      [
        [1, null],
        [2, '\\N'],
      ],
    ],
    [
      'fillrecord',
      { fillrecord: true },
      '1\n2,b\n',
      [
        [1, null],
        [2, 'b'],
      ],
    ],
    ['emptyasnull', { emptyasnull: true }, '1,\n', [[1, null]]],
    ['gzip whatever the name', { gzip: true }, gzipSync('1,a\n'), [[1, 'a']]],
  ])('%s', async (_, options, content, rows) => {
    bench.data({ x: content as string });
    expect(await bench.rows(csv(options))).toEqual(rows);
  });

  it('named columns are picked from all fields', async () => {
    bench.data({ 'x.csv': '1,a\n2,b\n' });
    expect(await bench.rows({ ...csv(), only: ['name'] })).toEqual([['a'], ['b']]);
  });

  it('says what is wrong and where, and lets rows go with maxerror', async () => {
    bench.data({ 'x.csv': 'id,name\n1,a\nx,b\n3\n4,d,e\n5,"f\ng"\n6,too long for it\n7,h\n' });
    const test = csv({ ignoreheader: 1 });
    expect(await bench.refusals(test)).toEqual([
      "data/x.csv:3 id: 'x' is not an integer",
      'data/x.csv:4: it has 1 fields, and 2 columns are declared (fillrecord makes missing ones NULL)',
      'data/x.csv:5: it has 3 fields, and 2 columns are declared',
      "data/x.csv:8 name: 'too long for it' is 15 bytes long, and the column holds 9 (truncatecolumns cuts)",
    ]);
    expect(await bench.rows({ ...test, maxErrors: 4 })).toEqual([
      [1, 'a'],
      [5, 'f\ng'],
      [7, 'h'],
    ]);
  });

  it('a quote that is never closed', async () => {
    bench.data({ 'x.csv': '1,a\n2,"b\n3,c\n' });
    expect(await bench.refusals(csv())).toEqual(['data/x.csv:2: a quote is not closed']);
  });

  it('bytes that are no UTF-8', async () => {
    bench.data({ 'x.csv': Buffer.from('1,caf\xe9\n2,b\n', 'latin1') });
    expect(await bench.refusals(csv())).toEqual(['data/x.csv:1: byte 0xE9 at character 6 is not UTF-8']);
    expect(await bench.rows(csv({ acceptinvchars: true }))).toEqual([
      [1, 'caf?'],
      [2, 'b'],
    ]);
  });
});

describe('parquet', () => {
  const parquet = { columns: 'id int4, name varchar(9), doc super', external: { format: 'parquet' } };
  const write = (name: string, sql: string) =>
    bench.query(`copy (${sql}) to '${bench.dir}/data/${name}' (format parquet)`);

  it('loads columns by position, whatever their names', async () => {
    bench.data({ 'none.txt': '' });
    bench.data({ _SUCCESS: '' });
    await write('a.parquet', "select 1 as id, 'x' as name, {'p': 1} as doc");
    await write('b.parquet', "select 2::bigint as number, 'y' as label, {'p': 2} as more");
    expect(await bench.rows(parquet)).toEqual([
      [1, 'x', '{"p":1}'],
      [2, 'y', '{"p":2}'],
    ]);
    expect(await bench.rows({ ...parquet, only: ['name'], ledger: [] })).toEqual([['x'], ['y']]);
  });

  it('refuses files with another number of columns', async () => {
    bench.data({ _x: '' });
    await write('a.parquet', "select 1 as id, 'x' as name");
    expect(await bench.errorOf(() => bench.load(parquet))).toBe(
      [
        'Compilation Error',
        '  data/a.parquet has 2 columns (id, name), and source raw.files declares 3.',
        '  at models/sources.yml',
        '  hint: the columns of parquet files are loaded by position: declare all of them, in the order of the files',
      ].join('\n'),
    );
  });

  it('tells a value that does not fit by its row', async () => {
    bench.data({ _x: '' });
    await write(
      'a.parquet',
      "select case range when 2 then 3000000000 else range end as id, 'n' || range as name, null as doc from range(4)",
    );
    expect(await bench.refusals(parquet)).toEqual([
      "data/a.parquet:3 id: '3000000000' is beyond the range of the column",
    ]);
  });
});
