import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SqEvent } from '../events.ts';
import { type RunDone, TestProject } from '../testing/run-project.ts';

const projects: TestProject[] = [];
function project(files: Record<string, string>): TestProject {
  const made = new TestProject(files);
  projects.push(made);
  return made;
}
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

const table = `{{ config(materialized='table') }}`;

function named<N extends SqEvent['name']>(done: RunDone, name: N): Extract<SqEvent, { name: N }>[] {
  return done.events.filter((event): event is Extract<SqEvent, { name: N }> => event.name === name);
}

const SHOP = {
  'models/orders.sql': `${table}select 1 as id union all select 2`,
  'models/paid.sql': `select * from {{ ref('orders') }} where id = 1`,
};

describe('run', () => {
  it('builds models in order and answers results in the shape of run_results', async () => {
    const shop = project(SHOP);
    const { outcome, statuses } = await shop.run('run');
    expect(statuses).toEqual(['model.shop.orders success', 'model.shop.paid success']);
    expect([outcome.success, outcome.interrupted]).toEqual([true, false]);
    const [orders, paid] = outcome.results;
    expect(orders).toMatchObject({
      message: 'SELECT 2',
      adapter_response: { _message: 'SELECT 2', code: 'SELECT', rows_affected: 2 },
      thread_id: 'Thread-1 (worker)',
      failures: null,
      compiled: true,
      compiled_code: 'select 1 as id union all select 2',
      relation_name: '"shop"."main"."orders"',
      batch_results: null,
    });
    expect(paid?.message).toBe('CREATE VIEW');
    expect(orders?.timing.map((timing) => timing.name)).toEqual(['compile', 'execute']);
    expect(orders?.timing[0]?.started_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(orders?.execution_time).toBeGreaterThan(0);
    expect(await shop.query('select * from paid')).toEqual([[1]]);
  });

  it('tells dbt’s events in dbt’s order', async () => {
    const done = await project({ 'models/a.sql': `${table}select 1 as id` }).run('run', { threads: 3 });
    const told = done.events.filter(
      ({ name }) => !/^(SQLQuery|NewConnection|FoundStats|Partial|Unable|SqNotice)/.test(name),
    );
    expect(told.map(({ name }) => name)).toEqual([
      'ConcurrencyLine',
      'NodeStart',
      'LogStartLine',
      'LogModelResult',
      'NodeFinished',
      'FinishedRunningStats',
      'EndOfRunSummary',
      'SqRowCounts',
      'StatsLine',
    ]);
    expect(told[0]).toEqual({
      name: 'ConcurrencyLine',
      num_threads: 3,
      target_name: 'default',
      node_count: 1,
    });
    expect(named(done, 'LogStartLine')[0]).toMatchObject({
      description: 'sql table model main.a',
      index: 1,
      total: 1,
    });
    expect(named(done, 'LogModelResult')[0]).toMatchObject({
      description: 'sql table model main.a',
      status: 'SELECT 1',
      ok: true,
      index: 1,
      total: 1,
    });
    expect(named(done, 'FinishedRunningStats')[0]).toMatchObject({ stat_line: '1 table model' });
    expect(named(done, 'SqRowCounts')[0]?.rows).toEqual([
      { relation: 'main.a', rows: 1, unique_id: 'model.shop.a' },
    ]);
  });

  it('writes target/compiled and target/run', async () => {
    const shop = project(SHOP);
    const { outcome } = await shop.run('run');
    const text = (path: string) => readFileSync(join(shop.dir, 'target', path), 'utf8');
    expect(text('compiled/shop/models/paid.sql')).toBe('select * from "shop"."main"."orders" where id = 1');
    expect(text('run/shop/models/paid.sql')).toContain('create view "shop"."main"."paid" as');
    expect(outcome.compiled.get('model.shop.paid')?.compiled_path).toBe(
      'target/compiled/shop/models/paid.sql',
    );
  });

  it('makes schemas that are missing, and asks for each once', async () => {
    const shop = project({
      'models/a.sql': `{{ config(schema='mart', materialized='table') }} select 1 as id`,
      'models/b.sql': `{{ config(schema='mart') }} select 1 as id`,
    });
    const done = await shop.run('run');
    const created = named(done, 'SQLQuery').filter(({ sql }) => /^create schema/i.test(sql));
    expect(created.map(({ sql }) => sql)).toEqual(['create schema if not exists "shop"."main_mart"']);
    expect(await shop.query('select * from main_mart.a')).toEqual([[1]]);
  });

  it('has nothing to do without models', async () => {
    const done = await project({ 'seeds/s.csv': 'id\n1\n' }).run('run');
    expect([done.outcome.results, done.outcome.success, named(done, 'NothingToDo').length]).toEqual([
      [],
      true,
      1,
    ]);
  });

  it('compiles ephemeral models into their readers; they are neither counted nor built', async () => {
    const shop = project({
      'models/e.sql': `{{ config(materialized='ephemeral') }} select 7 as id`,
      'models/m.sql': `select * from {{ ref('e') }}`,
    });
    const done = await shop.run('run');
    expect(done.statuses).toEqual(['model.shop.m success']);
    expect(named(done, 'ConcurrencyLine')[0]?.node_count).toBe(1);
    expect(await shop.query('select * from m')).toEqual([[7]]);
  });
});

describe('a model that fails', () => {
  const broken = {
    'models/a.sql': `${table}\nselect\n  1 as id,\n  no_such_column\nfrom (select 1 as such_column)`,
    'models/b.sql': `select * from {{ ref('a') }}`,
    'models/c.sql': 'select 1 as id',
  };

  it('names the author’s line, and what stands below it is skipped', async () => {
    const done = await project(broken).run('run');
    expect(done.statuses).toEqual(['model.shop.a error', 'model.shop.b skipped', 'model.shop.c success']);
    expect(done.outcome.success).toBe(false);
    expect(done.outcome.results[0]?.message).toBe(
      [
        'Runtime Error in model a (models/a.sql)',
        '  Binder Error: Referenced column "no_such_column" not found in FROM clause!',
        '  Candidate bindings: "such_column"',
        '  compiled code at target/compiled/shop/models/a.sql',
        '  at models/a.sql:4:3',
        '  4 |   no_such_column',
        '    |   ^',
      ].join('\n'),
    );
    expect(named(done, 'SkippingDetails')[0]).toMatchObject({
      resource_type: 'model',
      schema: 'main',
      node_name: 'b',
      index: 3,
      total: 3,
    });
    expect(named(done, 'EndOfRunSummary')[0]).toMatchObject({ num_errors: 1, num_warnings: 0 });
    expect(named(done, 'RunResultFailure')[0]).toMatchObject({ node_name: 'a', path: 'models/a.sql' });
    expect(named(done, 'StatsLine')[0]?.stats).toEqual({
      pass: 1,
      warn: 0,
      error: 1,
      skip: 1,
      'no-op': 0,
      reused: 0,
      total: 3,
    });
  });

  it('ends the run under fail-fast', async () => {
    const { outcome } = await project(broken).run('run', { flags: { failFast: true } });
    expect(
      outcome.results.map((r) => [r.unique_id, r.status, r.status === 'skipped' ? r.message : '']),
    ).toEqual([
      ['model.shop.a', 'error', ''],
      ['model.shop.c', 'skipped', 'Skipping due to fail_fast'],
      ['model.shop.b', 'skipped', 'Skipping due to fail_fast'],
    ]);
  });

  it('does not stop its children with on_error: continue', async () => {
    const shop = project({
      'models/a.sql': `{{ config(on_error='continue') }} select no_such_column`,
      'models/b.sql': `-- depends_on: {{ ref('a') }}\nselect 1 as id`,
    });
    expect((await shop.run('run')).statuses).toEqual(['model.shop.a error', 'model.shop.b success']);
  });

  it('keeps the table of the last run', async () => {
    const shop = project({ 'models/a.sql': `${table}select 1 as id` });
    await shop.run('run');
    shop.write({ 'models/a.sql': `${table}select cast('x' as int) as id` });
    expect((await shop.run('run')).statuses).toEqual(['model.shop.a error']);
    expect(await shop.query('select * from a')).toEqual([[1]]);
  });
});

describe('order', () => {
  it('survives selection', async () => {
    const shop = project({
      'models/c_first.sql': `${table}select 1 as id`,
      'models/b.sql': `select * from {{ ref('c_first') }}`,
      'models/a_last.sql': `${table}select * from {{ ref('b') }}`,
    });
    await shop.run('run');
    const done = await shop.run('run', { select: ['c_first', 'a_last'], threads: 4 });
    expect(done.statuses).toEqual(['model.shop.c_first success', 'model.shop.a_last success']);
    expect(named(done, 'LogStartLine').map(({ index, total }) => `${index} of ${total}`)).toEqual([
      '1 of 2',
      '2 of 2',
    ]);
  });
});

describe('Ctrl-C', () => {
  it('cancels what runs, skips the rest and says that it was interrupted', async () => {
    const shop = project({
      'models/a.sql': `${table}select count(*) as n from range(100000) x, range(100000) y, range(100) z where hash(x.range, y.range, z.range) = 1`,
      'models/b.sql': `select * from {{ ref('a') }}`,
    });
    const abort = new AbortController();
    const done = await shop.run('run', {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.name === 'SQLQuery' && event.sql.includes('range(100000)'))
          setTimeout(() => abort.abort(), 50);
      },
    });
    expect(done.outcome.interrupted).toBe(true);
    expect(done.outcome.results.map((r) => [r.unique_id, r.status, r.message])).toEqual([
      ['model.shop.a', 'error', 'Runtime Error in model a (models/a.sql)\n  The statement was cancelled.'],
      ['model.shop.b', 'skipped', null],
    ]);
    expect(named(done, 'CancelledQueries')[0]?.count).toBe(1);
    expect(named(done, 'EndOfRunSummary')[0]?.keyboard_interrupt).toBe(true);
  });
});

describe('dry run', () => {
  it('tells the statements of each node and writes nothing', async () => {
    const shop = project({
      'models/a.sql': `{{ config(schema='mart', materialized='table') }} select 1 as id`,
      'models/b.sql': `select * from {{ ref('a') }}`,
    });
    const done = await shop.run('run', { flags: { dryRun: true } });
    expect(
      named(done, 'DryRunNode').map(({ node_name, statements }) => [node_name, ...statements.map(flat)]),
    ).toEqual([
      [
        'a',
        'create schema if not exists "shop"."main_mart"',
        'create table "shop"."main_mart"."a" as ( select 1 as id )',
      ],
      ['b', 'create view "shop"."main"."b" as ( select * from "shop"."main_mart"."a" )'],
    ]);
    expect(done.statuses).toEqual(['model.shop.a no-op', 'model.shop.b no-op']);
    expect(await shop.query(`select count(*) from duckdb_tables() where not internal`)).toEqual([[0]]);
    expect(existsSync(join(shop.dir, 'target/run'))).toBe(false);
  });

  it('looks where the answer is true already: what an incremental model would do', async () => {
    const inc = `{{ config(materialized='incremental', on_schema_change='append_new_columns') }} select 1 as id`;
    const shop = project({ 'models/a.sql': inc });
    await shop.run('run');
    shop.write({ 'models/a.sql': `${inc}, 2 as more` });
    const done = await shop.run('run', { flags: { dryRun: true } });
    const statements = named(done, 'DryRunNode')[0]?.statements.map(flat) ?? [];
    expect(
      statements.some((sql) => /^alter table "shop"."main"."a" add column "?more"? integer$/i.test(sql)),
    ).toBe(true);
    expect(statements.at(-1)).toBe('commit');
    expect(await shop.query('select * from a')).toEqual([[1]]);
  });

  it('says what only the run can decide', async () => {
    const shop = project({
      'models/a.sql': 'select 1 as id',
      'models/b.sql': `select {{ dbt_columns(ref('a')) }} from {{ ref('a') }}`,
      'macros/m.sql': `{% macro dbt_columns(rel) %}{% if execute %}{{ run_query('select * from ' ~ rel).columns | length }}{% endif %}{% endmacro %}`,
    });
    const done = await shop.run('run', { flags: { dryRun: true } });
    expect(named(done, 'DryRunNode').at(-1)?.statements).toEqual([
      '-- decided at run time: it reads what is not built yet',
    ]);
    expect(done.statuses).toEqual(['model.shop.a no-op', 'model.shop.b no-op']);
  });
});

/** Blanks as one space. */
function flat(sql: string): string {
  return sql.replace(/\s+/g, ' ').replace(/;$/, '').trim();
}
