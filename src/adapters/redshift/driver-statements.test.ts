/**
 * What each driver sends around the statements of the nodes: everything that arrived at the double for one
 * project whose seed, table and incremental model stand there. The file is part of the corpus.
 */
import { describe, expect, it } from 'vitest';
import { hasPostgres } from '../../testing/postgres.ts';
import { startRedshiftDouble } from '../../testing/redshift/double.ts';
import { corpusText } from '../../testing/redshift-corpus.ts';
import { TestProject } from '../../testing/run-project.ts';

const FILES = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'seeds/raw.csv': "id,title\n1,it's\n",
  'models/t.sql':
    "{{ config(materialized='table', query_group='heavy') }} select id, title from {{ ref('raw') }}",
  'models/i.sql':
    "{{ config(materialized='incremental', unique_key='id') }} select id, title from {{ ref('t') }}",
};

async function sentBy(driver: 'wire' | 'data_api'): Promise<string[]> {
  const double = await startRedshiftDouble();
  const output = {
    type: 'redshift',
    driver,
    dbname: double.database,
    user: double.user,
    schema: 'mart',
    query_group: 'etl',
    statement_timeout: 600,
    region: double.region,
    access_key_id: 'AKIATEST',
    secret_access_key: 'secret',
    endpoints: { redshift_data: double.dataApi.endpoint },
    ...(driver === 'wire'
      ? { ...double.wire, password: double.password, sslmode: 'disable' }
      : { cluster_id: double.clusterId }),
  };
  const shop = new TestProject({
    ...FILES,
    'profiles.yml': JSON.stringify({ shop: { target: 'prod', outputs: { prod: output } } }),
  });
  try {
    await shop.run('build');
    const before = double.statements().length;
    const { statuses } = await shop.run('build');
    expect(statuses.filter((line) => !line.endsWith(' success'))).toEqual([]);
    return double
      .statements()
      .slice(before)
      .map((sql) =>
        sql
          .replace(/^\/\*.*?"node_id": "([^"]*)".*?\*\/\s*/s, '/* {…, "node_id": "$1"} */ ')
          .replaceAll(/(__sq_(?:stage|tmp)_)[0-9a-f]{8}/g, '$100c0ffee')
          .replace(/transaction_id = \d+/, 'transaction_id = 5005'),
      );
  } finally {
    shop.remove();
    await double.stop();
  }
}

describe.runIf(hasPostgres())('around the statements of the nodes', () => {
  it('each driver sends what the file says', async () => {
    const parts = { 'by the wire': await sentBy('wire'), 'by the Data API': await sentBy('data_api') };
    await expect(corpusText(parts)).toMatchFileSnapshot('statements/drivers.sql');
  });
});
