/** Contracts, versions, groups and query comments through the command, on the embedded engine. */
import { afterEach, expect, test } from 'vitest';
import { CliProject } from './cli-project.ts';

const PROJECT = 'name: shop\nversion: "1.0"\nconfig-version: 2\nprofile: shop\n';
const PROFILE =
  'shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, schema: main, threads: 1}}}\n';

let shop: CliProject;
afterEach(() => shop.remove());

function project(files: Readonly<Record<string, string>>): CliProject {
  shop = new CliProject({ 'dbt_project.yml': PROJECT, 'profiles.yml': PROFILE, ...files });
  return shop;
}

const CONTRACT = `models:
  - name: orders
    config: {materialized: table, contract: {enforced: true}}
    columns:
      - {name: id, data_type: integer, constraints: [{type: not_null}]}
      - {name: day, data_type: string}
`;

test('a contract that is kept declares the columns; a text type is translated', async () => {
  project({ 'models/orders.yml': CONTRACT, 'models/orders.sql': "select 'monday' as day, 1 as id" });
  expect(await shop.here('run')).toMatchObject({ code: 0 });
  expect(shop.read('target/run/shop/models/orders.sql')).toBe(`create table "shop"."main"."orders"
(
  id integer not null,
  day TEXT
);
insert into "shop"."main"."orders" (id, day)
(
select
  id,
  day
from (
select 'monday' as day, 1 as id
) as model_subq
);`);
});

test('a contract that is broken is dbt’s table, and the old rows stay', async () => {
  project({ 'models/orders.yml': CONTRACT, 'models/orders.sql': "select 'monday' as day, 1 as id" });
  await shop.here('run');
  shop.write({ 'models/orders.sql': "select 'monday' as weekday, '1' as id" });
  const broken = await shop.here('run');
  expect(broken.code).toBe(1);
  const text = broken.stdout.replace(/^ +/gm, '');
  expect(text).toContain(
    [
      '| column_name | definition_type | contract_type | mismatch_reason       |',
      '| ----------- | --------------- | ------------- | --------------------- |',
      '| day         |                 | VARCHAR       | missing in definition |',
      '| id          | VARCHAR         | INTEGER       | data type mismatch    |',
      '| weekday     | VARCHAR         |               | missing in contract   |',
    ].join('\n'),
  );
  shop.write({ 'models/orders.sql': "select 'monday' as day, cast(null as integer) as id" });
  expect((await shop.here('run')).stdout).toContain('NOT NULL constraint failed');
  expect(await shop.query('select id, day from main.orders', 'shop.duckdb')).toEqual([[1, 'monday']]);
});

test('the latest version has a pointer under the plain name', async () => {
  const versions = (pointer: string) =>
    `models: [{name: orders, latest_version: 2, config: {latest_version_pointer: ${pointer}}, versions: [{v: 1}, {v: 2}]}]`;
  project({
    'models/orders.yml': versions('true'),
    'models/orders_v1.sql': 'select 1 as id',
    'models/orders_v2.sql': "{{ config(materialized='table') }} select 2 as id",
  });
  for (let day = 0; day < 2; day += 1) expect(await shop.here('run')).toMatchObject({ code: 0 });
  expect(await shop.query('select id from main.orders', 'shop.duckdb')).toEqual([[2]]);
  shop.write({ 'models/orders.yml': versions('{alias: orders_v2, enabled: true}') });
  expect((await shop.here('run')).stdout).toContain(
    "Cannot create latest version pointer: the latest version of 'orders' is already aliased to 'orders_v2'.",
  );
});

test('a test of another group may not read a private model', async () => {
  project({
    'models/g.yml':
      'groups: [{name: a, owner: {name: A}}]\nmodels: [{name: m, config: {group: a, access: private}, columns: [{name: id, data_tests: [unique]}]}]',
    'models/m.sql': 'select 1 as id',
  });
  expect(await shop.here('parse')).toMatchObject({ code: 0 });
  shop.write({ 'tests/t.sql': "select * from {{ ref('m') }}" });
  expect((await shop.here('parse')).stdout).toContain(
    "Node test.shop.t attempted to reference node model.shop.m, which is not allowed because the referenced node is private to the 'a' group.",
  );
});

test('every statement carries the query comment; dbt’s is the default', async () => {
  project({ 'models/m.sql': 'select 1 as id' });
  const statement = (text: string) => text.split('\n').filter((line) => line.includes('/*'));
  const said = (await shop.here('--debug run')).stdout;
  expect(said).toContain(
    '/* {"app": "dbt", "dbt_version": "1.12.3", "profile_name": "shop", "target_name": "dev", "node_id": "model.shop.m"} */',
  );
  shop.write({
    'dbt_project.yml': `${PROJECT}query-comment: {comment: "{{ who(node) }}", append: true}\n`,
    'macros/who.sql': '{% macro who(node) %}of {{ node.name if node else "no one" }}{% endmacro %}',
  });
  const own = statement((await shop.here('--debug run')).stdout);
  expect(own.some((line) => line.trim() === '/* of m */')).toBe(true);
  shop.write({ 'macros/who.sql': '{% macro who(node) %}*/ drop{% endmacro %}' });
  const refused = await shop.here('run');
  expect(refused.code).toBe(2);
  expect(refused.stdout).toContain('query comment contains illegal value "*/": */ drop');
});
