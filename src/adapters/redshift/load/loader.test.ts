import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SqError } from '../../../errors.ts';
import { createInvocation } from '../../../invocation.ts';
import { relation } from '../../../manifest/relation.ts';
import { type LoadCase, sourceOf } from '../../../testing/load-files.ts';
import { hasPostgres } from '../../../testing/postgres.ts';
import { type RedshiftDouble, startRedshiftDouble } from '../../../testing/redshift/index.ts';
import type { Driver } from '../../contract.ts';
import type { ListAnswer, LoadAnswer } from '../../loader-contract.ts';
import { adapter } from '../index.ts';

const dir = mkdtempSync(join(tmpdir(), 'sq-redshift-load-'));
const into = relation('dev', 'public', 'loaded');

describe.runIf(hasPostgres())('COPY', () => {
  let double: RedshiftDouble;
  const drivers: Driver[] = [];

  beforeAll(async () => {
    double = await startRedshiftDouble();
  });
  beforeEach(() => {
    double.s3Server.buckets.clear();
    double.s3Server.buckets.set('staging', new Map());
  });
  afterAll(async () => {
    for (const driver of drivers) await driver.close();
    await double?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  async function open(more: Record<string, unknown> = {}): Promise<Driver> {
    const invocation = createInvocation({ cwd: dir, env: {} });
    const context = {
      projectDir: dir,
      projectName: 'shop',
      profileName: 'shop',
      targetName: 'prod',
      invocation,
    };
    const settings = adapter.settings(
      {
        type: 'redshift',
        ...double.wire,
        sslmode: 'disable',
        dbname: double.database,
        user: double.user,
        password: double.password,
        schema: 'public',
        region: double.region,
        access_key_id: 'x',
        secret_access_key: 'y',
        s3_staging_dir: 's3://staging/sq',
        endpoints: { s3: double.s3.endpoint, redshift_data: double.dataApi.endpoint },
        ...more,
      },
      context,
    );
    const driver = await adapter.open(settings, { invocation, projectDir: dir, threads: 1, readOnly: false });
    drivers.push(driver);
    return driver;
  }

  async function list(driver: Driver, test: LoadCase): Promise<ListAnswer> {
    const ledger = test.ledger === undefined ? null : { loaded: test.ledger, changed: 'error' as const };
    const order = { source: sourceOf(test), columns: test.only ?? null, into };
    return driver.session(
      { name: 'test' },
      async (session) => (await driver.loader!({ kind: 'list', ...order, ledger }, session)) as ListAnswer,
    );
  }

  async function load(driver: Driver, test: LoadCase): Promise<LoadAnswer> {
    const { files, statements } = await list(driver, test);
    await driver.batch(['drop table if exists public.loaded'], { name: 'test' });
    const order = { source: sourceOf(test), columns: test.only ?? null, into };
    const request = {
      kind: 'load' as const,
      ...order,
      files,
      statements,
      maxErrors: test.maxErrors ?? 0,
      countRows: test.ledger !== undefined,
    };
    return driver.session(
      { name: 'test' },
      async (session) => (await driver.loader!(request, session)) as LoadAnswer,
    );
  }

  const rows = (driver: Driver) =>
    driver.session(
      { name: 'test' },
      async (session) => (await session.query('select * from public.loaded order by 1')).rows,
    );
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => 'no error',
      (error: SqError) => error.text.replaceAll(dir, '<dir>'),
    );
  const put = (files: Record<string, string | Buffer>) => {
    for (const [key, body] of Object.entries(files)) double.s3Server.put('lake', key, body);
  };
  const copies = () =>
    double
      .statements()
      .filter((sql) => /\bcopy /i.test(sql))
      .map((sql) => sql.replace(/^\/\*.*?\*\/\s*/s, '').replaceAll(/loaded-[0-9a-f]{8}/g, 'loaded-<id>'));
  const events: LoadCase = {
    columns: "user_id int $['userId'], name varchar(8) $['firstName']",
    external: { location: 's3://lake/events/', format: 'json', options: { emptyasnull: true } },
  };

  describe.each([
    ['wire', {}],
    ['Data API', { driver: 'data_api', cluster_id: 'cluster-1' }],
  ])('by the %s', (name, more) => {
    it('loads exactly the files, by paths made from the columns, and leaves nothing behind', async () => {
      const given = name === 'wire' ? more : { ...more, cluster_id: double.clusterId };
      const driver = await open(given);
      put({
        'events/a.json': '{"userId": 1, "firstName": "Ann"}\n{"userId": 2, "firstName": ""}',
        'events/b.json.gz': gzipSync('{"userId": 3}'),
        'events_old/c.json': '{"userId": 9}',
      });
      expect(await load(driver, { ...events, ledger: [] })).toEqual({
        loaded: true,
        rows: 3,
        rowsByFile: { 's3://lake/events/a.json': 2, 's3://lake/events/b.json.gz': 1 },
        etags: {},
        errors: [],
        notices: [],
      });
      expect(await rows(driver)).toEqual([
        [1, 'Ann'],
        [2, null],
        [3, null],
      ]);
      expect(copies().slice(-2)[1]).toBe(
        [
          'copy "public"."loaded" ("user_id", "name")',
          "from 's3://staging/sq/loaded-<id>/manifest-2'",
          'iam_role default',
          "format as json 's3://staging/sq/loaded-<id>/jsonpaths.json'",
          'manifest',
          'gzip',
          'emptyasnull',
          'compupdate off',
          'statupdate off',
        ].join('\n'),
      );
      expect([...(double.s3Server.buckets.get('staging')?.keys() ?? [])]).toEqual([]);
    });

    it('tells file, line, column, value and reason of what is refused, and nothing stays', async () => {
      const given = name === 'wire' ? more : { ...more, cluster_id: double.clusterId };
      const driver = await open(given);
      put({ 'events/a.json': '{"userId": 1, "firstName": "Ann"}\n{"userId": "x", "firstName": "Bob"}' });
      const answer = await load(driver, events);
      expect(answer).toMatchObject({
        loaded: false,
        complete: false,
        errors: [{ file: 's3://lake/events/a.json', line: 2, column: 'user_id', value: 'x' }],
      });
      expect(await errorOf(rows(driver))).toMatch(/does not exist/);
      const some = await load(driver, { ...events, maxErrors: 3 });
      expect(some).toMatchObject({ loaded: true, rows: 1, errors: [{ line: 2, column: 'user_id' }] });
    });
  });

  it('shows what it would run, without a bucket of its own by prefix', async () => {
    put({ 'events/a.json': '{"userId": 1}' });
    const driver = await open({ s3_staging_dir: undefined, copy_iam_role: double.role });
    const answer = await list(driver, {
      ...events,
      columns: 'user_id int, at timestamp',
      external: { ...events.external, options: { timeformat: 'epochmillisecs', region: 'us-west-2' } },
    });
    expect(answer.statements).toEqual([
      'create table "dev"."public"."loaded" ("user_id" integer, "at" timestamp without time zone)',
      [
        'copy "public"."loaded" ("user_id", "at")',
        "from 's3://lake/events/'",
        "iam_role 'arn:aws:iam::123456789012:role/loader'",
        "region 'us-west-2'",
        "format as json 'auto'",
        "timeformat 'epochmillisecs'",
        'compupdate off',
        'statupdate off',
      ].join('\n'),
    ]);
    expect(
      await load(driver, {
        columns: 'userid int',
        external: { ...events.external, jsonpaths: 'auto ignorecase' },
      }),
    ).toMatchObject({ loaded: true, rows: 1 });
  });

  it('CSV by position, and only the columns asked for', async () => {
    put({ 'csv/a.csv': 'id|name\n1|a\n2|\\N\n' });
    const driver = await open();
    const csv: LoadCase = {
      columns: 'id int, name varchar(9)',
      external: { location: 's3://lake/csv/', format: 'csv', options: { delimiter: '|', ignoreheader: 1 } },
    };
    expect(await load(driver, { ...csv, only: ['name'] })).toMatchObject({ loaded: true, rows: 2 });
    expect(await rows(driver)).toEqual([['a'], [null]]);
  });

  it('uploads local files where the profile names a bucket, and advises where not', async () => {
    mkdirSync(join(dir, 'data'), { recursive: true });
    writeFileSync(join(dir, 'data/a.json'), '{"userId": 7, "firstName": "Eve"}\n{"userId": "no"}');
    const local: LoadCase = { ...events, external: { location: 'data/', format: 'json' } };
    expect(await load(await open(), { ...local, maxErrors: 1, ledger: [] })).toMatchObject({
      loaded: true,
      rows: 1,
      etags: { 'data/a.json': expect.stringMatching(/^[0-9a-f]{32}$/) },
      errors: [{ file: 'data/a.json', line: 2 }],
    });
    const without = await open({ s3_staging_dir: undefined });
    expect(
      await errorOf(list(without, { columns: 'a int', external: { location: 'data/', format: 'json' } })),
    ).toBe(
      [
        'Compilation Error',
        "  Source raw.files has its files on this machine (data/), where Redshift's COPY cannot read them.",
        '  at models/sources.yml',
        '  hint: put them on S3 and give location: s3://bucket/prefix/; or name s3_staging_dir: s3://bucket/prefix in the profile, and sq uploads them for each load',
      ].join('\n'),
    );
    put({ 'events/a.json': '{"userId": 1}' });
    expect(await errorOf(list(without, events))).toMatch(
      /The JSONPaths file of source raw.files is made from its columns/,
    );
    put({ 'pattern/a.json': '{"a": 1}', 'pattern/b.txt': '{"a": 1}' });
    const pattern: LoadCase = {
      columns: 'a int',
      external: { location: 's3://lake/pattern/*.json', format: 'json' },
    };
    expect(await errorOf(load(without, pattern))).toMatch(
      /can name the files of source raw.files exactly only by a manifest/,
    );
  });

  it('many rows by way of the bucket, few by INSERT', async () => {
    const driver = await open();
    await driver.batch(
      [
        'drop table if exists public.seeded',
        'create table public.seeded (id int, word varchar(40), at timestamp)',
      ],
      { name: 'test' },
    );
    const order = (rowCount: number) => ({
      into: relation('dev', 'public', 'seeded'),
      columns: [
        { name: 'id', dataType: 'integer' },
        { name: 'Word', dataType: 'varchar(40)' },
        { name: 'at', dataType: 'timestamp' },
      ],
      rowCount,
      batches: [
        Array.from({ length: rowCount }, (_, i) => [
          String(i),
          i === 0 ? null : i === 1 ? '' : `"${i}", \\N\né`,
          '2018-11-01 21:01:46.796123',
        ]),
      ],
    });
    const fill = (count: number) =>
      driver.session({ name: 'test' }, (session) => driver.fillRows!(order(count), session));
    expect(await fill(10)).toBe(false);
    expect(await fill(1_200)).toBe(true);
    const found = await driver.session({ name: 'test' }, (session) =>
      session.query('select * from public.seeded where id < 3 or id = 1199 order by 1'),
    );
    expect(found.rows).toEqual([
      [0, null, '2018-11-01 21:01:46.796123'],
      [1, '', '2018-11-01 21:01:46.796123'],
      [2, '"2", \\N\né', '2018-11-01 21:01:46.796123'],
      [1199, '"1199", \\N\né', '2018-11-01 21:01:46.796123'],
    ]);
    expect([...(double.s3Server.buckets.get('staging')?.keys() ?? [])]).toEqual([]);
  });

  it('unloads by partition, reads its manifest, and puts a table over the files', async () => {
    const driver = await open({ external_schema: 'spectrum' });
    double.s3Server.buckets.set('lake', new Map());
    await driver.batch(["create external schema spectrum from data catalog database 'd' iam_role default"], {
      name: 'test',
    });
    const request = {
      sql: "select 1 as id, 'it''s' as name, 2018 as year union all select 2, null, 2019",
      columns: [
        { name: 'id', dataType: 'integer' },
        { name: 'name', dataType: 'character varying(4)' },
        { name: 'year', dataType: 'integer' },
      ],
      location: 's3://lake/songs/',
      format: 'parquet' as const,
      partitionBy: ['year'],
      table: 'songs',
      externalSchema: null,
      role: null,
      preview: false,
      mode: 'overwrite' as const,
      options: {},
      runId: '0a1b2c3d',
    };
    const unload = () => driver.session({ name: 'test' }, (session) => driver.unload!(request, session));
    const answer = await unload();
    expect(answer).toMatchObject({ rows: 2, files: 2, table: { schema: 'spectrum', name: 'songs' } });
    expect(answer.statements).toEqual([
      [
        "unload ('select * from (",
        "select 1 as id, ''it''''s'' as name, 2018 as year union all select 2, null, 2019",
        ") as sq_rows')",
        "to 's3://lake/songs/'",
        'iam_role default',
        'format as parquet',
        'partition by ("year")',
        'manifest verbose',
        'cleanpath',
      ].join('\n'),
      [
        'create external table "spectrum"."songs" ("id" integer, "name" varchar(4))',
        'partitioned by ("year" integer)',
        'stored as parquet',
        "location 's3://lake/songs/'",
      ].join('\n'),
      [
        'alter table "spectrum"."songs" add if not exists',
        "partition (\"year\" = '2018') location 's3://lake/songs/year=2018/'",
        "partition (\"year\" = '2019') location 's3://lake/songs/year=2019/'",
      ].join('\n'),
    ]);
    expect((await unload()).statements).toHaveLength(2);
    double.s3Server.buckets.set('lake', new Map());
    put({ 'songs/theirs.parquet': 'x' });
    expect(await errorOf(unload())).toMatch(
      /holds a file that no run of this model has written, and UNLOAD would delete them: s3:\/\/lake\/songs\/theirs\.parquet/,
    );
  });

  it('a role that is not attached, a bucket that cannot be written', async () => {
    put({ 'events/a.json': '{"userId": 1}' });
    const stranger = await open({ copy_iam_role: 'arn:aws:iam::1:role/stranger' });
    expect(await errorOf(load(stranger, events))).toMatch(
      /source raw\.files at s3:\/\/lake\/events\/, iam_role arn:aws:iam::1:role\/stranger\n {2}hint: attach the role to the cluster/,
    );
    double.s3Server.fault = (request) =>
      request.startsWith('PUT') ? { status: 403, code: 'AccessDenied' } : undefined;
    expect(await errorOf(load(await open(), events))).toMatch(
      /^Runtime Error\n {2}s3:\/\/staging\/sq\/loaded-[0-9a-f]{8}\/jsonpaths\.json cannot be written: AccessDenied/,
    );
    double.s3Server.fault = undefined;
  });
});
