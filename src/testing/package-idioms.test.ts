/**
 * A package written in the idioms of the packages that everybody uses (dbt_utils, codegen, audit_helper, dbt_date,
 * elementary): what it calls on adapter, api, modules, graph and exceptions exists and answers as under dbt.
 */
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject } from './cli-project.ts';
import { createTestDatabase, hasPostgres, type TestDatabase } from './postgres.ts';

const TOOLS = fileURLToPath(new URL('./packages/tools', import.meta.url));

const FILES = {
  'dbt_project.yml': `
name: shop
profile: shop
vars: {separator: '-', 'tools:time_zone': America/New_York}
on-run-start: ["{{ tools.make_log_table() }}"]
on-run-end: ["{{ tools.log_results(results) }}"]
models:
  shop:
    +post-hook: {sql: select 1, transaction: false}
`,
  'packages.yml': 'packages:\n  - local: ../tools\n',
  'seeds/people.csv': 'id,first name,kind,score\n1,Ann,a,10\n2,Bob,b,20\n3,Cy,b,30\n',
  'models/people_again.sql': "select * from {{ ref('people') }}",
  'models/starred.sql':
    "select {{ tools.star(ref('people'), relation_alias='p', but=['SCORE'], prefix='x_') }} from {{ ref('people') }} p",
  'models/pivot.sql': `
{% set kinds = tools.values_of(ref('people'), 'kind', order_by='kind') %}
select {{ tools.pivoted('kind', kinds) }}, {{ tools.powers(100) }} as power,
  '{{ tools.slug("1st Kind!") }}' as slug, {{ tools.single_value('select max(score) from ' ~ ref('people')) }} as top,
  '{{ tools.results_as_dict('select kind, id from ' ~ ref('people') ~ ' order by id').values() | list | length }}' as columns
from {{ ref('people') }}`,
  'models/both.sql': "{{ tools.union_all_of([ref('people'), ref('people_again')], exclude=['first name']) }}",
  'models/keyed.sql':
    "{{ config(materialized='table') }} select {{ tools.key_of(['id', 'kind']) }} as key, id from {{ ref('people') }}",
  'models/stamped.sql':
    "{{ config(materialized='stamped', stamp='yes', pre_hook=[before_begin('select 1'), 'select 2'], persist_docs={'relation': true}) }} select id from {{ ref('people') }}",
  'models/newest.sql':
    "{{ config(materialized='incremental', incremental_strategy='newest') }} select {{ 1 if is_incremental() else 0 }} as again",
  'models/hooked.sql': `{{ config(materialized='table', post_hook=[{'sql': "insert into {{ this }} select 99", 'transaction': false}]) }} select 1 as id`,
  'models/models.yml': `
models:
  - name: people_again
    description: the same
    columns:
      - {name: id, description: number of a person, data_tests: [{tools.within: {arguments: {min_value: 1, max_value: 3}}}]}
    data_tests:
      - tools.same_count: {arguments: {compare_model: ref('people')}}
      - tools.same_rows: {arguments: {compare_model: ref('people'), exclude_columns: [SCORE]}}
      - tools.holds: {arguments: {expression: score > 5}}
  - name: keyed
    columns: [{name: key, data_tests: [unique, {dbt_utils_like: {config: {severity: warn}}}]}]
`,
  'macros/own.sql': `
{% macro get_incremental_newest_sql(arg_dict) %}{% do return(tools.get_incremental_newest_sql(arg_dict)) %}{% endmacro %}
{% test dbt_utils_like(model, column_name) %}select {{ column_name }} from {{ model }} where {{ column_name }} is null{% endtest %}
{% macro times() %}{{ print(tojson(tools.tools_now())) }}{% endmacro %}
{% macro lists() %}
  {{ print(tools.pairs(['a', 'b'], [1, 2]) | join(' ')) }}
  {{ print(tojson(tools.parsed('base@1.2'))) }}
  {{ print(tools.every_name('a', 'b', c=3) | join(' ')) }}
  {{ print(tools.models_in(prefix='p') | join(' ')) }}
{% endmacro %}
{% macro same() %}{% do tools.compared(ref('people'), ref('people_again'), 'id') %}{% endmacro %}
{% macro odd() %}{% do tools.must_be_relation('people', 'odd') %}{% endmacro %}
{% macro generic(name) %}{{ print(tojson(run_query('select 1 as a union all select 2 order by 1').columns['a'].values())) }}{% endmacro %}
`,
};

const ENGINES = [
  ['DuckDB', async () => undefined],
  ['PostgreSQL', () => createTestDatabase('idioms')],
] as const;

describe.each(ENGINES.filter(([name]) => name === 'DuckDB' || hasPostgres()))('on %s', (engine, start) => {
  let project: CliProject;
  let server: TestDatabase | undefined;

  beforeAll(async () => {
    server = await start();
    const target =
      server === undefined
        ? '{type: duckdb, path: shop.duckdb, schema: main, threads: 2}'
        : JSON.stringify({
            type: 'postgres',
            host: server.host,
            port: server.port,
            user: server.user,
            password: server.password,
            dbname: server.database,
            schema: 'idioms',
            threads: 2,
          });
    project = new CliProject({
      ...FILES,
      'profiles.yml': `shop: {target: dev, outputs: {dev: ${target}}}\n`,
    });
    cpSync(TOOLS, join(dirname(project.dir), 'tools'), { recursive: true });
    expect((await project.here('deps')).code).toBe(0);
  });
  afterAll(async () => {
    project.remove();
    await server?.drop();
  });

  const operation = async (name: string, args?: string) => {
    const call = await project.here(['run-operation', name, ...(args === undefined ? [] : ['--args', args])]);
    return {
      code: call.code,
      lines: call.stdout.split('\n'),
      printed: call.stdout
        .split('\n')
        .filter((line) => !/^\d\d:\d\d:\d\d {2}/.test(line))
        .join('\n'),
    };
  };

  it('models, tests, hooks and materializations of the package work', async () => {
    const built = await project.here('build');
    expect(built.stdout).toContain('Done. PASS=');
    expect([built.code, built.stdout]).toEqual([0, expect.stringContaining('ERROR=0')]);
    expect(built.stdout).toMatch(/results: \{.*"people_again": "success".*\}/);
    const again = await project.here('run -s newest stamped');
    expect(again.code).toBe(0);
  });

  it('what they built is right', async () => {
    const shown = async (sql: string) =>
      JSON.parse(
        (await project.here(['show', '--quiet', '--output', 'json', '--limit', '-1', '--inline', sql]))
          .stdout,
      ).show;
    expect(await shown("select * from {{ ref('pivot') }}")).toEqual([
      { a: 1, b: 2, power: 7, slug: '_1st_kind', top: 30, columns: '2' },
    ]);
    expect(await shown("select * from {{ ref('starred') }} order by 1 limit 1")).toEqual([
      { x_id: 1, 'x_first name': 'Ann', x_kind: 'a' },
    ]);
    expect(
      await shown("select count(*) as n, count(distinct _source) as sources from {{ ref('both') }}"),
    ).toEqual([{ n: 6, sources: 2 }]);
    expect(await shown("select again from {{ ref('newest') }}")).toEqual([{ again: 1 }]);
    expect(await shown("select id, stamp from {{ ref('stamped') }} order by 1 limit 1")).toEqual([
      { id: 1, stamp: 'yes' },
    ]);
    expect(await shown("select id from {{ ref('hooked') }} order by 1")).toEqual([{ id: 1 }, { id: 99 }]);
  });

  it('times are those of Python', async () => {
    const { printed } = await operation('times');
    expect(JSON.parse(printed)).toEqual([
      '2024-07-01T12:30:15',
      '2024-07-01 08:30:15 -0400',
      '2024-06-30',
      '00:00',
      3,
      29,
      true,
      true,
      true,
    ]);
  });

  it('lists, patterns and the graph', async () => {
    const { printed } = await operation('lists');
    expect(printed).toBe(
      'a1 a2 b1 b2\n{"name": "base", "version": "1.2", "all": ["1", "2"], "parts": ["base", "1.2"]}\na b c=3\npeople_again pivot\n',
    );
  });

  it('tables are compared and printed', async () => {
    const { code, lines, printed } = await operation('same');
    expect(code).toBe(0);
    expect(printed).toBe('| in_a | in_b | count |\n| ---- | ---- | ----- |\n| True | True |     3 |\n');
    expect(lines.some((line) => line.endsWith('  | True | True | 3 |'))).toBe(true);
    expect((await operation('generic')).printed).toBe('[1, 2]\n');
  });

  it('YAML is written from what is there', async () => {
    const schema = engine === 'DuckDB' ? 'main' : 'idioms';
    const { printed } = await operation('source_yaml', `{schema_name: ${schema}, table_names: [keyed]}`);
    expect(printed).toBe(
      `version: 2\n\nsources:\n  - name: ${schema}\n    tables:\n      - name: keyed\n        columns:\n          - name: key\n            data_type: ${engine === 'DuckDB' ? 'varchar' : 'text'}\n          - name: id\n            data_type: ${engine === 'DuckDB' ? 'bigint' : 'integer'}\n`.replace(
        'bigint',
        'integer',
      ),
    );
    const model = await operation(
      'tools.model_yaml',
      '{model_names: [pivot, starred], upstream_descriptions: true}',
    );
    expect([model.code, model.printed]).toEqual([
      0,
      expect.stringContaining('models:\n  - name: pivot\n    description: ""'),
    ]);
    const found = await operation('relations', '{}').catch(() => undefined);
    expect(found?.code).toBe(2);
  });

  it('errors of a macro are told as dbt tells them', async () => {
    const { code, lines } = await operation('odd');
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain('Encountered an error while running operation: Compilation Error');
    expect(lines.join('\n')).toContain('Macro odd expected a Relation but received the value: people');
  });
});
