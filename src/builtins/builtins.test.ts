/** sq's own macros, called from models and run on DuckDB through the whole pipeline. */
import { afterEach, describe, expect, it } from 'vitest';
import { TestProject } from '../testing/run-project.ts';
import { builtinMacroFiles } from './index.ts';

const projects: TestProject[] = [];
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});
function project(files: Record<string, string>): TestProject {
  const made = new TestProject(files);
  projects.push(made);
  return made;
}

/** Runs a model whose columns are the expressions, and answers its one row as text. */
async function values(expressions: readonly string[], macros = ''): Promise<unknown[]> {
  const columns = expressions.map((expression, i) => `cast((${expression}) as varchar) as c${i}`);
  const shop = project({
    'models/a.sql': `{{ config(materialized='table') }}\nselect ${columns.join(',\n')}`,
    'macros/m.sql': macros,
  });
  const { outcome } = await shop.run('run');
  expect(outcome.results[0]?.message).toBe('SELECT 1');
  return (await shop.query('select * from a'))[0]!;
}

describe('the macro files', () => {
  it('stand in the packages dbt and dbt_<adapter>, the adapter first', () => {
    const files = builtinMacroFiles(['dbt_duckdb']);
    expect([...new Set(files.map((file) => file.package))]).toEqual(['dbt_duckdb', 'dbt']);
    expect(files.map((file) => file.path)).toContain('macros/utils/dates.sql');
    expect(files.every((file) => file.text.includes('{%'))).toBe(true);
  });

  it('of an adapter without macros are those of dbt', () => {
    expect(builtinMacroFiles(['dbt_none']).every((file) => file.package === 'dbt')).toBe(true);
  });

  it('define every name once', () => {
    const names = builtinMacroFiles(['dbt_duckdb']).flatMap((file) =>
      [...file.text.matchAll(/\{%-?\s*(?:macro|test)\s+(\w+)/g)].map((match) => match[1]),
    );
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe('macros across databases, on DuckDB', () => {
  it.each<[string, [expression: string, value: string | null][]]>([
    [
      'dates',
      [
        [`{{ dbt.dateadd('day', 3, "date '2020-01-30'") }}`, '2020-02-02 00:00:00'],
        [
          `{{ dbt.dateadd(datepart='month', interval=-1, from_date_or_timestamp="timestamp '2020-03-31 10:00:00'") }}`,
          '2020-02-29 10:00:00',
        ],
        [`{{ dbt.datediff("'2020-01-01'", "'2020-03-01'", 'month') }}`, '2'],
        [`{{ dbt.datediff("date '2020-01-01'", "timestamp '2020-01-02 01:00:00'", 'hour') }}`, '25'],
        [`{{ dbt.date_trunc('month', "date '2020-02-17'") }}`, '2020-02-01 00:00:00'],
        [`{{ dbt.last_day("date '2020-02-17'", 'month') }}`, '2020-02-29'],
        [`{{ dbt.last_day("date '2020-02-17'", 'quarter') }}`, '2020-03-31'],
        [`{{ dbt.date(2020, 2, 9) }}`, '2020-02-09'],
        [`{{ dbt.current_timestamp() }} is not null`, 'true'],
      ],
    ],
    [
      'texts',
      [
        [`{{ dbt.concat(["'a'", "'b'", "'c'"]) }}`, 'abc'],
        [`{{ dbt.hash("'a'") }}`, '0cc175b9c0f1b6a831c399e269772661'],
        [`{{ dbt.length("'abc'") }}`, '3'],
        [`{{ dbt.position("'b'", "'abc'") }}`, '2'],
        [`{{ dbt.replace("'abc'", "'b'", "'x'") }}`, 'axc'],
        [`{{ dbt.right("'abc'", 2) }}`, 'bc'],
        [`{{ dbt.split_part("'a|b|c'", "'|'", 2) }}`, 'b'],
        [`{{ dbt.split_part(string_text="'a|b|c'", delimiter_text="'|'", part_number=-1) }}`, 'c'],
        [`{{ dbt.string_literal(dbt.escape_single_quotes("it's")) }}`, "it's"],
      ],
    ],
    [
      'casts and types',
      [
        [`{{ dbt.cast("'1'", api.Column.translate_type('integer')) }}`, '1'],
        [`{{ dbt.safe_cast("'x'", dbt.type_int()) }}`, null],
        [`{{ dbt.cast_bool_to_text('true') }}`, 'true'],
        [`typeof(cast(1 as {{ dbt.type_bigint() }}))`, 'BIGINT'],
        [`typeof(cast(1 as {{ dbt.type_numeric() }}))`, 'DECIMAL(28,6)'],
        [`typeof(cast(1 as {{ dbt.type_float() }}))`, 'FLOAT'],
        [`typeof(cast(1 as {{ dbt.type_string() }}))`, 'VARCHAR'],
        [`typeof(cast(true as {{ dbt.type_boolean() }}))`, 'BOOLEAN'],
        [`typeof(cast('2020-01-01' as {{ dbt.type_timestamp() }}))`, 'TIMESTAMP'],
      ],
    ],
    [
      'lists and aggregates',
      [
        [`{{ dbt.array_construct(['1', '2']) }}`, '[1, 2]'],
        [`{{ dbt.array_append(dbt.array_construct(['1']), '2') }}`, '[1, 2]'],
        [`{{ dbt.array_concat(dbt.array_construct(['1']), dbt.array_construct(['2'])) }}`, '[1, 2]'],
        [`len({{ dbt.array_construct([], 'varchar') }})`, '0'],
        [`select {{ dbt.any_value('x') }} from (values (7)) as t (x)`, '7'],
        [`select {{ dbt.bool_or('x > 1') }} from (values (1), (2)) as t (x)`, 'true'],
        [
          `select {{ dbt.listagg('x', "'-'", 'order by x desc') }} from (values (1), (2), (3)) as t (x)`,
          '3-2-1',
        ],
        [
          `select {{ dbt.listagg(measure='x', order_by_clause='order by x', limit_num=2) }} from (values (3), (1), (2)) as t (x)`,
          '1,2',
        ],
        [`select count(*) from (select 1 {{ dbt.except() }} select 1)`, '0'],
        [`select count(*) from (select 1 {{ dbt.intersect() }} select 1)`, '1'],
      ],
    ],
    [
      'rows out of nothing',
      [
        [
          `select string_agg(strftime(date_day, '%d'), ',' order by date_day) from ({{ dbt.date_spine('day', "date '2020-01-01'", "date '2020-01-04'") }})`,
          '01,02,03',
        ],
        [`select sum(generated_number) from ({{ dbt.generate_series(100) }})`, '5050'],
        [`{{ dbt.get_powers_of_two(100) }}`, '7'],
        [
          `{{ dates_in_range('20200130', '20200201') | join(' ') | replace(' ', ' + ') }}`,
          String(20200130 + 20200131 + 20200201),
        ],
      ],
    ],
  ])('%s', async (_, cases) => {
    expect(await values(cases.map(([expression]) => expression))).toEqual(cases.map(([, value]) => value));
  });

  it('may be overridden by the project for one engine', async () => {
    expect(
      await values([`{{ dbt.concat(["'a'"]) }}`], `{% macro duckdb__concat(fields) %}'mine'{% endmacro %}`),
    ).toEqual(['mine']);
  });

  it('look into the warehouse', async () => {
    const shop = project({
      'models/a.sql': "{{ config(materialized='table') }} select 1 as id, 'x' as word",
      'models/b.sql': `{{ config(materialized='table') }}
        {% set a = load_relation(ref('a')) %}
        select '{{ get_columns_in_query('select 1 as p, 2 as q') | join(' ') }}' as from_query,
          '{{ get_columns_in_relation(a) | map(attribute='name') | join(' ') }}' as from_relation,
          '{{ run_query('select word from ' ~ a).columns[0].values()[0] }}' as value,
          '{{ a.type }}' as kind`,
    });
    const { outcome } = await shop.run('run');
    expect(outcome.results.map((result) => result.message)).toEqual(['SELECT 1', 'SELECT 1']);
    expect(await shop.query('select * from b')).toEqual([['p q', 'id word', 'x', 'table']]);
  });
});

describe('generic tests', () => {
  it('count what they find', async () => {
    const shop = project({
      'models/parents.sql': 'select 1 as id union all select 2',
      'models/none.sql': 'select 1 as id where false',
      'models/a.sql': "select * from (values (1, 'x'), (1, 'y'), (null, 'z'), (5, 'x')) as t (id, word)",
      'models/a.yml': `
models:
  - name: none
    data_tests: [nonempty]
  - name: a
    data_tests: [nonempty]
    columns:
      - name: id
        data_tests:
          - unique
          - not_null
          - accepted_values: {arguments: {values: [1, 2], quote: false}}
          - relationships: {arguments: {to: ref('parents'), field: id}}
          - not_null: {name: somewhere, config: {where: "word <> 'z'"}}
      - name: word
        data_tests: [{accepted_values: {arguments: {values: [x, y, z]}}}]
`,
    });
    await shop.run('run');
    const { outcome } = await shop.run('test');
    expect(
      Object.fromEntries(outcome.results.map((result) => [result.unique_id.split('.')[2], result.failures])),
    ).toEqual({
      nonempty_none_: 1,
      nonempty_a_: 0,
      unique_a_id: 1,
      not_null_a_id: 1,
      accepted_values_a_id__False__1__2: 1,
      relationships_a_id__id__ref_parents_: 1,
      somewhere: 0,
      accepted_values_a_word__x__y__z: 0,
    });
  });
});

describe('names', () => {
  it("are dbt's, and a project may make its own", async () => {
    const names = (shop: TestProject) =>
      shop.open({}, async ({ manifest }) => {
        const node = manifest.get('model.shop.a') as { schema: string; alias: string; database: string };
        return [node.database, node.schema, node.alias];
      });
    const model = "{{ config(schema='marts', alias='b') }} select 1 as id";
    expect(await names(project({ 'models/a.sql': model }))).toEqual(['shop', 'main_marts', 'b']);
    const own =
      '{% macro generate_schema_name(custom_schema_name, node) %}{{ generate_schema_name_for_env(custom_schema_name, node) }}{% endmacro %}';
    expect(await names(project({ 'models/a.sql': model, 'macros/m.sql': own }))).toEqual([
      'shop',
      'main',
      'b',
    ]);
  });
});
