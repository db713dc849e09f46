/** The materializations with sq's own macros on a real DuckDB, through the whole pipeline. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Value } from '../adapters/contract.ts';
import { type RunOptions, TestProject } from '../testing/run-project.ts';

const projects: TestProject[] = [];
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

class Shop extends TestProject {
  constructor(files: Record<string, string>) {
    super(files);
    projects.push(this);
  }

  /** Runs and answers messages by node name; fails the test when a node failed. */
  async built(
    options: RunOptions & { command?: 'run' | 'build' | 'seed' } = {},
  ): Promise<Record<string, string | null>> {
    const { outcome } = await this.run(options.command ?? 'run', options);
    const failed = outcome.results.filter((result) => !['success', 'pass'].includes(result.status));
    expect(failed.map((result) => `${result.unique_id}: ${result.message}`)).toEqual([]);
    return Object.fromEntries(
      outcome.results.map((result) => [result.unique_id.split('.')[2]!, result.message]),
    );
  }

  async messageOf(options: RunOptions = {}): Promise<string> {
    const { outcome } = await this.run('run', options);
    return outcome.results.map((result) => result.message ?? '').join('\n');
  }

  relations(): Promise<Value[][]> {
    return this.query(
      "select table_name, 'table' from duckdb_tables() union all select view_name, 'view' from duckdb_views() where not internal order by 1",
    );
  }
}

const model = (config: string, sql: string) => `{{ config(${config}) }}\n${sql}\n`;

describe('tables and views on DuckDB', () => {
  it('are replaced, and change their kind, without a moment in between', async () => {
    const shop = new Shop({ 'models/a.sql': model("materialized='table'", 'select 1 as id') });
    expect(await shop.built()).toEqual({ a: 'SELECT 1' });
    expect(await shop.built()).toEqual({ a: 'SELECT 1' });
    shop.write({ 'models/a.sql': model("materialized='view'", 'select 2 as id -- the end') });
    expect(await shop.built()).toEqual({ a: 'CREATE VIEW' });
    expect(await shop.built()).toEqual({ a: 'CREATE VIEW' });
    shop.write({ 'models/a.sql': model("materialized='table'", 'select 3 as id') });
    await shop.built();
    expect(await shop.query('select id from a')).toEqual([[3]]);
    expect(await shop.relations()).toEqual([['a', 'table']]);
  });

  it('have their sql_header in front and their indexes behind', async () => {
    const config =
      "materialized='table', sql_header='create or replace temp macro twice(x) as x * 2;', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['id', 'b']}]";
    const shop = new Shop({ 'models/a.sql': model(config, 'select twice(4) as id, 1 as b') });
    await shop.built();
    expect(await shop.built()).toEqual({ a: 'SELECT 1' });
    expect(await shop.query('select id from a')).toEqual([[8]]);
    expect(
      await shop.query('select is_unique, count(*) from duckdb_indexes() group by 1 order by 1'),
    ).toEqual([
      [false, 1],
      [true, 1],
    ]);
  });

  it('may have any name', async () => {
    const alias = `Zoë's ${'long '.repeat(60)}`;
    const shop = new Shop({
      'models/a.sql': model(
        `materialized='table', publish='audited', alias=${JSON.stringify(alias)}`,
        'select 1 as id',
      ),
      'models/a.yml': 'models: [{name: a, columns: [{name: id, data_tests: [unique]}]}]',
    });
    await shop.built({ command: 'build' });
    await shop.built({ command: 'build' });
    expect(await shop.relations()).toEqual([[alias.trim(), 'table']]);
  });

  it('drop the stage of a run that was killed', async () => {
    const shop = new Shop({ 'models/a.sql': model("materialized='table'", 'select 1 as id') });
    await shop.query('create table a__sq_stage_0badf00d as select 1 as id');
    await shop.built();
    expect(await shop.relations()).toEqual([['a', 'table']]);
  });
});

describe('incremental models on DuckDB', () => {
  const rows = (extra: string) => `
    {% if is_incremental() %} select 2 as id, 'new' as word, 20 as n union all select 3, 'new', 30
    {% else %} select 1 as id, 'old' as word, 10 as n union all select 2, 'old', 10 {% endif %} ${extra}`;
  const content = (shop: Shop) => shop.query('select id, word, n from a order by id, word');

  it.each([
    [
      '',
      'INSERT 2',
      [
        [1, 'old', 10],
        [2, 'new', 20],
        [2, 'old', 10],
        [3, 'new', 30],
      ],
    ],
    [
      "incremental_strategy='append'",
      'INSERT 2',
      [
        [1, 'old', 10],
        [2, 'new', 20],
        [2, 'old', 10],
        [3, 'new', 30],
      ],
    ],
    [
      "unique_key='id'",
      'INSERT 2',
      [
        [1, 'old', 10],
        [2, 'new', 20],
        [3, 'new', 30],
      ],
    ],
    [
      "incremental_strategy='delete+insert', unique_key=['id', 'word']",
      'INSERT 2',
      [
        [1, 'old', 10],
        [2, 'new', 20],
        [2, 'old', 10],
        [3, 'new', 30],
      ],
    ],
    [
      "incremental_strategy='delete+insert', unique_key='id', incremental_predicates=['id <> 2']",
      'INSERT 2',
      [
        [1, 'old', 10],
        [2, 'new', 20],
        [2, 'old', 10],
        [3, 'new', 30],
      ],
    ],
    [
      "incremental_strategy='merge', unique_key='id'",
      'MERGE 2',
      [
        [1, 'old', 10],
        [2, 'new', 20],
        [3, 'new', 30],
      ],
    ],
    [
      "incremental_strategy='merge', unique_key='id', merge_update_columns=['n']",
      'MERGE 2',
      [
        [1, 'old', 10],
        [2, 'old', 20],
        [3, 'new', 30],
      ],
    ],
    [
      "incremental_strategy='merge', unique_key='id', merge_exclude_columns=['N']",
      'MERGE 2',
      [
        [1, 'old', 10],
        [2, 'new', 10],
        [3, 'new', 30],
      ],
    ],
    [
      "incremental_strategy='merge', unique_key='id', merge_update_condition='DBT_INTERNAL_SOURCE.n < 0', merge_insert_condition='DBT_INTERNAL_SOURCE.n < 0'",
      'MERGE 0',
      [
        [1, 'old', 10],
        [2, 'old', 10],
      ],
    ],
    [
      "incremental_strategy='merge', unique_key='id', merge_update_set_expressions={'n': 'DBT_INTERNAL_DEST.n + 1'}",
      'MERGE 2',
      [
        [1, 'old', 10],
        [2, 'old', 11],
        [3, 'new', 30],
      ],
    ],
    [
      "incremental_strategy='merge', merge_on_using_columns=['id']",
      'MERGE 2',
      [
        [1, 'old', 10],
        [2, 'new', 20],
        [3, 'new', 30],
      ],
    ],
    [
      "incremental_strategy='merge', unique_key='id', merge_clauses={'when_matched': [{'action': 'delete'}], 'when_not_matched': [{'action': 'insert', 'mode': 'by_name'}]}",
      'MERGE 2',
      [
        [1, 'old', 10],
        [3, 'new', 30],
      ],
    ],
    [
      "incremental_strategy='merge'",
      'MERGE 2',
      [
        [1, 'old', 10],
        [2, 'new', 20],
        [2, 'old', 10],
        [3, 'new', 30],
      ],
    ],
  ])('%s', async (config, message, expected) => {
    const shop = new Shop({
      'models/a.sql': model(["materialized='incremental'", config].filter(Boolean).join(', '), rows('')),
    });
    expect(await shop.built()).toEqual({ a: 'SELECT 2' });
    expect(await shop.built()).toEqual({ a: message });
    expect(await content(shop)).toEqual(expected);
    expect(await shop.built({ flags: { fullRefresh: true } })).toEqual({ a: 'SELECT 2' });
    expect(await shop.relations()).toEqual([['a', 'table']]);
  });

  it('use a strategy of the project', async () => {
    const shop = new Shop({
      'models/a.sql': model("materialized='incremental', incremental_strategy='only_new'", rows('')),
      'macros/only_new.sql': `{% macro get_incremental_only_new_sql(arg_dict) %}
        insert into {{ arg_dict.target_relation }} by name select * from {{ arg_dict.temp_relation }}
        where id not in (select id from {{ arg_dict.target_relation }}) {% endmacro %}`,
    });
    await shop.built();
    expect(await shop.built()).toEqual({ a: 'INSERT 1' });
  });

  it('leave everything as it was when the write fails', async () => {
    const shop = new Shop({
      'models/a.sql': model(
        "materialized='incremental', on_schema_change='append_new_columns'",
        "select 1 as id {% if is_incremental() %}, 'x' as fresh union all select cast('y' as integer), 'z' {% endif %}",
      ),
    });
    await shop.built();
    expect(await shop.messageOf()).toContain("Could not convert string 'y' to INT32");
    expect(await shop.query('select column_name from (describe a)')).toEqual([['id']]);
    expect(await shop.query('select count(*) from a')).toEqual([[1]]);
  });
});

describe('on_schema_change on DuckDB', () => {
  const shopWith = (policy: string) =>
    new Shop({
      'models/a.sql': model(
        `materialized='incremental', unique_key='id', on_schema_change='${policy}'`,
        "{% if is_incremental() %} select 2 as id, cast(5 as bigint) as n, 'x' as fresh {% else %} select 1 as id, 1 as n, 'y' as gone {% endif %}",
      ),
    });
  const state = async (shop: Shop) => [
    await shop.query('select column_name, column_type from (describe a)'),
    await shop.query('select * from a order by id'),
  ];

  it('append_new_columns', async () => {
    const shop = shopWith('append_new_columns');
    await shop.built();
    await shop.built();
    expect(await state(shop)).toEqual([
      [
        ['id', 'INTEGER'],
        ['n', 'INTEGER'],
        ['gone', 'VARCHAR'],
        ['fresh', 'VARCHAR'],
      ],
      [
        [1, 1, 'y', null],
        [2, 5, null, 'x'],
      ],
    ]);
  });

  it('sync_all_columns', async () => {
    const shop = shopWith('sync_all_columns');
    await shop.built();
    await shop.built();
    expect(await state(shop)).toEqual([
      [
        ['id', 'INTEGER'],
        ['n', 'BIGINT'],
        ['fresh', 'VARCHAR'],
      ],
      [
        [1, 1, null],
        [2, 5, 'x'],
      ],
    ]);
  });

  it('ignore', async () => {
    const shop = shopWith('ignore');
    await shop.built();
    expect(await shop.messageOf()).toContain('"gone" not found');
  });

  it('fail', async () => {
    const shop = shopWith('fail');
    await shop.built();
    expect(await shop.messageOf()).toMatch(
      /^Compilation Error in model a \(models\/a\.sql\)\n {2}The source and target schemas on this incremental model are out of sync!\n/,
    );
  });
});

describe('seeds on DuckDB', () => {
  it("have dbt's types, and their own", async () => {
    const shop = new Shop({
      'dbt_project.yml':
        'name: shop\nseeds: {shop: {people: {+column_types: {zip: varchar(5), paid: "decimal(10,2)"}}}}',
      'seeds/people.csv': `id,name,born,seen,active,score,zip,paid,big\n1,"Ann, ""A""",1990-01-02,2020-01-01T00:00:00Z,true,1.5,01234,9.90,99999999999\n2,null,,,False,,,,\n`,
    });
    expect(await shop.built({ command: 'seed' })).toEqual({ people: 'INSERT 2' });
    expect(await shop.query('select column_name, column_type from (describe people)')).toEqual([
      ['id', 'INTEGER'],
      ['name', 'VARCHAR'],
      ['born', 'DATE'],
      ['seen', 'TIMESTAMP'],
      ['active', 'BOOLEAN'],
      ['score', 'DOUBLE'],
      ['zip', 'VARCHAR'],
      ['paid', 'DECIMAL(10,2)'],
      ['big', 'BIGINT'],
    ]);
    expect(await shop.query('select * from people order by id')).toEqual([
      [1, 'Ann, "A"', '1990-01-02', '2020-01-01 00:00:00', true, 1.5, '01234', '9.90', 99999999999],
      [2, null, null, null, false, null, null, null, null],
    ]);
  });

  it('follow a file whose columns changed, without --full-refresh', async () => {
    const shop = new Shop({ 'seeds/a.csv': 'id\n1\n' });
    await shop.built({ command: 'seed' });
    shop.write({ 'seeds/a.csv': 'id,word\n1,x\n2,y\n' });
    expect(await shop.built({ command: 'seed', flags: { fullRefresh: true } })).toEqual({ a: 'CREATE 2' });
    shop.write({ 'seeds/a.csv': 'word\nz\n' });
    expect(await shop.built({ command: 'seed' })).toEqual({ a: 'INSERT 1' });
    expect(await shop.query('select * from a')).toEqual([['z']]);
  });

  it('may be long, empty, or kept empty', async () => {
    const long = Array.from({ length: 25_000 }, (_, i) => `${i},"it's ${i}"`).join('\n');
    const shop = new Shop({ 'seeds/long.csv': `id,word\n${long}\n`, 'seeds/head.csv': 'a,b\n' });
    expect(await shop.built({ command: 'seed' })).toEqual({ long: 'INSERT 25000', head: 'INSERT 0' });
    expect(await shop.query('select count(*), sum(id), min(word), count(distinct word) from long')).toEqual([
      [25_000, 312_487_500, "it's 0", 25_000],
    ]);
    expect(await shop.built({ command: 'seed', flags: { empty: true } })).toEqual({
      long: 'INSERT 0',
      head: 'INSERT 0',
    });
    expect(await shop.query('select count(*) from long')).toEqual([[0]]);
  });

  it('say where their file is wrong', async () => {
    const shop = new Shop({ 'seeds/a.csv': 'a,b\n1,2\n1,2,3\n' });
    const { outcome } = await shop.run('seed');
    expect(outcome.results[0]?.message).toBe(
      'Runtime Error in seed a (seeds/a.csv)\n  Row 1 has 3 values, but Table only has 2 columns.\n  at seeds/a.csv:3\n  hint: put values that contain the delimiter into double quotes',
    );
  });
});
