import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SqError } from '../../errors.ts';
import type { SqEvent } from '../../events.ts';
import { createInvocation } from '../../invocation.ts';
import { relation } from '../../manifest/relation.ts';
import { describeAdapter } from '../../testing/contract-suite.ts';
import type { Driver } from '../contract.ts';
import { adapter } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sq-duckdb-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const events: SqEvent[] = [];
const invocation = createInvocation({ cwd: folder, env: {}, emit: (event) => events.push(event) });
const context = {
  projectDir: folder,
  projectName: 'shop',
  profileName: 'shop',
  targetName: 'dev',
  invocation,
};

function open(output: Record<string, unknown>, readOnly = false): Promise<Driver> {
  const settings = adapter.settings({ type: 'duckdb', ...output }, context);
  return adapter.open(settings, { invocation, projectDir: folder, threads: 2, readOnly });
}

const owner = { name: 'model.shop.test' };
const rows = (driver: Driver, sql: string) =>
  driver.session(owner, async (session) => (await session.query(sql)).rows);
const textOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: SqError) => error.text.replaceAll(folder, '<folder>'),
  );

/** A process that holds the file as a writer until it is killed or `milliseconds` are over. */
async function holder(file: string, milliseconds: number): Promise<{ pid: number; stop: () => void }> {
  const script = `const d = require('@duckdb/node-bindings');
    d.open(${JSON.stringify(file)}).then((db) => { console.log('held'); setTimeout(() => db && process.exit(0), ${milliseconds}); })`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return { pid: child.pid!, stop: () => child.kill('SIGKILL') };
}

describeAdapter('duckdb', {
  dialect: adapter.dialect,
  open: () => open({ path: 'contract.duckdb' }),
  relation: (name) => relation('contract', 'main', name),
  endlessQuery:
    'select count(*) from range(100000000) as a, range(100000000) as b where a.range + b.range = -1',
  failingQuery: (table) => `select cast('x' || a as integer) from ${table}`,
  projects: () => ({
    output: (schema) => ({ type: 'duckdb', path: join(folder, `${schema}_file.duckdb`), schema }),
  }),
  types: [
    {
      type: 'BOOLEAN',
      kind: 'boolean',
      values: [
        ['true', true],
        ['false', false],
      ],
    },
    {
      type: 'TINYINT',
      kind: 'integer',
      values: [
        ['-128', -128],
        ['127', 127],
      ],
    },
    { type: 'SMALLINT', kind: 'integer', values: [['-32768', -32768]] },
    {
      type: 'INTEGER',
      kind: 'integer',
      values: [
        ['-2147483648', -2147483648],
        ['2147483647', 2147483647],
      ],
    },
    {
      type: 'BIGINT',
      kind: 'integer',
      values: [
        ['9007199254740991', 9007199254740991],
        ['9007199254740992', 9007199254740992n],
        ['-9223372036854775808', -9223372036854775808n],
      ],
    },
    { type: 'UBIGINT', kind: 'integer', values: [['18446744073709551615', 18446744073709551615n]] },
    { type: 'UINTEGER', kind: 'integer', values: [['4294967295', 4294967295]] },
    {
      type: 'HUGEINT',
      kind: 'integer',
      values: [
        ['1', 1],
        ["'170141183460469231731687303715884105727'", 170141183460469231731687303715884105727n],
        ["'-170141183460469231731687303715884105728'", -170141183460469231731687303715884105728n],
      ],
    },
    {
      type: 'FLOAT',
      kind: 'float',
      values: [
        ['0.1', 0.1],
        ["'inf'", Number.POSITIVE_INFINITY],
      ],
    },
    {
      type: 'DOUBLE',
      kind: 'float',
      values: [
        ['0.1', 0.1],
        ['1e308', 1e308],
        ["'nan'", Number.NaN],
      ],
    },
    { type: 'DECIMAL(4,1)', kind: 'decimal', values: [['-0.5', '-0.5']] },
    { type: 'DECIMAL(9,2)', kind: 'decimal', values: [['1234567.89', '1234567.89']] },
    { type: 'DECIMAL(18,3)', kind: 'decimal', values: [['1', '1.000']] },
    {
      type: 'DECIMAL(38,10)',
      kind: 'decimal',
      values: [["'-1234567890123456789012345678.0123456789'", '-1234567890123456789012345678.0123456789']],
    },
    {
      type: 'VARCHAR',
      kind: 'text',
      values: [
        ["''", ''],
        ["'twelve bytes'", 'twelve bytes'],
        ["'Zoë said: it''s 🎵 music'", "Zoë said: it's 🎵 music"],
      ],
    },
    { type: 'JSON', kind: 'text', values: [[`'{"a": [1, null]}'`, '{"a": [1, null]}']] },
    {
      type: 'UUID',
      kind: 'text',
      values: [["'550e8400-e29b-41d4-a716-446655440000'", '550e8400-e29b-41d4-a716-446655440000']],
    },
    { type: "ENUM('a', 'b')", kind: 'text', values: [["'b'", 'b']] },
    {
      type: 'DATE',
      kind: 'date',
      values: [
        ["'2020-02-29'", '2020-02-29'],
        ["'0044-03-15 (BC)'", '0044-03-15 (BC)'],
        ["'infinity'", 'infinity'],
        ["'1969-12-31'", '1969-12-31'],
      ],
    },
    { type: 'TIME', kind: 'time', values: [["'23:59:59.000001'", '23:59:59.000001']] },
    {
      type: 'TIMESTAMP',
      kind: 'timestamp',
      values: [
        ["'1969-12-31 23:59:59.999999'", '1969-12-31 23:59:59.999999'],
        ["'2020-01-01'", '2020-01-01 00:00:00'],
        ["'2020-01-01 00:00:00.5'", '2020-01-01 00:00:00.5'],
        ["'-infinity'", '-infinity'],
      ],
    },
    {
      type: 'TIMESTAMP WITH TIME ZONE',
      kind: 'timestamp',
      values: [["'2020-01-01 00:00:00+02'", '2019-12-31 22:00:00+00']],
    },
    {
      type: 'TIMESTAMP_NS',
      kind: 'timestamp',
      values: [["'2020-01-01 00:00:00.123456789'", '2020-01-01 00:00:00.123456789']],
    },
    { type: 'INTERVAL', kind: 'other', values: [["'1 month 3 days'", '1 month 3 days']] },
    { type: 'BLOB', kind: 'other', values: [["'a\\x00b'", 'a\\x00b']] },
    { type: 'INTEGER[]', kind: 'other', values: [['[1, null]', '[1, NULL]']] },
    { type: 'STRUCT("x" INTEGER)', kind: 'other', values: [["{'x': 1}", "{'x': 1}"]] },
    { type: 'MAP(VARCHAR, INTEGER)', kind: 'other', values: [["map {'k': 1}", "{'k': 1}"]] },
  ],
});

describe('a duckdb file', () => {
  it('is free for another process as soon as the driver is closed, and holds everything', async () => {
    const driver = await open({ path: 'free.duckdb' });
    await driver.batch(['create table t as select 42 as a'], owner);
    await driver.close();
    expect(readdirSync(folder).filter((name) => name.startsWith('free'))).toEqual(['free.duckdb']);
    const script = `const d = require('@duckdb/node-bindings');
      d.open(${JSON.stringify(join(folder, 'free.duckdb'))}).then((db) => d.connect(db)).then((c) => d.query(c, 'from t')).then((r) => console.log(d.row_count(r)))`;
    expect(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout).toBe('1\n');
  });

  it('is one instance in a process, however often it is opened', async () => {
    const [first, second] = [await open({ path: 'twice.duckdb' }), await open({ path: 'twice.duckdb' })];
    await first.batch(['create table t as select 1 as a'], owner);
    await second.batch(['insert into t values (2)'], owner);
    expect(await rows(first, 'select count(*) from t')).toEqual([[2]]);
    await first.close();
    expect(await rows(second, 'select count(*) from t')).toEqual([[2]]);
    await second.close();
  });

  it('that another process holds is waited for, with its pid, and opened when it is free', async () => {
    const held = await holder(join(folder, 'waited.duckdb'), 400);
    events.length = 0;
    const driver = await open({ path: 'waited.duckdb', lock_timeout: 20 });
    await driver.close();
    const notices = events.filter((event) => event.name === 'SqNotice');
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({
      topic: 'lock',
      msg: `waited.duckdb is held by process ${held.pid} (${process.execPath}); waiting up to 20 s (lock_timeout)`,
    });
  });

  it('that stays held is an error after lock_timeout', async () => {
    const held = await holder(join(folder, 'held.duckdb'), 60_000);
    try {
      expect(await textOf(open({ path: 'held.duckdb', lock_timeout: 0.2 }, true))).toBe(
        `Runtime Error\n  held.duckdb could not be opened: process ${held.pid} (${process.execPath}) holds it and did not let go within 0.2 s.\n` +
          '  hint: DuckDB lets one process write at a time: end that process (a notebook, a viewer, another run), or raise `lock_timeout` in the profile',
      );
    } finally {
      held.stop();
    }
  });

  it('in a folder that does not exist', async () => {
    expect(await textOf(open({ path: 'no/such/x.duckdb' }))).toBe(
      'Runtime Error\n  no/such/x.duckdb could not be opened: the folder no/such does not exist.\n  hint: create it: mkdir -p no/such',
    );
  });

  it('that is no database is left alone', async () => {
    writeFileSync(join(folder, 'notes.duckdb'), 'these are my notes '.repeat(500));
    expect(await textOf(open({ path: 'notes.duckdb' }))).toBe(
      'Runtime Error\n  notes.duckdb is not a DuckDB database.\n  hint: name another file in `path`; sq does not overwrite what it did not write',
    );
  });

  it('that is not there yet is not made by a reading command', async () => {
    const driver = await open({ path: 'later.duckdb' }, true);
    expect(await rows(driver, 'select current_database(), current_schema()')).toEqual([['later', 'main']]);
    expect(await rows(driver, adapter.dialect.listRelationsSql('later', ['main']))).toEqual([]);
    await driver.close();
    expect(readdirSync(folder)).not.toContain('later.duckdb');
  });

  it('opened for reading refuses to be written', async () => {
    await (await open({ path: 'readonly.duckdb' })).close();
    const driver = await open({ path: 'readonly.duckdb' }, true);
    expect(await textOf(driver.batch(['create table t as select 1 as a'], owner))).toMatch(
      /^Runtime Error\n {2}Invalid Input Error: Cannot execute statement of type "CREATE" on database "readonly" which is attached in read-only mode!\n {2}hint: this command opens/,
    );
    await driver.close();
  });

  it('survives kill -9 with everything that was committed', async () => {
    const file = join(folder, 'killed.duckdb');
    const script = `const d = require('@duckdb/node-bindings');
      d.open(${JSON.stringify(file)}).then((db) => d.connect(db)).then(async (c) => {
        await d.query(c, 'create table t as select 1 as a');
        await d.query(c, 'begin'); await d.query(c, 'insert into t values (2)');
        process.kill(process.pid, 'SIGKILL'); })`;
    spawnSync(process.execPath, ['-e', script]);
    for (const readOnly of [true, false]) {
      const driver = await open({ path: 'killed.duckdb' }, readOnly);
      expect(await rows(driver, 'select a from t')).toEqual([[1]]);
      await driver.close();
    }
  });
});

describe('a duckdb connection', () => {
  it("has the settings sq needs, and the profile's own on top", async () => {
    const driver = await open({
      settings: { default_null_order: 'nulls_first', threads: 1 },
      attach: [{ path: ':memory:', alias: 'other' }],
    });
    const names = [
      'preserve_insertion_order',
      'TimeZone',
      'autoinstall_known_extensions',
      'integer_division',
      'default_null_order',
      'threads',
    ];
    const sql = `select name, value from duckdb_settings() where name in (${names.map((name) => `'${name}'`).join(', ')}) order by name`;
    expect(await rows(driver, sql)).toEqual([
      ['TimeZone', 'UTC'],
      ['autoinstall_known_extensions', 'false'],
      ['default_null_order', 'NULLS_FIRST'],
      ['integer_division', 'false'],
      ['preserve_insertion_order', 'false'],
      ['threads', '1'],
    ]);
    await driver.batch(['create table other.t as select 1 as a'], owner);
    expect(await rows(driver, 'select 7 / 2')).toEqual([[3.5]]);
    await driver.close();
  });

  it('says which setting of the profile is wrong', async () => {
    expect(await textOf(open({ settings: { no_such_setting: 1 } }))).toMatch(
      /^Runtime Error\n {2}The profile's settings, extensions, secrets or attachments could not be applied: Catalog Error: unrecognized configuration parameter "no_such_setting"/,
    );
  });

  it("takes the transaction of a hook's text for its own", async () => {
    const driver = await open({});
    await driver.session(owner, async (session) => {
      await session.execute('begin;');
      expect(session.inTransaction).toBe(true);
      await session.execute('create table t as select 1 as a');
      await session.execute('COMMIT');
      expect(session.inTransaction).toBe(false);
    });
    expect(await rows(driver, 'select count(*) from t')).toEqual([[1]]);
    await driver.close();
  });

  it("tells every statement and its end as dbt's events", async () => {
    const driver = await open({});
    events.length = 0;
    await driver.batch(['select 1'], owner);
    await driver.close();
    expect(events).toMatchObject([
      { name: 'SQLQuery', conn_name: 'model.shop.test', sql: 'select 1' },
      { name: 'SQLQueryStatus', status: 'OK' },
    ]);
  });
});
