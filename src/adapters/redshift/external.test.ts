/** `materialized: external` through the whole pipeline on the double: the objects that UNLOAD leaves, run by run. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres } from '../../testing/postgres.ts';
import { type RedshiftDouble, startRedshiftDouble } from '../../testing/redshift/double.ts';
import { readParquet } from '../../testing/redshift/load/parquet.ts';
import { TestProject } from '../../testing/run-project.ts';

const MODEL = `{{ config(materialized='external', location='s3://lake/plays/', format='parquet', partition_by=['year']) }}
select id, word, year from (
  select 1 as id, '{{ var("word", "old") }}' as word, 2018 as year
  {% if var('both', true) %} union all select 2, 'kept', 2019 {% endif %}
) as plays`;

describe.runIf(hasPostgres()).each(['wire', 'data_api'] as const)('external by %s', (driver) => {
  let double: RedshiftDouble;
  let shop: TestProject;
  beforeAll(async () => {
    double = await startRedshiftDouble();
    double.s3Server.put('lake', 'other/theirs.txt', 'x');
    const output = {
      type: 'redshift',
      driver,
      dbname: double.database,
      user: double.user,
      schema: 'mart',
      region: double.region,
      access_key_id: 'AKIATEST',
      secret_access_key: 'secret',
      external_schema: 'spectrum',
      endpoints: { redshift_data: double.dataApi.endpoint, s3: double.s3.endpoint },
      ...(driver === 'wire'
        ? { ...double.wire, password: double.password, sslmode: 'disable' }
        : { cluster_id: double.clusterId }),
    };
    shop = new TestProject({
      'dbt_project.yml':
        'name: shop\nprofile: shop\non-run-start: "create external schema if not exists spectrum from data catalog database \'lake\' iam_role default"\n',
      'profiles.yml': JSON.stringify({ shop: { target: 'prod', outputs: { prod: output } } }),
      'models/plays.sql': MODEL,
    });
  });
  afterAll(async () => {
    shop?.remove();
    await double?.stop();
  });

  const run = async (vars: Record<string, unknown> = {}) =>
    (await shop.run('run', { vars })).outcome.results
      .filter(({ unique_id }) => unique_id === 'model.shop.plays')
      .map(({ status, message }) => `${status}: ${message}`);
  /** `year=2018 1 new`: the rows of each partition's files. */
  const content = async () => {
    const rows: string[] = [];
    for (const [key, { body }] of double.s3Server.buckets.get('lake') ?? []) {
      if (!key.endsWith('.parquet')) continue;
      const read = await readParquet(body);
      for (const row of read.rows) rows.push(`${key.split('/')[1]} ${row.join(' ')}`);
    }
    return rows.sort();
  };

  it('writes a file for each partition and a table over them', async () => {
    expect(await run()).toEqual(['success: UNLOAD 2']);
    expect(await content()).toEqual(['year=2018 1 old', 'year=2019 2 kept']);
    const partitions = await shop.query(
      "select location from svv_external_partitions where schemaname = 'spectrum' and tablename = 'plays' order by 1",
    );
    expect(partitions.flat()).toEqual(['s3://lake/plays/year=2018/', 's3://lake/plays/year=2019/']);
  });

  it('replaces the partitions that are written again, and leaves the others', async () => {
    expect(await run({ word: 'new', both: false })).toEqual(['success: UNLOAD 1']);
    expect(await content()).toEqual(['year=2018 1 new', 'year=2019 2 kept']);
  });

  it('refuses a folder with files of others, and they stay', async () => {
    double.s3Server.buckets.get('lake')?.delete('plays/manifest');
    double.s3Server.put('lake', 'plays/year=2018/theirs.parquet', 'x');
    expect((await run({ word: 'newer' }))[0]).toMatch(
      /^error: [\s\S]*s3:\/\/lake\/plays\/ holds files that no run of this model has written, and UNLOAD would delete them/,
    );
    expect(double.s3Server.buckets.get('lake')?.has('plays/year=2018/theirs.parquet')).toBe(true);
  });
});
