/** Descriptions in the database that nobody wrote for the column itself. */
import { afterEach, expect, it } from 'vitest';
import { TestProject } from '../testing/run-project.ts';

let project: TestProject;
afterEach(() => project.remove());

const COMMENTS =
  "select table_name || '.' || column_name, comment from duckdb_columns() where schema_name = 'main' and comment <> '' order by 1";

it('persist_docs with `inherited` writes what comes along copied and renamed columns, and no more', async () => {
  project = new TestProject({
    'models/a.sql':
      "{{ config(materialized='table', persist_docs={'columns': true}) }} select 1 as id, 2 as n, 3 as plain",
    'models/a.yml':
      'models: [{name: a, columns: [{name: id, description: The key.}, {name: n, description: A count.}]}]',
    'models/b.sql':
      "{{ config(materialized='table', persist_docs={'columns': true, 'inherited': true}) }} select id as a_id, n, n + 1 as more, plain from {{ ref('a') }}",
    'models/b.yml': 'models: [{name: b, columns: [{name: n, description: Mine.}, {name: a_id}]}]',
    'models/c.sql':
      "{{ config(materialized='table', persist_docs={'columns': true}) }} select id from {{ ref('b_view') }}",
    'models/b_view.sql': "select id from {{ ref('a') }}",
    'models/c.yml': 'models: [{name: c, columns: [{name: id}]}]',
  });
  const { statuses } = await project.run('run');
  expect(statuses.filter((line) => !line.endsWith('success'))).toEqual([]);
  expect(await project.query(COMMENTS)).toEqual([
    ['a.id', 'The key.'],
    ['a.n', 'A count.'],
    ['b.a_id', 'The key.'],
    ['b.n', 'Mine.'],
  ]);
});
