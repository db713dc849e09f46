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

const LOG = 'create table if not exists log (line varchar)';
const say = (line: string) => `insert into log values ('${line}')`;

describe('hooks of a node', () => {
  it('run in their four positions', async () => {
    const shop = project({
      'dbt_project.yml': `name: shop\non-run-start: ["${LOG}"]\n`,
      'models/a.sql': `{{ config(
        materialized='table',
        pre_hook=[{'sql': "${say('pre')}"}, before_begin("${say('before begin')}")],
        post_hook=["${say('post {{ this.identifier }}')}", after_commit("${say('after commit')}")]
      ) }} select 1 as id`,
    });
    expect((await shop.run('run')).statuses).toEqual([
      'operation.shop.shop-on-run-start-0 success',
      'model.shop.a success',
    ]);
    expect((await shop.query('select line from log order by rowid')).flat()).toEqual([
      'before begin',
      'pre',
      'post a',
      'after commit',
    ]);
  });

  it('see what their model has written, also through run_query', async () => {
    const shop = project({
      'models/a.sql': `{{ config(materialized='table', post_hook="create table n as select {{ run_query('select count(*) from ' ~ this).columns[0].values()[0] }} as n") }} select 1 as id union all select 2`,
    });
    expect((await shop.run('run')).statuses).toEqual(['model.shop.a success']);
    expect(await shop.query('select * from n')).toEqual([[2]]);
  });

  it('that fail undo the model, and the message names them', async () => {
    const shop = project({
      'models/a.sql': `{{ config(materialized='table', post_hook='drop table nowhere') }} select 1 as id`,
    });
    const { outcome } = await shop.run('run');
    expect(outcome.results[0]?.message).toContain(
      'Runtime Error in model a (models/a.sql)\n  Catalog Error: ',
    );
    expect(outcome.results[0]?.message).toContain('\n  in post-hook: drop table nowhere');
    expect(await shop.query(`select count(*) from duckdb_tables() where table_name = 'a'`)).toEqual([[0]]);
  });
});

describe('on-run-start and on-run-end', () => {
  it('are operations with results; on-run-end knows results and schemas', async () => {
    const end =
      'create table ended as select \'{{ results | length }} {{ results[1].node.name }} {{ results[1].status }} {{ schemas | join(",") }} {{ database_schemas[0][1] }}\' as line';
    const shop = project({
      'dbt_project.yml': `name: shop\non-run-start:\n  - "${LOG}"\non-run-end:\n  - ${JSON.stringify(end)}\n`,
      'models/a.sql': 'select 1 as id',
    });
    const { outcome, events } = await shop.run('run');
    expect(outcome.results.map((r) => [r.unique_id, r.status, r.message, r.thread_id])).toEqual([
      ['operation.shop.shop-on-run-start-0', 'success', 'shop.on-run-start.0 passed', 'main'],
      ['model.shop.a', 'success', 'CREATE VIEW', 'Thread-1 (worker)'],
      ['operation.shop.shop-on-run-end-0', 'success', 'shop.on-run-end.0 passed', 'main'],
    ]);
    expect(events.filter(({ name }) => name.startsWith('LogHook')).map((event) => event)).toMatchObject([
      { name: 'LogHookStartLine', statement: 'shop.on-run-start.0', index: 1, total: 1 },
      { name: 'LogHookEndLine', statement: 'shop.on-run-start.0', status: 'success' },
      { name: 'LogHookStartLine', statement: 'shop.on-run-end.0', index: 1, total: 1 },
      { name: 'LogHookEndLine', statement: 'shop.on-run-end.0', status: 'success' },
    ]);
    expect(await shop.query('select line from ended')).toEqual([['2 a success main main']]);
    const stats = events.find((event) => event.name === 'FinishedRunningStats');
    expect(stats).toMatchObject({ stat_line: '2 project hooks, 1 view model' });
  });

  it('that fail skip the hooks after them, not the models (dbt’s default)', async () => {
    const shop = project({
      'dbt_project.yml': 'name: shop\non-run-start: ["drop table nowhere", "select 1"]\n',
      'models/a.sql': 'select 1 as id',
    });
    const { statuses, outcome } = await shop.run('run');
    expect(statuses).toEqual([
      'operation.shop.shop-on-run-start-0 error',
      'operation.shop.shop-on-run-start-1 skipped',
      'model.shop.a success',
    ]);
    expect(outcome.results[0]?.message).toContain(
      'shop.on-run-start.0 failed, error:\n Catalog Error: Table with name nowhere does not exist!\n at dbt_project.yml:2:16',
    );
  });

  it('skip the models with the flag skip_nodes_if_on_run_start_fails', async () => {
    const shop = project({
      'dbt_project.yml':
        'name: shop\nflags: {skip_nodes_if_on_run_start_fails: true}\non-run-start: ["drop table nowhere"]\n',
      'models/a.sql': 'select 1 as id',
    });
    expect((await shop.run('run')).statuses).toEqual([
      'operation.shop.shop-on-run-start-0 error',
      'model.shop.a skipped',
    ]);
  });
});
