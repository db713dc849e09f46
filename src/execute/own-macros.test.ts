/** Macros of dbt that projects wrap or replace: its materializations by name, and those that load a seed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TestProject } from '../testing/run-project.ts';

const projects: TestProject[] = [];
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});
function project(files: Record<string, string>): TestProject {
  const made = new TestProject(files);
  projects.push(made);
  return made;
}

const wrap = (name: string) => `
{% materialization ${name}, default %}
  {% do log('mine: ' ~ this.identifier, info=true) %}
  {% do return(dbt.materialization_${name}_default()) %}
{% endmaterialization %}`;

describe("dbt's materializations by name", () => {
  it('are called by macros that wrap them, twice with the same end', async () => {
    const shop = project({
      'macros/own.sql': ['view', 'table', 'incremental'].map(wrap).join('\n'),
      'models/v.sql': "{{ config(materialized='view') }} select 1 as a",
      'models/t.sql':
        "{{ config(materialized='table', post_hook='insert into {{ this }} select 9') }} select a from {{ ref('v') }}",
      'models/i.sql':
        "{{ config(materialized='incremental', unique_key='a') }} select a {% if is_incremental() %}+ 1 as a{% endif %} from {{ ref('v') }}",
    });
    for (const rows of [[[1]], [[1], [2]]]) {
      const { outcome } = await shop.run('run');
      expect(outcome.results.map(({ status, message }) => [status, message])).toEqual(
        outcome.results.map(() => ['success', expect.any(String)]),
      );
      expect(await shop.query('select a from t order by 1')).toEqual([[1], [9]]);
      expect(await shop.query('select a from i order by 1')).toEqual(rows);
    }
    expect(await shop.query('select table_name from information_schema.tables order by 1')).toEqual([
      ['i'],
      ['t'],
      ['v'],
    ]);
  });

  it('snapshot, with a column that comes later', async () => {
    const shop = project({
      'macros/own.sql': wrap('snapshot'),
      'models/m.sql': 'select 1 as id, 10 as amount',
      'snapshots/s.yml':
        "snapshots:\n  - name: s\n    relation: ref('m')\n    config: {unique_key: id, strategy: check, check_cols: [amount]}\n",
    });
    await shop.run('build');
    shop.write({ 'models/m.sql': "select 1 as id, 20 as amount, 'x' as more" });
    const { outcome } = await shop.run('build');
    expect(outcome.results.map(({ status, message }) => (status === 'success' ? status : message))).toEqual([
      'success',
      'success',
    ]);
    expect(await shop.query('select amount, more, dbt_valid_to is null from s order by 1')).toEqual([
      [10, null, false],
      [20, 'x', true],
    ]);
  });

  it('test: what its statement main answers is the verdict', async () => {
    const shop = project({
      'macros/own.sql': `
{% macro asked(inner) %}{% set result = inner() %}{% do return(result) %}{% endmacro %}
{% materialization test, default %}{% do return(asked(dbt.materialization_test_default)) %}{% endmaterialization %}`,
      'tests/fails.sql': 'select 1 as a union all select 2',
      'tests/passes.sql': 'select 1 as a where false',
      'tests/warns.sql': "{{ config(severity='warn') }} select 1 as a",
      'tests/stores.sql': '{{ config(store_failures=true) }} select 7 as a',
    });
    const { statuses, outcome } = await shop.run('test');
    expect(statuses).toEqual([
      'test.shop.fails fail',
      'test.shop.passes pass',
      'test.shop.stores fail',
      'test.shop.warns warn',
    ]);
    expect(outcome.results.find(({ unique_id }) => unique_id.includes('fails'))?.message).toBe(
      'Got 2 results, configured to fail if != 0',
    );
    expect(await shop.query('select a from main_dbt_test__audit.stores')).toEqual([[7]]);
  });
});

describe('seeds', () => {
  const FILES = { 'seeds/s.csv': "id,name,day\n1,it's ?,2026-01-02\n2,,2026-01-03\n3,%s,\n" };
  const ROWS = [
    [1, "it's ?", '2026-01-02'],
    [2, null, '2026-01-03'],
    [3, '%s', null],
  ];
  const read = (shop: TestProject) => shop.query('select id, name, cast(day as varchar) from s order by 1');

  it('are loaded by the macros of dbt where a project has one of its own', async () => {
    const shop = project({
      ...FILES,
      'macros/own.sql': `
{% macro default__load_csv_rows(model, agate_table) %}
  {% set sent = dbt.default__load_csv_rows(model, agate_table) %}
  {% do run_query('insert into ' ~ this ~ ' (id) values (99)') %}
  {% do return(sent) %}
{% endmacro %}
{% macro get_binding_char() %}{% do return('?') %}{% endmacro %}
{% macro get_batch_size() %}{% do return(2) %}{% endmacro %}`,
    });
    for (const _ of ['the first time', 'the second']) {
      const { outcome } = await shop.run('seed');
      expect(outcome.results[0]?.message).toBe('INSERT 3');
      expect(await read(shop)).toEqual([...ROWS, [99, null, null]]);
    }
  });

  it('get_batch_size is how many rows a statement inserts', async () => {
    const shop = project({
      ...FILES,
      'macros/own.sql': '{% macro get_batch_size() %}{% do return(1) %}{% endmacro %}',
    });
    await shop.run('seed');
    expect(await read(shop)).toEqual(ROWS);
    const sent = readFileSync(join(shop.dir, 'target/run/shop/seeds/s.csv'), 'utf8');
    expect(sent.match(/insert into/g)).toHaveLength(3);
  });
});

describe('the names of dbt in macros', () => {
  it('modules, catalog, Python models: they answer', async () => {
    const expressions = [
      "zip([1, 2, 3], modules.itertools.cycle(['a', 'b'])) | list",
      'zip(modules.itertools.count(5, 2), [0, 0]) | list',
      "modules.re.subn('a', 'b', 'banana')",
      "modules.pytz.country_names['DE']",
      'modules.datetime.MAXYEAR',
      'is_core_v2()',
      'resolve_model_name(\'"a"\') | length',
      "get_catalog_for_single_relation(ref('v')).rows[0]['column_name']",
      "get_list_of_column_names(adapter.get_columns_in_relation(ref('v'))) | join(',')",
      "(dbt.get_csv_sql('a', 'b') | trim) == 'a;\\nb'",
      "build_ref_function(model).startswith('def ref')",
    ];
    const shop = project({
      'models/v.sql': 'select 1 as a',
      'models/m.sql': `-- depends_on: {{ ref('v') }}\n{% if execute %}${expressions.map((one) => `{% do log(${one}, info=true) %}`).join('')}{% endif %} select 1 as a`,
    });
    const { events, outcome } = await shop.run('run');
    expect(outcome.results.map(({ message }) => message)).toEqual(['CREATE VIEW', 'CREATE VIEW']);
    const said = events.flatMap((event) => ('msg' in event && /Jinja/.test(event.name) ? [event.msg] : []));
    expect(said).toEqual([
      "[(1, 'a'), (2, 'b'), (3, 'a')]",
      '[(5, 0), (7, 0)]',
      "('bbnbnb', 3)",
      'Germany',
      '9999',
      'False',
      '5',
      'a',
      'a',
      'True',
      'True',
    ]);
  });
});
