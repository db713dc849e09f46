/** Publishing on PostgreSQL, through the whole pipeline on a real server: views that read what is replaced live on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, hasPostgres, type TestDatabase } from './postgres.ts';
import { TestProject } from './run-project.ts';

const TABLE = "{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}]) }}\n";

describe.runIf(hasPostgres())('publishing on PostgreSQL', () => {
  let database: TestDatabase;
  const projects: TestProject[] = [];
  beforeAll(async () => {
    database = await createTestDatabase('publish');
  });
  afterAll(async () => {
    for (const project of projects) project.remove();
    await database?.drop();
  });

  /** A project in a schema of its own. */
  function project(schema: string, files: Record<string, string>): TestProject {
    const { host, port, user, password, database: dbname } = database;
    const output = { type: 'postgres', host, port, user, password, dbname, schema };
    const made = new TestProject({
      'dbt_project.yml': 'name: shop\nprofile: shop\n',
      'profiles.yml': JSON.stringify({ shop: { target: 'pg', outputs: { pg: output } } }),
      ...files,
    });
    projects.push(made);
    return made;
  }
  const message = async (shop: TestProject, ...args: Parameters<TestProject['run']>) =>
    (await shop.run(...args)).outcome.results.map(({ status, message: text }) => `${status}: ${text}`);

  it('keeps the views of the project that read a table, with grants and comments', async () => {
    const shop = project('kept', {
      'models/a.sql': `${TABLE}select 1 as id, 'x' as word`,
      'models/v1.sql': "select id from {{ ref('a') }}",
      'models/v2.sql': "select id + 1 as next from {{ ref('v1') }}",
    });
    expect(await message(shop, 'run')).toEqual([
      'success: SELECT 1',
      'success: CREATE VIEW',
      'success: CREATE VIEW',
    ]);
    await shop.query("comment on view kept.v1 is 'it''s mine'; grant select on kept.v2 to public; select 1");
    shop.write({ 'models/a.sql': `${TABLE}select 2 as id, 'y' as word` });
    expect(await message(shop, 'run', { select: ['a'] })).toEqual(['success: SELECT 1']);
    expect(await shop.query('select next from kept.v2')).toEqual([[3]]);
    expect(
      await shop.query(
        "select obj_description('kept.v1'::regclass), has_table_privilege('public', 'kept.v2', 'select')",
      ),
    ).toEqual([["it's mine", true]]);
    expect(await shop.query("select count(*) from pg_class where relname like '%\\_\\_sq%'")).toEqual([[0]]);
  });

  it('drops a view of the project that reads what is no more, says so, and makes it again', async () => {
    const shop = project('lost', {
      'models/a.sql': `${TABLE}select 1 as id, 'x' as word`,
      'models/v.sql': "select word from {{ ref('a') }}",
    });
    await shop.run('run');
    shop.write({ 'models/a.sql': `${TABLE}select 1 as id`, 'models/v.sql': "select id from {{ ref('a') }}" });
    const { statuses, events } = await shop.run('run');
    expect(statuses).toEqual(['model.shop.a success', 'model.shop.v success']);
    expect(events.flatMap((event) => (event.name === 'SqNotice' ? [event.msg] : []))).toContain(
      `"${database.database}"."lost"."v" reads what is no more (column a.word does not exist): it was dropped, and is made again when its node runs`,
    );
    expect(await shop.query('select id from lost.v')).toEqual([[1]]);
  });

  it("refuses to take a view away that is not the project's, unless told to", async () => {
    const shop = project('foreign', { 'models/a.sql': `${TABLE}select 1 as id` });
    await shop.run('run');
    await shop.query(
      'create view foreign.theirs as select * from "foreign".a; select 1'.replaceAll(
        'foreign.',
        '"foreign".',
      ),
    );
    expect(await message(shop, 'run')).toEqual([
      expect.stringContaining(
        `"${database.database}"."foreign"."a" cannot be replaced: it is read by what is no model of this project, and would go with it:`,
      ),
    ]);
    expect(await shop.query('select * from "foreign".theirs')).toEqual([[1]]);
    shop.write({ 'models/a.sql': "{{ config(materialized='table', drop_cascade=true) }}\nselect 2 as id" });
    expect(await message(shop, 'run')).toEqual(['success: SELECT 1']);
    expect(await shop.query('select id from "foreign".a')).toEqual([[2]]);
  });

  it('replaces a view in one statement, and one with other columns by another', async () => {
    const shop = project('views', {
      'models/v.sql': 'select 1 as a',
      'models/w.sql': "select * from {{ ref('v') }}",
    });
    await shop.run('run');
    shop.write({ 'models/v.sql': 'select 2 as a, 3 as b' });
    expect(await message(shop, 'run', { select: ['v'] })).toEqual(['success: CREATE VIEW']);
    expect(await shop.query('select * from views.w')).toEqual([[2]]);
    shop.write({ 'models/v.sql': "select 'text' as a" });
    expect(await message(shop, 'run', { select: ['v'] })).toEqual(['success: CREATE VIEW']);
    expect(await shop.query('select * from views.w')).toEqual([['text']]);
    shop.write({ 'models/v.sql': TABLE.replace('id', 'a') + 'select 5 as a' });
    expect(await message(shop, 'run')).toEqual(['success: SELECT 1', 'success: CREATE VIEW']);
  });

  it('grants, comments and declares as the project says', async () => {
    const shop = project('said', {
      'models/a.sql': "select 1 as id, 'x'::text as word",
      'models/m.yml': `
models:
  - name: a
    description: "it's all"
    config:
      materialized: table
      persist_docs: {relation: true, columns: true}
      grants: {select: [pg_monitor]}
      contract: {enforced: true}
    constraints: [{type: primary_key, columns: [id]}]
    columns:
      - {name: id, data_type: integer, description: the key, constraints: [{type: not_null}]}
      - {name: word, data_type: text, description: 'a\\b'}
`,
    });
    expect(await message(shop, 'run')).toEqual(['success: INSERT 1']);
    expect(await message(shop, 'run')).toEqual(['success: INSERT 1']);
    expect(
      await shop.query(`select obj_description('said.a'::regclass), col_description('said.a'::regclass, 1), col_description('said.a'::regclass, 2),
        has_table_privilege('pg_monitor', 'said.a', 'select'), (select count(*) from pg_constraint where conrelid = 'said.a'::regclass and contype = 'p')`),
    ).toEqual([["it's all", 'the key', 'a\\b', true, 1]]);
    shop.write({ 'models/a.sql': "select 'x' as id, 'x'::text as word" });
    expect((await message(shop, 'run'))[0]).toMatch(/\| id +\| TEXT +\| INTEGER +\| data type mismatch \|/);
  });

  it('adds to an incremental model, revokes what is granted too much', async () => {
    const shop = project('grown', {
      'models/a.sql': `{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge', grants={'select': ['pg_monitor']}) }}
        select 1 as id, {{ 2 if is_incremental() else 1 }} as v`,
    });
    await shop.run('run');
    await shop.query('grant select on grown.a to pg_read_all_stats; select 1');
    expect(await message(shop, 'run')).toEqual(['success: MERGE 1']);
    expect(
      await shop.query(
        "select v, has_table_privilege('pg_read_all_stats', 'grown.a', 'select') from grown.a",
      ),
    ).toEqual([[2, false]]);
  });
});

describe.runIf(hasPostgres())('a large seed on PostgreSQL', () => {
  it('comes by COPY after its first part, with every character, and a bad value has its place', async () => {
    const database = await createTestDatabase('seed');
    const { host, port, user, password, database: dbname } = database;
    const lines = (last: string) =>
      `id,word\n${Array.from({ length: 25_000 }, (_, i) => `${i},${i % 5 === 0 ? '' : `"it's ""${i}"" \\N é😀\ttab"`}`).join('\n')}\n${last}\n`;
    const shop = new TestProject({
      'dbt_project.yml': 'name: shop\nprofile: shop\nseeds: {+column_types: {id: integer}}\n',
      'profiles.yml': JSON.stringify({
        shop: {
          target: 'pg',
          outputs: { pg: { type: 'postgres', host, port, user, password, dbname, schema: 'shop' } },
        },
      }),
      'seeds/big.csv': lines('25000,last'),
    });
    try {
      expect((await shop.run('seed')).statuses).toEqual(['seed.shop.big success']);
      expect(
        await shop.query(
          `select count(*), count(word), count(distinct word), max(word) filter (where id = 24999) from shop.big`,
        ),
      ).toEqual([[25_001, 20_001, 20_001, 'it\'s "24999" \\N é😀\ttab']]);
      shop.write({ 'seeds/big.csv': lines('x12,last') });
      const { outcome } = await shop.run('seed');
      expect(outcome.results[0]?.message).toContain(
        "column id is declared integer, its value here is 'x12'\n  at seeds/big.csv:25002",
      );
      expect(await shop.query('select count(*) from shop.big')).toEqual([[25_001]]);
    } finally {
      shop.remove();
      await database.drop();
    }
  });
});
