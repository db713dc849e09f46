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

describe('seeds', () => {
  it('are loaded with dbt’s line', async () => {
    const made = project({
      'seeds/s.csv': 'id,name\n1,x\n2,y\n',
      'models/m.sql': `select * from {{ ref('s') }}`,
    });
    const { outcome, events, statuses } = await made.run('build');
    expect(statuses).toEqual(['seed.shop.s success', 'model.shop.m success']);
    expect(outcome.results[0]).toMatchObject({ message: 'INSERT 2', compiled: null, compiled_code: null });
    expect(events.find((event) => event.name === 'LogSeedResult')).toMatchObject({
      status: 'success',
      ok: true,
      result_message: 'INSERT 2',
      schema: 'main',
      relation: 's',
      index: 1,
      total: 2,
    });
    expect(await made.query('select * from m order by id')).toEqual([
      [1, 'x'],
      [2, 'y'],
    ]);
  });

  it('that are broken are errors of their node', async () => {
    const { statuses } = await project({ 'seeds/s.csv': '' }).run('seed');
    expect(statuses).toEqual(['seed.shop.s error']);
  });
});

describe('a materialization of the project', () => {
  const macro = `{% materialization stamped, default %}
  {%- set target = this.incorporate(type='table') -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% call statement('main') %}
    create or replace table {{ target }} as select *, 'stamp' as stamp from ({{ sql }})
  {% endcall %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}`;
  const files = (body: string) => ({
    'macros/stamped.sql': macro,
    'models/a.sql': `{{ config(materialized='stamped', post_hook="insert into {{ this }} values (2, 'hook')") }} ${body}`,
    'models/b.sql': `select * from {{ ref('a') }}`,
  });

  it('runs its statements itself', async () => {
    const made = project(files('select 1 as id'));
    const { statuses, events } = await made.run('run');
    expect(statuses).toEqual(['model.shop.a success', 'model.shop.b success']);
    expect(events.some((event) => event.name === 'Warning' && event.event_name === 'TemplateWrites')).toBe(
      false,
    );
    expect(await made.query('select * from b order by id')).toEqual([
      [1, 'stamp'],
      [2, 'hook'],
    ]);
  });

  it('that fails leaves nothing behind', async () => {
    const made = project(files('select 1 as id, 2 as more'));
    expect((await made.run('run')).statuses).toEqual(['model.shop.a error', 'model.shop.b skipped']);
    expect(await made.query(`select count(*) from duckdb_tables() where table_name = 'a'`)).toEqual([[0]]);
  });

  it('cannot be told in advance', async () => {
    const { events } = await project(files('select 1 as id')).run('run', { flags: { dryRun: true } });
    expect(events.find((event) => event.name === 'DryRunNode')).toMatchObject({
      statements: [`-- decided at run time: the project's macro materialization_stamped_default builds it`],
    });
  });
});

describe('a template that writes', () => {
  const files = {
    'models/a.sql': `{% do run_query('create table if not exists side as select 1 as id') %} select 1 as id`,
  };

  it('is obeyed, as under dbt, with a warning', async () => {
    const made = project(files);
    const { statuses, events } = await made.run('run');
    expect(statuses).toEqual(['model.shop.a success']);
    expect(events.filter((event) => event.name === 'Warning').map((event) => event.msg)).toEqual([
      'model.shop.a writes while its template is rendered: create table if not exists side as select 1 as id\n' +
        'hint: put statements that write into a hook (pre_hook, post_hook) or a run-operation',
    ]);
    expect(await made.query('select * from side')).toEqual([[1]]);
  });

  it('does not write under --dry-run', async () => {
    const made = project(files);
    await made.run('run', { flags: { dryRun: true } });
    expect(await made.query(`select count(*) from duckdb_tables()`)).toEqual([[0]]);
  });
});

describe('an unknown materialization', () => {
  it('is an error of its node', async () => {
    const made = project({ 'models/a.sql': `{{ config(materialized='tabel') }} select 1 as id` });
    const { outcome } = await made.run('run');
    expect(outcome.results[0]?.message).toContain(
      [
        'Compilation Error in model a (models/a.sql)',
        `  No materialization 'tabel' was found for adapter duckdb! (searched types 'default' and 'duckdb')`,
        `  hint: did you mean 'table'?`,
      ].join('\n'),
    );
  });
});
