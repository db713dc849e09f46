/** Text that stands for a source in a query. */
import { afterAll, describe, expect, it } from 'vitest';
import type { SourceNode } from '../../../manifest/nodes.ts';
import { LoadBench, type LoadCase, sourceOf } from '../../../testing/load-files.ts';
import { externalSourceSql, sourceFragment } from './source-fragment.ts';

const bench = new LoadBench();
afterAll(() => bench.close());

const sql = (test: LoadCase) =>
  externalSourceSql(sourceOf(test), { projectDir: bench.dir }).replaceAll(bench.dir, '<dir>');
const rows = (test: LoadCase) =>
  bench.query(
    `select * from ${externalSourceSql(sourceOf(test), { projectDir: bench.dir })} as x order by all`,
  );
const many = (ending: string) =>
  Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i % 3}/${i}.${ending}`, `{"a":${i}}`]));

describe('files in a query', () => {
  it('reads as it is written', () => {
    bench.data({ 'x.json': '{"a":1}' });
    expect(sql({ columns: 'a int4' })).toBe(
      `(
select
  coalesce(case when try_cast(t1 as INTEGER)::varchar = t1 or regexp_full_match(trim(t1), '[+-]?[0-9]+') then try_cast(t1 as INTEGER) end, case when trim(t1) <> '' then error('column a (int4): ''' || t1 || ''' does not fit')::INTEGER end) as "a"
from (
select texts[1] as t1
from (select json, json_extract_string(json, ['/a']) as texts from read_json_objects(['<dir>/data/x.json'], format = 'newline_delimited') where starts_with(json, '{') or error('a record is not an object'))
)
)`,
    );
  });

  it('is a pattern for many files of one ending, a list where a pattern would take more', async () => {
    bench.data(many('json'));
    expect(sql({ columns: 'a int4' })).toContain("read_json_objects('<dir>/data/**/*.json',");
    expect((await rows({ columns: 'a int4' })).length).toBe(30);
    bench.data({ ...many('json'), _SUCCESS: '', '.x/y.json': '{"a":-1}' });
    expect(sql({ columns: 'a int4' })).toContain("read_json_objects(['<dir>/data/0/0.json',");
    expect((await rows({ columns: 'a int4' })).length).toBe(30);
    bench.data({ ...many('json'), 'other.txt': '{"a":-1}' });
    expect((await rows({ columns: 'a int4' })).length).toBe(31);
  });

  it('of CSV and parquet as well', async () => {
    bench.data({ 'x.csv': 'id,name\n1,a\n' });
    expect(
      await rows({
        columns: 'id int4, name varchar(9)',
        external: { format: 'csv', options: { ignoreheader: 1 } },
      }),
    ).toEqual([[1, 'a']]);
    bench.data({ _x: '' });
    await bench.query(`copy (select 7 as x, 'b' as y) to '${bench.dir}/data/x.parquet' (format parquet)`);
    expect(await rows({ columns: 'id int4, name varchar(9)', external: { format: 'parquet' } })).toEqual([
      [7, 'b'],
    ]);
  });

  it.each([
    [
      { location: 's3://b/x' },
      "  Source raw.files stands at s3://b/x, which a query on DuckDB cannot read directly.\n  at models/sources.yml\n  hint: load it: a model with materialized: copy and the body select * from {{ source('raw', 'files') }}",
    ],
    [
      { location: 'nowhere' },
      '  Source raw.files has no files: there is no file or folder nowhere.\n  at models/sources.yml\n  hint: looked for <dir>/nowhere',
    ],
    [
      { location: 'data/empty' },
      '  Source raw.files has no files: data/empty is empty.\n  at models/sources.yml',
    ],
  ])('%j is refused', async (external, text) => {
    bench.data({ 'empty/_SUCCESS': '' });
    expect(await bench.errorOf(async () => sql({ columns: 'a int4', external }))).toBe(
      `Compilation Error\n${text}`,
    );
  });
});

describe('other sources', () => {
  const other = (source: Partial<SourceNode>) =>
    sourceFragment({ ...sourceOf({ columns: 'a int4' }), external: null, ...source } as SourceNode, {
      projectDir: bench.dir,
    });

  it.each([
    ['a relation', {}, undefined],
    ["another tool's external", { external: { location: 's3://b/x', file_format: 'parquet' } }, undefined],
    ['a path of dbt-duckdb', { meta: { external_location: 'lake/{name}.parquet' } }, "'lake/files.parquet'"],
    [
      'a call',
      { meta: { external_location: "read_csv('{source_name}/{name}.csv', header = {{a: 1}})" } },
      "read_csv('raw/files.csv', header = {a: 1})",
    ],
    ['from its config', { config: { enabled: true, external_location: "'x.csv'" } }, "'x.csv'"],
    [
      'in the old style',
      { meta: { external_location: 'x/%(name)s.csv', formatter: 'oldstyle' } },
      "'x/files.csv'",
    ],
    ['as a template', { meta: { external_location: 'x/$name.csv', formatter: 'template' } }, "'x/files.csv'"],
  ])('%s', (_, source, text) => {
    expect(other(source as Partial<SourceNode>)?.sql).toBe(text);
  });
});
