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

function named<N extends SqEvent['name']>(done: RunDone, name: N): Extract<SqEvent, { name: N }>[] {
  return done.events.filter((event): event is Extract<SqEvent, { name: N }> => event.name === name);
}

const short = (done: RunDone) => done.statuses.map((line) => line.replace(/^\w+\.shop\.(\w+)(\.\w+)?/, '$1'));

const unique = (model: string, extra = '') => `
models:
  - name: ${model}
    columns:
      - name: id
        data_tests:
          - unique${extra}
`;

describe('data tests', () => {
  const shop = {
    'models/a.sql': `{{ config(materialized='table') }} select 1 as id union all select 1 union all select 2`,
    'models/b.sql': `select * from {{ ref('a') }}`,
    'models/a.yml': unique('a'),
  };

  it('run after their node and skip what stands below it when they fail', async () => {
    const done = await project(shop).run('build');
    expect(short(done)).toEqual(['a success', 'unique_a_id fail', 'b skipped']);
    expect(done.outcome.results[1]).toMatchObject({
      message: 'Got 1 result, configured to fail if != 0',
      failures: 1,
      relation_name: null,
      compiled: true,
    });
    expect(named(done, 'LogStartLine').map(({ description }) => description)).toEqual([
      'sql table model main.a',
      'test unique_a_id',
    ]);
    expect(named(done, 'LogTestResult')[0]).toMatchObject({
      test_name: 'unique_a_id',
      status: 'fail',
      num_failures: 1,
      index: 2,
      num_models: 3,
    });
    expect(named(done, 'FinishedRunningStats')[0]?.stat_line).toBe('1 table model, 1 test, 1 view model');
    expect(named(done, 'SQLCompiledPath')[0]?.path).toMatch(
      /^target\/compiled\/shop\/models\/a\.yml\/unique_a_id\.sql$/,
    );
  });

  it('of severity warn let the run go on', async () => {
    const files = { ...shop, 'models/a.yml': unique('a', ':\n              config: {severity: warn}') };
    const done = await project(files).run('build');
    expect(short(done)).toEqual(['a success', 'unique_a_id warn', 'b success']);
    expect(done.outcome.success).toBe(true);
    expect(named(done, 'EndOfRunSummary')[0]).toMatchObject({ num_errors: 0, num_warnings: 1 });
    expect(named(done, 'RunResultWarningMessage')[0]?.msg).toBe('Got 1 result, configured to warn if != 0');
  });

  it('are run by `test` alone, too', async () => {
    const made = project({ ...shop, 'tests/no_twos.sql': `select * from {{ ref('a') }} where id = 3` });
    await made.run('run');
    const done = await made.run('test');
    expect(short(done).sort()).toEqual(['no_twos pass', 'unique_a_id fail']);
    expect(done.outcome.results.find((r) => r.status === 'pass')).toMatchObject({
      message: null,
      failures: 0,
    });
  });

  it('that cannot run are errors with their place', async () => {
    const done = await project({ 'tests/t.sql': 'select *\nfrom nowhere' }).run('test');
    expect(done.outcome.results[0]).toMatchObject({ status: 'error' });
    expect(done.outcome.results[0]?.message).toContain('Runtime Error in test t (tests/t.sql)\n');
    expect(done.outcome.results[0]?.message).toContain('at tests/t.sql:2:6');
    expect(named(done, 'LogTestResult')[0]).toMatchObject({ status: 'error' });
  });

  it('store their failing rows on demand', async () => {
    const made = project(shop);
    const done = await made.run('build', { flags: { storeFailures: true } });
    const stored = named(done, 'CheckNodeTestFailure')[0]?.relation_name;
    expect(stored).toMatch(/"shop"\."main_dbt_test__audit"\."unique_a_id"/);
    expect(await made.query(`select unique_field, n_records from ${stored}`)).toEqual([[1, 2]]);
    expect((await made.run('test', { flags: { storeFailures: true } })).statuses.length).toBe(1);
  });
});

describe('publish: audited', () => {
  const files = (body: string, more = '') => ({
    'dbt_project.yml': 'name: shop\nmodels:\n  +publish: audited\n',
    'models/a.sql': `{{ config(materialized='table') }} ${body}`,
    'models/b.sql': `select * from {{ ref('a') }}`,
    'models/a.yml': unique('a', more),
  });

  it('tests a table beside the old one and then puts it in its place', async () => {
    const made = project(files('select 1 as id'));
    const done = await made.run('build');
    expect(short(done)).toEqual(['unique_a_id pass', 'a success', 'b success']);
    const staged = named(done, 'SQLQuery').find(({ sql }) => sql.includes('should_error'))?.sql;
    expect(staged).toMatch(/a__sq_stage_[0-9a-f]{8}/);
    expect(await made.query('select * from a')).toEqual([[1]]);
    expect(
      await made.query(`select count(*) from duckdb_tables() where table_name like '%sq_stage%'`),
    ).toEqual([[0]]);
  });

  it('never replaces good data by data that fails a test', async () => {
    const made = project(files('select 1 as id'));
    await made.run('build');
    made.write(files('select 5 as id union all select 5'));
    const done = await made.run('build');
    expect(short(done)).toEqual(['unique_a_id fail', 'a error', 'b skipped']);
    expect(done.outcome.results[1]?.message).toBe(
      [
        'Runtime Error in model a (models/a.sql)',
        '  1 test refused a: what was published before is as it was',
        '    unique_a_id: 1 failing row',
        `  look at what was refused: sq show --inline 'select * from "shop"."main"."a__rejected"'`,
      ].join('\n'),
    );
    expect(await made.query('select * from a')).toEqual([[1]]);
    expect(await made.query('select count(*) from a__rejected')).toEqual([[2]]);
    made.write(files('select 6 as id'));
    expect(short(await made.run('build'))).toEqual(['unique_a_id pass', 'a success', 'b success']);
    expect(await made.query(`select count(*) from duckdb_tables() where table_name = 'a__rejected'`)).toEqual(
      [[0]],
    );
  });

  it('shows published names in target/compiled', async () => {
    const done = await project(files('select 1 as id')).run('build');
    const test = done.outcome.results[0];
    expect(test?.compiled_code).toContain('"shop"."main"."a"');
    expect(test?.compiled_code).not.toContain('sq_stage');
  });

  it('publishes what has only warnings', async () => {
    const made = project(
      files('select 5 as id union all select 5', ':\n              config: {severity: warn}'),
    );
    expect(short(await made.run('build'))).toEqual(['a success', 'unique_a_id warn', 'b success']);
  });

  it('tells that `run` publishes untested', async () => {
    const done = await project(files('select 1 as id')).run('run');
    expect(
      named(done, 'SqNotice')
        .filter(({ topic }) => topic === 'publish')
        .map(({ msg }) => msg),
    ).toEqual(['2 models are published without tests (publish: audited applies to sq build)']);
  });

  it('tests an incremental model inside its transaction and rolls it back', async () => {
    const body = (rows: string) => ({
      ...files(''),
      'models/a.sql': `{{ config(materialized='incremental') }} ${rows}`,
    });
    const made = project(body('select 1 as id'));
    await made.run('build');
    made.write(body('select 1 as id union all select 2'));
    const done = await made.run('build');
    expect(short(done)).toEqual(['unique_a_id fail', 'a error', 'b skipped']);
    expect(await made.query('select * from a')).toEqual([[1]]);
    made.write(body('select 3 as id'));
    expect(short(await made.run('build'))).toEqual(['unique_a_id pass', 'a success', 'b success']);
    expect(await made.query('select id from a order by id')).toEqual([[1], [3]]);
  });

  it('does not publish what a test could not judge', async () => {
    const made = project({
      ...files('select 1 as id'),
      'tests/t.sql': `select nonsense from {{ ref('a') }}`,
    });
    const done = await made.run('build', { select: ['a', 't'] });
    expect(short(done)).toEqual(['t error', 'unique_a_id pass', 'a error']);
    expect(done.outcome.results.at(-1)?.message).toBe(
      [
        'Runtime Error in model a (models/a.sql)',
        '  1 test refused a: nothing was published',
        '    t: could not run',
        `  look at what was refused: sq show --inline 'select * from "shop"."main"."a__rejected"'`,
      ].join('\n'),
    );
    expect(await made.query('select count(*) from a__rejected')).toEqual([[1]]);
  });

  it('rolls back what a test inside the transaction could not judge', async () => {
    const model = (rows: string) => `{{ config(materialized='incremental') }} ${rows}`;
    const made = project({ ...files(''), 'models/a.sql': model('select 1 as id') });
    await made.run('build');
    made.write({
      'models/a.sql': model('select 2 as id'),
      'tests/t.sql': `select nonsense from {{ ref('a') }}`,
    });
    const done = await made.run('build', { select: ['a', 't'] });
    expect(short(done)).toEqual(['t error', 'unique_a_id pass', 'a error']);
    expect(done.outcome.results.at(-1)?.message).toBe(
      'Runtime Error in model a (models/a.sql)\n  a was not published: test t could not run\n  hint: the error of the test says why',
    );
    expect(await made.query('select * from a')).toEqual([[1]]);
  });

  it('skips the guards of a model that does not get so far', async () => {
    const done = await project(files('select nonsense')).run('build');
    expect(short(done)).toEqual(['a error', 'unique_a_id skipped', 'b skipped']);
  });

  it('runs guards at the same time on idle threads', async () => {
    const made = project({
      ...files('select 1 as id'),
      'tests/t.sql': `select * from {{ ref('a') }} where id = 2`,
    });
    const done = await made.run('build', { threads: 4 });
    const threads = done.outcome.results.filter((r) => r.status === 'pass').map((r) => r.thread_id);
    expect(new Set(threads).size).toBe(2);
  });
});

describe('what is not run yet', () => {
  it('ends as NO-OP', async () => {
    const made = project({
      'models/a.sql': 'select 1 as id',
      'models/e.yml':
        'exposures:\n  - name: board\n    type: dashboard\n    owner: {name: me, email: me@example.com}\n    depends_on: [ref("a")]\n',
    });
    const done = await made.run('build');
    expect(short(done)).toEqual(['a success', 'board no-op']);
    expect(named(done, 'LogNodeNoOpResult')[0]?.description).toBe('exposure board');
    expect(done.outcome.success).toBe(true);
  });
});
