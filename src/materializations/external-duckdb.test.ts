import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LakeManifest } from '../adapters/shared/lake/lake-manifest.ts';
import { TestProject } from '../testing/run-project.ts';
import { S3Server } from '../testing/s3-server.ts';

const projects: TestProject[] = [];
function project(files: Record<string, string>): TestProject {
  const made = new TestProject(files);
  projects.push(made);
  return made;
}
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

const PLAYS = `select * from (values
  (1, date '2018-11-01', 'free', 1.50::decimal(38,2)),
  (2, date '2018-11-01', null, null),
  (3, date '2018-11-02', '', 12345678901234567890123456789.12),
  (4, null, 'a/b =ü%', 3)) as t(id, day, level, price)`;

function model(config: string, sql = PLAYS): string {
  return `{{ config(materialized='external', ${config}) }}\n${sql}`;
}

/** Files below a folder, sorted. */
function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

function manifestOf(folder: string): LakeManifest {
  return JSON.parse(readFileSync(join(folder, '_sq_manifest'), 'utf8'));
}

async function refusal(shop: TestProject, flags = {}): Promise<string> {
  const { outcome } = await shop.run('run', { flags });
  expect(outcome.results.map(({ status }) => status)).toEqual(['error']);
  return (outcome.results[0]?.message ?? '').replaceAll(shop.dir, '<project>');
}

describe('files of a query', () => {
  it.each(['parquet', 'csv', 'json'])(
    '%s: one folder a partition, and a view over them with the same rows and types',
    async (format) => {
      const shop = project({
        'models/plays.sql': model(`location='lake/plays', format='${format}', partition_by=['day', 'level']`),
        'models/plain.sql': `{{ config(materialized='table') }} ${PLAYS}`,
        'models/readers.sql': `{{ config(materialized='table') }} select * from {{ ref('plays') }}`,
      });
      const { statuses, outcome } = await shop.run('run');
      expect(statuses).toEqual([
        'model.shop.plain success',
        'model.shop.plays success',
        'model.shop.readers success',
      ]);
      expect(outcome.results[1]?.message).toBe('UNLOAD 4');
      expect(files(join(shop.dir, 'lake/plays'))).toEqual([
        '_sq_manifest',
        `day=2018-11-01/level=__HIVE_DEFAULT_PARTITION__/data_0.${format}`,
        `day=2018-11-01/level=free/data_0.${format}`,
        `day=2018-11-02/level=/data_0.${format}`,
        `day=__HIVE_DEFAULT_PARTITION__/level=a%2Fb%20%3D%C3%BC%25/data_0.${format}`,
      ]);
      const all = 'order by id';
      expect(await shop.query(`select * from plays ${all}`)).toEqual(
        await shop.query(`select * from plain ${all}`),
      );
      const types = (name: string) => shop.query(`select column_name, column_type from (describe ${name})`);
      expect(await types('plays')).toEqual(await types('plain'));
      expect(await shop.query('select count(*) from readers')).toEqual([[4]]);
    },
  );

  it.each(['parquet', 'csv', 'json'])('%s without partitions: one file in the folder', async (format) => {
    const shop = project({ 'models/plays.sql': model(`location='lake/plays/', format='${format}'`) });
    await shop.run('run');
    expect(files(join(shop.dir, 'lake/plays'))).toEqual(['_sq_manifest', `data_0.${format}`]);
    expect(await shop.query('select id, level, price from plays order by id')).toEqual([
      [1, 'free', '1.50'],
      [2, null, null],
      [3, '', '12345678901234567890123456789.12'],
      [4, 'a/b =ü%', '3.00'],
    ]);
  });

  it('a location that ends in .parquet is that file; without one it is dbt-duckdb’s place', async () => {
    const shop = project({
      'models/a.sql': model(`location='out/a.parquet'`, 'select 1 as id'),
      'models/b.sql': model(`format='csv'`, 'select 2 as id'),
      'models/c.sql': model(
        `options={'partition_by': 'id', 'compression': 'zstd'}`,
        'select 3 as id, 4 as n',
      ),
    });
    const { statuses } = await shop.run('run');
    expect(statuses.every((status) => status.endsWith('success'))).toBe(true);
    expect(files(join(shop.dir, 'out'))).toEqual(['a.parquet']);
    expect(existsSync(join(shop.dir, 'b.csv'))).toBe(true);
    expect(files(join(shop.dir, 'c'))).toEqual(['_sq_manifest', 'id=3/data_0.parquet']);
    expect(
      await shop.query('select id from a union all select id from b union all select id from c'),
    ).toEqual([[1], [2], [3]]);
    const codec = `select compression from parquet_metadata('${shop.dir}/c/id=3/data_0.parquet')`;
    expect(await shop.query(codec)).toEqual([['ZSTD']]);
  });

  it('the manifest names every file, its bytes and its rows', async () => {
    const shop = project({ 'models/plays.sql': model(`location='lake/plays', partition_by='day'`) });
    await shop.run('run');
    const { files: listed, ...facts } = manifestOf(join(shop.dir, 'lake/plays'));
    expect(facts).toEqual({
      version: 1,
      model: 'plays',
      format: 'parquet',
      partition_by: ['day'],
      columns: [
        { name: 'id', data_type: 'INTEGER' },
        { name: 'day', data_type: 'DATE' },
        { name: 'level', data_type: 'VARCHAR' },
        { name: 'price', data_type: 'DECIMAL(38,2)' },
      ],
      pending: [],
      garbage: [],
    });
    expect(listed.map(({ path, rows }) => [path, rows])).toEqual([
      ['day=2018-11-01/data_0.parquet', 2],
      ['day=2018-11-02/data_0.parquet', 1],
      ['day=__HIVE_DEFAULT_PARTITION__/data_0.parquet', 1],
    ]);
    for (const { path, bytes } of listed)
      expect(statSync(join(shop.dir, 'lake/plays', path)).size).toBe(bytes);
  });

  it('each partition is one file, also where it is written by many threads', async () => {
    const sql = 'select i, (i * 7919 % 300)::int as p from range(400000) as r(i)';
    for (const format of ['parquet', 'csv', 'json']) {
      const shop = project({
        'models/many.sql': model(`location='lake', format='${format}', partition_by='p'`, sql),
      });
      await shop.run('run', { threads: 4 });
      expect(files(join(shop.dir, 'lake'))).toHaveLength(301);
      expect(await shop.query('select count(*), count(distinct i), sum(p) from many')).toEqual(
        await shop.query(`select count(*), count(distinct i), sum(p) from (${sql})`),
      );
    }
  });

  it('warns of more than 1,000 partitions', async () => {
    const shop = project({
      'models/many.sql': model(
        `location='lake', partition_by='p'`,
        'select i as p, i from range(1001) as r(i)',
      ),
    });
    const { events } = await shop.run('run');
    const warnings = events.flatMap((event) =>
      event.name === 'Warning' ? [`${event.event_name}: ${event.msg}`] : [],
    );
    expect(warnings).toEqual([
      'ManyPartitions: many: 1,001 partitions in lake/; above 1,000 listing the folder takes longer than reading it',
    ]);
  });

  it('a query without rows leaves a view without rows, of the same columns', async () => {
    const shop = project({
      'models/plays.sql': model(
        `location='lake', partition_by='day'`,
        `${PLAYS} {{ 'where false' if var('none', false) }}`,
      ),
    });
    await shop.run('run', { vars: { none: false } });
    await shop.run('run', { vars: { none: true } });
    expect(files(join(shop.dir, 'lake'))).toEqual(['_sq_manifest']);
    expect(await shop.query('select * from plays')).toEqual([]);
    expect(await shop.query(`select column_type from (describe plays)`)).toEqual([
      ['INTEGER'],
      ['DATE'],
      ['VARCHAR'],
      ['DECIMAL(38,2)'],
    ]);
  });

  it('takes the place of a table of its name, and hooks run around it', async () => {
    const shop = project({ 'models/a.sql': `{{ config(materialized='table') }} select 1 as id` });
    await shop.run('run');
    shop.write({
      'models/a.sql': model(
        `location='lake', pre_hook='create or replace table before as select 1 as n', post_hook='create or replace table after as select id from {{ this }}'`,
        'select n as id from before',
      ),
    });
    // a hook makes what the query reads
    expect((await shop.run('run')).statuses).toEqual(['model.shop.a success']);
    expect(await shop.query('select id from after')).toEqual([[1]]);
  });
});

describe('a second run', () => {
  const daily = (strategy: string) => `
    {{ config(materialized='external', location='lake', partition_by=['day'], incremental_strategy='${strategy}') }}
    select i as id, (i % 4)::int as day, '{{ var('word', 'old') }}' as word from range(40) as r(i)
    where {{ var('days', 'true') }}
    {% if is_incremental() %} and day = {{ var('day', 'day') }} {% endif %}`;

  it('overwrite: partitions that are no longer there are gone', async () => {
    const shop = project({ 'models/d.sql': daily('overwrite') });
    await shop.run('run', { vars: { word: 'old' } });
    await shop.run('run', { vars: { word: 'new', days: 'i % 4 < 2' } });
    expect(files(join(shop.dir, 'lake'))).toEqual([
      '_sq_manifest',
      'day=0/data_0.parquet',
      'day=1/data_0.parquet',
    ]);
    expect(await shop.query('select distinct word from d')).toEqual([['new']]);
  });

  it('insert_overwrite: one partition is replaced, the files of the others stay as they are, to the byte', async () => {
    const shop = project({ 'models/d.sql': daily('insert_overwrite') });
    const lake = join(shop.dir, 'lake');
    const contents = () =>
      Object.fromEntries(
        files(lake)
          .filter((name) => name.startsWith('day='))
          .map((name) => [name, [statSync(join(lake, name)).ino, readFileSync(join(lake, name), 'hex')]]),
      );
    await shop.run('run', { vars: { word: 'old' } });
    const before = contents();
    const { outcome } = await shop.run('run', { vars: { word: 'new', day: 2 } });
    expect(outcome.results[0]?.message).toBe('UNLOAD 10');
    const after = contents();
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const name of Object.keys(before)) {
      if (name === 'day=2/data_0.parquet') expect(after[name]).not.toEqual(before[name]);
      else expect(after[name]).toEqual(before[name]);
    }
    expect(await shop.query('select word, count(*) from d group by all order by all')).toEqual([
      ['new', 10],
      ['old', 30],
    ]);
    expect(manifestOf(lake).files.map(({ rows }) => rows)).toEqual([10, 10, 10, 10]);
  });

  it('insert_overwrite with --full-refresh writes everything anew', async () => {
    const shop = project({ 'models/d.sql': daily('insert_overwrite') });
    await shop.run('run', { vars: { word: 'old' } });
    await shop.run('run', { vars: { word: 'new', days: 'i % 4 = 3' }, flags: { fullRefresh: true } });
    expect(files(join(shop.dir, 'lake'))).toEqual(['_sq_manifest', 'day=3/data_0.parquet']);
  });

  it('refuses to leave partitions of another shape beside the new ones', async () => {
    const shop = project({ 'models/d.sql': daily('insert_overwrite') });
    await shop.run('run', { vars: { word: 'old' } });
    shop.write({ 'models/d.sql': daily('insert_overwrite').replace('as word', 'as word, 1 as more') });
    const { outcome } = await shop.run('run', { vars: { word: 'new', day: 1 } });
    expect(outcome.results[0]?.message).toBe(`Compilation Error in model d (models/d.sql)
  The partitions that would stay in lake/ are not of the model's shape any more.
  They have columns id BIGINT, day INTEGER, word VARCHAR.
  The model has columns id BIGINT, day INTEGER, word VARCHAR, more INTEGER.
  hint: run the model with --full-refresh: all partitions are written anew`);
  });
});

describe('what a killed run leaves', () => {
  const sql = `select i as id, (i % 4)::int as day from range(40) as r(i)`;
  async function built(): Promise<{ shop: TestProject; lake: string }> {
    const shop = project({ 'models/d.sql': model(`location='lake', partition_by='day'`, sql) });
    await shop.run('run');
    return { shop, lake: join(shop.dir, 'lake') };
  }

  it('a side folder: deleted by the next run, never read by anybody', async () => {
    const { shop, lake } = await built();
    mkdirSync(join(lake, '.sq-stage-deadbeef/data/day=9'), { recursive: true });
    writeFileSync(join(lake, '.sq-stage-deadbeef/data/day=9/data_0.sqpart'), 'half a file');
    expect(await shop.query('select count(*) from d')).toEqual([[40]]);
    await shop.run('run');
    expect(readdirSync(lake).sort()).toEqual(['_sq_manifest', 'day=0', 'day=1', 'day=2', 'day=3']);
  });

  it('files that it had announced are the model’s own, and go or stay as the next run decides', async () => {
    const { shop, lake } = await built();
    const manifest = manifestOf(lake);
    mkdirSync(join(lake, 'day=7'));
    writeFileSync(join(lake, 'day=7/data_0.parquet'), readFileSync(join(lake, 'day=1/data_0.parquet')));
    manifest.pending.push({ path: 'day=7/data_0.parquet', bytes: 1, rows: 10 });
    writeFileSync(join(lake, '_sq_manifest'), JSON.stringify(manifest));
    expect((await shop.run('run')).statuses).toEqual(['model.shop.d success']);
    expect(readdirSync(lake)).not.toContain('day=7');
  });
});

describe('refusals, whole', () => {
  it('files of others in the folder', async () => {
    const shop = project({ 'models/a.sql': model(`location='lake'`, 'select 1 as id') });
    mkdirSync(join(shop.dir, 'lake/sub'), { recursive: true });
    writeFileSync(join(shop.dir, 'lake/sub/notes.txt'), 'mine');
    expect(await refusal(shop)).toBe(`Runtime Error in model a (models/a.sql)
  lake/ holds a file that no run of this model has written: lake/sub/notes.txt
  hint: give the model a folder of its own in location, or empty this one first`);
    expect(readFileSync(join(shop.dir, 'lake/sub/notes.txt'), 'utf8')).toBe('mine');
  });

  it('the folder of another model', async () => {
    const shop = project({ 'models/a.sql': model(`location='lake'`, 'select 1 as id') });
    await shop.run('run');
    rmSync(join(shop.dir, 'models/a.sql'));
    shop.write({ 'models/b.sql': model(`location='lake'`, 'select 1 as id') });
    expect(await refusal(shop)).toBe(`Runtime Error in model b (models/b.sql)
  lake/ holds the files of a, and b would delete them.
  hint: give each model a folder of its own in location; a model that was renamed: delete the folder, or its _sq_manifest and data`);
  });

  it.each([
    [`location='lake', format='orc'`, 'format is "orc".\n  hint: it is one of: parquet, csv, json'],
    [
      `location='gs://b/x'`,
      'location is "gs://b/x".\n  hint: give a folder of its own below the project, or on S3: location: s3://bucket/folder/; what stands in it is replaced',
    ],
    [
      `location='~/lake'`,
      'location is "~/lake".\n  hint: give a folder of its own below the project, or on S3: location: s3://bucket/folder/; what stands in it is replaced',
    ],
    [
      `location='a.csv', format='csv', partition_by='id'`,
      'location a.csv is one file, and partition_by needs a folder.\n  hint: say location: a/',
    ],
    [
      `location='lake', partition_by=['idd']`,
      "partition_by names 'idd', which the query does not give.\n  hint: its columns are: id",
    ],
    [
      `location='lake', incremental_strategy='insert_overwrite'`,
      'incremental_strategy: insert_overwrite replaces partitions, and partition_by is missing.\n  hint: name the columns that make the folders, e.g. partition_by: [year, month, day]',
    ],
    [
      `location='lake', options={'compresion': 'zstd'}`,
      "options names 'compresion', which is not known.\n  hint: did you mean 'compression'?",
    ],
  ])('config %s', async (config, text) => {
    const shop = project({ 'models/a.sql': model(config, 'select 1 as id') });
    expect(await refusal(shop)).toBe(
      `Compilation Error in model a (models/a.sql)\n  materialized: external of a cannot be used: ${text}`,
    );
  });

  it('a manifest that is none', async () => {
    const shop = project({ 'models/a.sql': model(`location='lake'`, 'select 1 as id') });
    mkdirSync(join(shop.dir, 'lake'));
    writeFileSync(join(shop.dir, 'lake/_sq_manifest'), 'x');
    expect(await refusal(shop)).toBe(`Runtime Error in model a (models/a.sql)
  lake/_sq_manifest is no manifest that this version of sq can read.
  hint: it says which files belong to the model: put it back, or empty the folder and run the model with --full-refresh`);
  });

  it('a folder in which nothing can be written', async () => {
    const shop = project({ 'models/a.sql': model(`location='lake/a'`, 'select 1 as id') });
    writeFileSync(join(shop.dir, 'lake'), 'a file');
    expect(await refusal(shop)).toBe(`Runtime Error in model a (models/a.sql)
  lake/a/ cannot be written: a file stands where a folder is needed.
  hint: what stood there stands as it was, each partition old or new: mend the cause and run the model again`);
  });
});

describe('an object store', () => {
  let s3: S3Server;
  const inBucket = () => [...(s3.buckets.get('lake')?.keys() ?? [])].sort();
  const daily = (
    day = '',
  ) => `{{ config(materialized='external', location='s3://lake/plays', partition_by=['day'], incremental_strategy='insert_overwrite') }}
    select i as id, (i % 4)::int as day from range(40) as r(i) ${day}`;
  async function shopOnS3(): Promise<TestProject> {
    s3 = await S3Server.start();
    s3.buckets.set('lake', new Map());
    return project({ 'models/plays.sql': daily() });
  }
  afterEach(() => s3?.stop());

  it('new keys first, then the old ones are deleted; other partitions are not touched', async () => {
    const shop = await shopOnS3();
    const { events } = await shop.run('run', { env: s3.env });
    const first = inBucket();
    expect(first.map((key) => key.replace(/-[0-9a-f]{8}\./, '-<run>.'))).toEqual([
      'plays/_sq_manifest',
      ...[0, 1, 2, 3].map((day) => `plays/day=${day}/data-<run>.parquet`),
    ]);
    expect(
      events.flatMap((event) => (event.name === 'SqNotice' && event.topic === 'external' ? [event.msg] : [])),
    ).toEqual([
      "plays: no view over s3://lake/plays/, because DuckDB's extension httpfs is not loaded (extensions: [httpfs] in the profile)",
    ]);
    const untouched = s3.buckets.get('lake')?.get(first[1] as string);
    s3.requests.length = 0;
    shop.write({ 'models/plays.sql': daily('where i % 4 = 2') });
    await shop.run('run', { env: s3.env });
    const second = inBucket();
    expect(second.filter((key) => !first.includes(key))).toHaveLength(1);
    expect(s3.buckets.get('lake')?.get(first[1] as string)).toBe(untouched);
    const written = s3.requests
      .filter((line) => /^(PUT|DELETE)/.test(line))
      .map((line) => line.replace(/-[0-9a-f]{8}\./, '-<run>.'));
    expect(written).toEqual([
      'PUT /lake/plays/_sq_manifest',
      'PUT /lake/plays/day=2/data-<run>.parquet',
      'PUT /lake/plays/_sq_manifest',
      'DELETE /lake/plays/day=2/data-<run>.parquet',
      'PUT /lake/plays/_sq_manifest',
    ]);
    expect(second).toHaveLength(5);
  });

  it('a store that fails in the middle: the old files stay, the new ones go, the next run goes on', async () => {
    const shop = await shopOnS3();
    await shop.run('run', { env: s3.env });
    const before = inBucket();
    s3.fault = (request) =>
      /^PUT .*day=3/.test(request) ? { status: 403, code: 'AccessDenied' } : undefined;
    const { outcome } = await shop.run('run', { env: s3.env });
    expect(
      outcome.results[0]?.message?.replace(/-[0-9a-f]{8}\./, '-<run>.').replace(s3.endpoint, '<store>'),
    ).toBe(`Runtime Error in model plays (models/plays.sql)
  s3://lake/plays/day=3/data-<run>.parquet cannot be written: access at <store> is denied (AccessDenied).
  hint: the credentials need s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject below the location`);
    expect(inBucket()).toEqual(before);
    s3.fault = undefined;
    expect((await shop.run('run', { env: s3.env })).statuses).toEqual(['model.shop.plays success']);
    expect(inBucket()).toHaveLength(5);
  });

  it('a run that died before its manifest was written leaves keys that the next one deletes', async () => {
    const shop = await shopOnS3();
    await shop.run('run', { env: s3.env });
    const bucket = s3.buckets.get('lake');
    const manifest = JSON.parse(String(bucket?.get('plays/_sq_manifest')?.body)) as LakeManifest;
    manifest.pending.push({ path: 'day=9/data-deadbeef.parquet', bytes: 4, rows: 1 });
    s3.put('lake', 'plays/_sq_manifest', JSON.stringify(manifest));
    s3.put('lake', 'plays/day=9/data-deadbeef.parquet', 'PAR1');
    shop.write({ 'models/plays.sql': daily('where i % 4 = 2') });
    expect((await shop.run('run', { env: s3.env })).statuses).toEqual(['model.shop.plays success']);
    expect(inBucket().filter((key) => key.includes('day=9'))).toEqual([]);
  });

  it('no such bucket', async () => {
    const shop = await shopOnS3();
    s3.buckets.clear();
    const { outcome } = await shop.run('run', { env: s3.env });
    expect(
      outcome.results[0]?.message?.replace(s3.endpoint, '<store>'),
    ).toBe(`Runtime Error in model plays (models/plays.sql)
  s3://lake/plays/_sq_manifest cannot be read: there is no bucket lake at <store>.
  hint: look at the name in location; AWS_ENDPOINT_URL_S3 names another store than AWS`);
  });
});
