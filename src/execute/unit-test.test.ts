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

const ORDERS = {
  'models/raw.sql': "select 1 as id, 'new' as status, 2.5::decimal(10,2) as amount",
  'models/orders.sql': "select id, upper(status) as status, amount * 2 as twice from {{ ref('raw') }}",
};
const unit = (body: string) => ({
  'models/unit.yml': `unit_tests:\n  - name: doubles\n    model: orders\n${body}`,
});
const PASSING = unit(`    given:
      - input: ref('raw')
        rows: [{id: 1, status: "it's", amount: 1.25}, {id: 2}]
    expect: {rows: [{id: 2, twice: null}, {id: 1, twice: 2.5}]}
`);

describe('a unit test', () => {
  it('runs before its model, on rows of its own', async () => {
    const shop = project({ ...ORDERS, ...PASSING });
    const done = await shop.run('build');
    expect(done.statuses).toEqual([
      'model.shop.raw success',
      'unit_test.shop.orders.doubles pass',
      'model.shop.orders success',
    ]);
    expect(done.outcome.results[1]).toMatchObject({
      failures: 0,
      message: null,
      compiled: true,
      relation_name: null,
    });
    const lines = done.events.filter(
      (event) => event.name === 'LogTestResult' || event.name === 'LogStartLine',
    );
    expect(lines).toContainEqual(expect.objectContaining({ description: 'unit_test orders::doubles' }));
    expect(lines).toContainEqual(expect.objectContaining({ test_name: 'orders::doubles', status: 'pass' }));
    expect((await shop.run('test')).statuses).toEqual(['unit_test.shop.orders.doubles pass']);
  });

  it('keeps its model from being built when it fails, and says how', async () => {
    const failing = unit(`    given: [{input: ref('raw'), format: csv, rows: "id,status,amount\\n1,new,2"}]
    expect: {format: sql, rows: "select 1 as id, 'NEW' as status, 5.0 as twice"}
`);
    const done = await project({ ...ORDERS, ...failing }).run('build');
    expect(done.statuses.slice(1)).toEqual([
      'unit_test.shop.orders.doubles fail',
      'model.shop.orders skipped',
    ]);
    expect(done.outcome.results[1]?.message).toBe(
      '\n\nactual differs from expected:\n\n@@,id,status,twice\n→ ,1 ,NEW   ,5.00→4.00\n\n',
    );
    expect(done.events).toContainEqual(
      expect.objectContaining({
        name: 'SQLCompiledPath',
        path: 'target/compiled/shop/models/unit.yml/doubles.sql',
      }),
    );
  });

  it('needs no parents where their types are declared', async () => {
    const typed =
      'models:\n  - name: raw\n    columns: [{name: id, data_type: integer}, {name: status, data_type: text}, {name: amount, data_type: "decimal(10,2)"}]\n';
    const shop = project({ ...ORDERS, ...PASSING, 'models/raw.yml': typed });
    expect((await shop.run('test')).statuses).toEqual(['unit_test.shop.orders.doubles pass']);
  });

  it('needs no parents where their types can be told from the SQL of the project', async () => {
    const shop = project({ ...ORDERS, ...PASSING });
    expect((await shop.run('test')).statuses).toEqual(['unit_test.shop.orders.doubles pass']);
    // what the author declares wins: 1.25 has one decimal then
    shop.write({
      'models/raw.yml': 'models:\n  - name: raw\n    columns: [{name: amount, data_type: "decimal(10,1)"}]\n',
    });
    const { outcome } = await shop.run('test');
    expect(outcome.results[0]).toMatchObject({ status: 'fail' });
    expect(outcome.results[0]?.message).toContain('2.6');
  });

  it('says that a parent is not there whose types nobody knows', async () => {
    const raw = { 'models/raw.sql': 'select * from elsewhere.raw' };
    const { outcome } = await project({ ...ORDERS, ...PASSING, ...raw }).run('test');
    expect(outcome.results[0]).toMatchObject({ status: 'error' });
    expect(outcome.results[0]?.message).toContain(
      `Not able to get columns for unit test 'raw' from relation "shop"."main"."raw" because the relation doesn't exist`,
    );
  });

  it('takes its rows from fixture files, of CSV and of SQL', async () => {
    const shop = project({
      ...ORDERS,
      'tests/fixtures/raw_rows.csv': 'id,status,amount\n1,"new, or so",1.25\n2,,\n',
      'tests/fixtures/doubled.sql':
        "select 1 as id, 'NEW, OR SO' as status, 2.5 as twice union all select 2, null, null\n",
      ...unit(`    given: [{input: ref('raw'), format: csv, fixture: raw_rows}]
    expect: {format: sql, fixture: doubled}
`),
    });
    expect((await shop.run('test')).statuses).toEqual(['unit_test.shop.orders.doubles pass']);
    // a fixture that changes changes the test
    shop.write({ 'tests/fixtures/raw_rows.csv': 'id,status,amount\n1,old,1.25\n' });
    expect((await shop.run('test')).statuses).toEqual(['unit_test.shop.orders.doubles fail']);
  });

  it('says that a fixture is not there', async () => {
    const shop = project({
      ...ORDERS,
      ...unit(`    given: [{input: ref('raw'), format: csv, fixture: nowhere}]\n    expect: {rows: []}\n`),
    });
    await expect(shop.run('test')).rejects.toThrow("File not found for fixture 'nowhere'");
  });

  it.each(['    config: {enabled: false}\n', ''])(
    'is left out when it, or its model, is disabled',
    async (own) => {
      const shop = project({
        ...ORDERS,
        ...unit(`    given: [{input: ref('raw'), rows: []}]\n    expect: {rows: [{id: 1}]}\n${own}`),
        ...(own === '' && { 'models/orders.sql': '{{ config(enabled=false) }} select 1 as id' }),
      });
      const built =
        own === '' ? ['model.shop.raw success'] : ['model.shop.raw success', 'model.shop.orders success'];
      expect((await shop.run('build')).statuses).toEqual(built);
    },
  );

  it('overrides macros, vars and environment variables', async () => {
    const shop = project({
      'macros/m.sql':
        '{% macro rate() %}1{% endmacro %}{% macro outer() %}{{ rate() }} + {{ dbt.type_int() | length }}{% endmacro %}',
      'models/orders.sql':
        "select {{ outer() }} as a, '{{ var('v', 'none') }}' as v, '{{ env_var('E', 'none') }}' as e, '{{ invocation_id }}' as i",
      ...unit(`    given: []
    overrides: {macros: {rate: 40, dbt.type_int: xx, invocation_id: me}, vars: {v: var}, env_vars: {E: env}}
    expect: {rows: [{a: 42, v: var, e: env, i: me}]}
`),
    });
    const { outcome } = await shop.run('test');
    expect(outcome.results.map(({ status, message }) => [status, message])).toEqual([['pass', null]]);
  });

  it('tests the later runs of an incremental model', async () => {
    const shop = project({
      'models/raw.sql': 'select 1 as id',
      'models/orders.sql':
        "{{ config(materialized='incremental') }} select id from {{ ref('raw') }}{% if is_incremental() %} where id > (select max(id) from {{ this }}){% endif %}",
      ...unit(`    overrides: {macros: {is_incremental: true}}
    given: [{input: ref('raw'), rows: [{id: 1}, {id: 2}, {id: 3}]}, {input: this, rows: [{id: 2}]}]
    expect: {rows: [{id: 3}]}
`),
    });
    await shop.run('run');
    expect((await shop.run('test')).statuses).toEqual(['unit_test.shop.orders.doubles pass']);
  });

  it.each([
    [
      'a column that the input has not',
      `given: [{input: ref('raw'), rows: [{it: 1}]}]\n    expect: {rows: []}`,
      "Compilation Error in model raw (models/raw.sql)\n  Invalid column name: 'it' in unit test fixture for 'raw'.\n  Accepted columns for 'raw' are: ['id', 'status', 'amount']",
    ],
    [
      'a parent without rows',
      'given: []\n    expect: {rows: []}',
      "Unit_Test 'unit_test.shop.orders.doubles' (models/unit.yml) depends on a node named 'raw' which was not found",
    ],
    [
      'a column that the model has not',
      `given: [{input: ref('raw'), rows: [{id: 1}]}]\n    expect: {rows: [{it: 1}]}`,
      "An error occurred during execution of unit test 'doubles'. There may be an error in the unit test definition: check the data types.",
    ],
  ])('refuses %s', async (_, body, message) => {
    const shop = project({ ...ORDERS, ...unit(`    ${body}\n`) });
    await shop.run('run');
    const { outcome } = await shop.run('test');
    expect(outcome.results[0]?.message).toContain(message);
  });
});
