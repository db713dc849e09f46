/** External models on DuckDB: values that become names of folders, and locations of every kind. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TestProject } from '../testing/run-project.ts';

const projects: TestProject[] = [];
function project(files: Record<string, string>): TestProject {
  const made = new TestProject(files);
  projects.push(made);
  return made;
}
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

const model = (config: string, sql: string) => `{{ config(materialized='external', ${config}) }}\n${sql}`;

async function refusal(shop: TestProject, name: string): Promise<string> {
  const { outcome } = await shop.run('run');
  const found = outcome.results.find(({ unique_id }) => unique_id === `model.shop.${name}`);
  expect(found?.status).toBe('error');
  return (found?.message ?? '').replaceAll(shop.dir, '<project>').split('\n  ').slice(1).join('\n');
}

describe('values of partition columns', () => {
  const TEXTS = [
    'a/b',
    'sp ace',
    'ünï😀',
    'k=v',
    '',
    '%2F',
    '..',
    '.',
    '*',
    'x:?#&"\'',
    '007',
    'a\\b',
    't\tn\n',
  ];

  it.each(['parquet', 'csv', 'json'])('%s: every text comes back as it was, and NULL too', async (format) => {
    const values = [...TEXTS.map((text) => `'${text.replaceAll("'", "''")}'`), 'null'];
    const sql = `select * from (values ${values.map((value, i) => `(${i}, ${value})`).join(', ')}) as t(id, p)`;
    const shop = project({
      'models/lake.sql': model(`location='lake', format='${format}', partition_by='p'`, sql),
    });
    expect((await shop.run('run')).statuses).toEqual(['model.shop.lake success']);
    expect(await shop.query('select p from lake order by id')).toEqual(
      [...TEXTS, null].map((text) => [text]),
    );
  });

  it.each([
    ['1.50::decimal(38,2)'],
    [`'a'::enum('a', 'b')`],
    ['true'],
    [`timestamptz '2020-01-01 10:00:00+02'`],
    [`timestamp '2020-01-01 10:00:00.123'`],
    [`date '2020-02-29'`],
    [`'nan'::double`],
    [`170141183460469231731687303715884105727::hugeint`],
  ])('%s comes back with its type', async (value) => {
    const sql = `select 1 as id, ${value} as p union all select 2, null`;
    const shop = project({
      'models/lake.sql': model(`location='lake', partition_by='p'`, sql),
      'models/plain.sql': `{{ config(materialized='table') }} ${sql}`,
    });
    await shop.run('run');
    for (const ask of ['select * from % order by id', 'select column_type from (describe %)'])
      expect(await shop.query(ask.replace('%', 'lake'))).toEqual(await shop.query(ask.replace('%', 'plain')));
  });

  it('a text that readers take for NULL is refused before anything is replaced', async () => {
    const shop = project({
      'models/lake.sql': model(
        `location='lake', partition_by='p'`,
        `select 1 as id, '{{ var('p', '') }}' as p`,
      ),
    });
    await shop.run('run', { vars: { p: 'fine' } });
    const { outcome } = await shop.run('run', { vars: { p: 'Null' } });
    expect(outcome.results[0]?.message).toBe(`Runtime Error in model lake (models/lake.sql)
  Column p of lake holds the text 'Null', and readers of a folder p=Null take it for NULL. Nothing was replaced.
  hint: give it another word in the query, or make it NULL: nullif(p, 'Null')`);
    expect(await shop.query('select p from lake')).toEqual([['fine']]);
  });

  it('no row is lost where NULL and the name of its folder meet', async () => {
    const shop = project({
      'models/lake.sql': model(
        `location='lake', partition_by='p'`,
        `select * from (values (1, null), (2, '__HIVE_DEFAULT_PARTITION__')) as t(id, p)`,
      ),
    });
    await shop.run('run');
    expect(await shop.query('select id from lake order by id')).toEqual([[1], [2]]);
  });

  it.each([
    [
      `partition_by='p'`,
      'select 1 as id, [1, 2] as p',
      `partition_by of lake names 'p', and values of type INTEGER[] cannot name folders.
hint: partition by a text, a number, a date or a moment`,
    ],
    [
      `partition_by=['id', 'p']`,
      'select 1 as id, 2 as p',
      `materialized: external of lake cannot be used: partition_by names every column, and files would have none.
hint: leave one out: the values of partition columns stand in the names of folders only`,
    ],
    [
      `partition_by=['p', 'P']`,
      'select 1 as id, 2 as p',
      `materialized: external of lake cannot be used: partition_by names 'P' twice.
hint: name each column once`,
    ],
  ])('%s is refused before anything is written', async (config, sql, text) => {
    const shop = project({ 'models/lake.sql': model(`location='lake', ${config}`, sql) });
    expect(await refusal(shop, 'lake')).toBe(text);
    expect(existsSync(join(shop.dir, 'lake'))).toBe(false);
  });
});

describe('locations', () => {
  it('signs of patterns in a name are letters like any other', async () => {
    const shop = project({
      'models/folder.sql': model(`location='out/st*r[1]?{a}', partition_by='p'`, 'select 1 as id, 2 as p'),
      'models/file.sql': model(`location='out/f[1]*.csv'`, 'select 3 as id'),
    });
    expect((await shop.run('run')).statuses).toEqual([
      'model.shop.file success',
      'model.shop.folder success',
    ]);
    expect(await shop.query('select * from folder')).toEqual([[1, 2]]);
    expect(await shop.query('select * from file')).toEqual([[3]]);
    expect(readdirSync(join(shop.dir, 'out')).sort()).toEqual(['f[1]*.csv', 'st*r[1]?{a}']);
  });

  it('the name of a file says its format, and does not contradict `format`', async () => {
    const shop = project({
      'models/a.sql': model(`location='out/a.csv'`, 'select 1 as id'),
      'models/b.sql': model(`location='out/b.csv', format='json'`, 'select 1 as id'),
    });
    expect(await refusal(shop, 'b')).toBe(
      `materialized: external of b cannot be used: location out/b.csv names a csv file, and format is json.
hint: say format: csv, or let location end in .json`,
    );
    expect(readFileSync(join(shop.dir, 'out/a.csv'), 'utf8')).toBe('id\n1\n');
  });

  it.each([
    ['lake/inner', 'lake/inner/'],
    ['lake/one.csv', 'lake/one.csv'],
  ])('%s in the folder of another model is refused', async (location, shown) => {
    const shop = project({
      'models/a.sql': model(`location='lake', partition_by='p'`, 'select 1 as id, 2 as p'),
      'models/b.sql': model(`location='${location}'`, `-- depends_on: {{ ref('a') }}\nselect 1 as id`),
    });
    expect(await refusal(shop, 'b')).toBe(
      `${shown} lies in <project>/lake/, the folder of another model, whose readers would find its files.
hint: give each model a folder of its own in location, beside the others`,
    );
    expect(readdirSync(join(shop.dir, 'lake')).sort()).toEqual(['_sq_manifest', 'p=2']);
  });
});
