/** Whole projects on a real Spark: what each file format can do. Skipped, with the reason, where there is no Spark. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parquetDigests } from '../../testing/parquet-digests.ts';
import { TestProject } from '../../testing/run-project.ts';
import { sparkMissing, startSpark, type TestSpark } from '../../testing/spark.ts';
import type { Value } from '../contract.ts';

const missing = sparkMissing();
/** A server that is kept from one run to the next has no schema of that name yet. */
const suffix = Date.now().toString(36);

let spark: TestSpark;
const projects: TestProject[] = [];

describe.skipIf(missing !== undefined)(
  `projects on Spark${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(async () => {
      spark = await startSpark();
    }, 300_000);
    afterAll(async () => {
      for (const made of projects) made.remove();
      await spark?.stop();
    }, 60_000);

    /** In schema `name_<suffix>`. */
    function project(
      name: string,
      files: Record<string, string>,
      more: Record<string, unknown> = {},
    ): TestProject {
      const { host, port } = spark;
      const output = { type: 'spark', host, port, schema: `${name}_${suffix}`, threads: 2, ...more };
      const made = new TestProject({
        'dbt_project.yml': 'name: shop\nprofile: shop\n',
        'profiles.yml': JSON.stringify({ shop: { target: 'it', outputs: { it: output } } }),
        ...files,
      });
      projects.push(made);
      return made;
    }
    it('parquet: seeds, views, tables, insert_overwrite by partition, external tables', async () => {
      const made = project('plain', {
        'seeds/s.csv': 'id,name,day\n1,one,2018-11-01\n2,,2018-11-02\n',
        'models/v.sql': `select * from {{ ref('s') }}`,
        'models/t.sql': `{{ config(materialized='table') }} select id, {{ var('word', "'old'") }} as word from {{ ref('v') }}`,
        'models/i.sql': `{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partition_by='p') }}
          select cast(id as int) as id, {{ 2 if is_incremental() else 1 }} as n, cast(id % 3 as int) as p from range(9)
          {% if is_incremental() %} where id % 3 = 1 {% endif %}`,
        'models/x.sql': `{{ config(materialized='external', location='${spark.folder}/lake', partition_by=['day'], incremental_strategy='insert_overwrite') }}
          select id, name, day from {{ ref('v') }} {% if is_incremental() %} where id = 1 {% endif %}`,
      });
      const lake = () => parquetDigests(join(spark.folder, 'lake'));
      let before: Record<string, string> = {};
      const statuses = ['seed.shop.s', 'model.shop.i', 'model.shop.v', 'model.shop.t', 'model.shop.x'];
      for (const round of [1, 2]) {
        const { outcome } = await made.run('build', { vars: { word: round === 1 ? "'old'" : "'new'" } });
        expect(
          outcome.results
            .map(({ unique_id, status, message }) => (status === 'success' ? unique_id : message))
            .sort(),
        ).toEqual([...statuses].sort());
        if (round === 1) before = lake();
      }
      // the second run's rows are of one day: the other day's file is the same one, byte for byte
      const after = lake();
      expect(Object.keys(before).filter((path) => after[path] !== before[path])).toEqual(
        Object.keys(before).filter((path) => path.startsWith('day=2018-11-01/')),
      );
      expect(await made.query(`select id, name, day from plain_${suffix}.v order by id`)).toEqual([
        [1, 'one', '2018-11-01'],
        [2, null, '2018-11-02'],
      ]);
      expect(await made.query(`select distinct word from plain_${suffix}.t`)).toEqual([['new']]);
      expect(
        await made.query(`select p, n, count(*) from plain_${suffix}.i group by 1, 2 order by 1`),
      ).toEqual([
        [0, 1, 3],
        [1, 2, 3],
        [2, 1, 3],
      ]);
      expect(readdirSync(join(spark.folder, 'lake')).filter((name) => name.startsWith('day='))).toEqual([
        'day=2018-11-01',
        'day=2018-11-02',
      ]);
      expect(await made.query(`select id, day from plain_${suffix}.x order by id`)).toEqual([
        [1, '2018-11-01'],
        [2, '2018-11-02'],
      ]);
    });

    it('a query that fails leaves the old table', async () => {
      const made = project('kept', {
        'models/t.sql': `{{ config(materialized='table') }} select {{ var('e', '1') }} as a`,
      });
      await made.run('run');
      const { outcome } = await made.run('run', { vars: { e: "cast('x' as int)" } });
      expect(outcome.results[0]?.message).toMatch(
        /^Database Error in model t \(models\/t\.sql\)\n {2}\[CAST_INVALID_INPUT\]/,
      );
      expect(await made.query(`select a from kept_${suffix}.t`)).toEqual([[1]]);
    });

    it('Iceberg: merge, delete+insert, append, an interval of a copy model', async ({ skip }) => {
      if (!spark.iceberg) skip('no iceberg-spark-runtime jar in ~/.m2');
      const day = (n: number) => `{"id": ${n}, "happened": "2018-11-0${n}T10:00:00"}\n`;
      const made = project(
        'lake',
        {
          'log/2018-11-01.json': day(1),
          'log/2018-11-02.json': day(2),
          'models/sources.yml': `
sources:
  - name: raw
    tables:
      - name: events
        external: {location: "log/{{ interval.start.strftime('%Y-%m-%d') }}.json", location_all: log/, format: json}
        columns: [{name: id, data_type: int4}, {name: happened, data_type: timestamp}]
`,
          'models/e.sql': `{{ config(materialized='copy', load={'mode': 'partition', 'event_time': 'happened'}) }} select * from {{ source('raw', 'events') }}`,
          ...Object.fromEntries(
            ['merge', 'delete+insert', 'append'].map((strategy) => [
              `models/${strategy.slice(0, 5)}.sql`,
              `{{ config(materialized='incremental', incremental_strategy='${strategy}', unique_key='id') }}
               select 1 as id, '{{ 'new' if is_incremental() else 'old' }}' as word union all select {{ 3 if is_incremental() else 2 }}, 'x'`,
            ]),
          ),
        },
        { catalog: 'ice' },
      );
      const run = async (options = {}) => {
        const { outcome } = await made.run('run', options);
        expect(
          outcome.results.filter(({ status }) => status !== 'success').map(({ message }) => message),
        ).toEqual([]);
      };
      await run();
      await run({ flags: { other: { event_time_start: '2018-11-02', event_time_end: '2018-11-03' } } });
      const found = (name: string) =>
        made.query(`select id, word from ice.lake_${suffix}.\`${name}\` order by 1, 2`);
      const replaced: Value[][] = [
        [1, 'new'],
        [2, 'x'],
        [3, 'x'],
      ];
      expect(await found('merge')).toEqual(replaced);
      expect(await found('delet')).toEqual(replaced);
      expect(await found('appen')).toEqual([
        [1, 'new'],
        [1, 'old'],
        [2, 'x'],
        [3, 'x'],
      ]);
      expect(await made.query(`select id from ice.lake_${suffix}.e order by 1`)).toEqual([[1], [2]]);
    });

    /** Statuses and messages of what did not go well. */
    const failures = async (made: TestProject, command: 'run' | 'build', options = {}) => {
      const { outcome } = await made.run(command, options);
      return outcome.results
        .filter(({ status }) => status !== 'success' && status !== 'pass')
        .map(({ unique_id, message }) => `${unique_id}: ${message}`);
    };

    const VERSIONED = {
      'models/events.sql': `{{ config(materialized='table', event_time='at') }}
          select 1 as id, timestamp_ntz'2018-11-01 10:00:00.123456' as at, 'one' as word
          union all select 2, timestamp_ntz'2018-11-02 10:00:00', {{ var('word', "'two'") }}`,
      'models/batches.sql': `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', batch_size='day', begin='2018-11-01', lookback=0, partition_by='day') }}
          select *, cast(at as date) as day from {{ ref('events') }}`,
      'snapshots/versions.yml': `snapshots:
  - {name: versions, relation: ref('events'), config: {unique_key: id, strategy: check, check_cols: [word], hard_deletes: invalidate}}`,
    };
    const days = (from: number, to: number, vars = {}) => ({
      vars,
      flags: { other: { event_time_start: `2018-11-0${from}`, event_time_end: `2018-11-0${to}` } },
    });

    it('Iceberg: versions of a snapshot, batches by day in partitions, descriptions, columns that come', async ({
      skip,
    }) => {
      if (!spark.iceberg) skip('no Iceberg here');
      const made = project(
        'kept_versions',
        {
          ...VERSIONED,
          'models/described.sql': `{{ config(materialized='incremental', on_schema_change='append_new_columns', partition_by='days(at)', tblproperties={'write.format.default': 'orc'}) }}
          select id, at {% if is_incremental() %}, 'new' as added{% endif %} from {{ ref('events') }}`,
          'models/seen.sql': `select id from {{ ref('described') }}`,
          'models/m.yml': `models:
  - {name: described, description: "It's described", config: {persist_docs: {relation: true, columns: true}}, columns: [{name: id, description: 'a\\b'}]}
  - {name: seen, description: A view, config: {persist_docs: {relation: true, columns: true}}, columns: [{name: id, description: x}]}`,
        },
        { catalog: 'ice' },
      );
      const place = `ice.kept_versions_${suffix}`;
      expect(await failures(made, 'build', days(1, 3))).toEqual([]);
      expect(await failures(made, 'build', days(2, 3, { word: "'zwei'" }))).toEqual([]);
      expect(
        await made.query(`select id, word, dbt_valid_to is null from ${place}.versions order by id, word`),
      ).toEqual([
        [1, 'one', true],
        [2, 'two', false],
        [2, 'zwei', true],
      ]);
      expect(await made.query(`select id, word, day from ${place}.batches order by id`)).toEqual([
        [1, 'one', '2018-11-01'],
        [2, 'zwei', '2018-11-02'],
      ]);
      expect(
        (await made.query(`select partition.day from ${place}.batches.partitions order by 1`)).flat(),
      ).toEqual(['2018-11-01', '2018-11-02']);
      expect(
        await made.query(`select id, added, at from ${place}.described where id = 1 order by added`),
      ).toEqual([
        [1, null, '2018-11-01 10:00:00.123456'],
        [1, 'new', '2018-11-01 10:00:00.123456'],
      ]);
      const facts = async (name: string) =>
        (await made.query(`describe table extended ${place}.${name}`)).filter(([key]) =>
          /^(id|Comment|Part 0|Provider)$/.test(String(key)),
        );
      expect(await facts('described')).toEqual([
        ['id', 'int', 'a\\b'],
        ['Part 0', 'days(at)', ''],
        ['Comment', "It's described", ''],
        ['Provider', 'iceberg', ''],
      ]);
      expect((await facts('seen')).at(-1)).toEqual(['Comment', 'A view', '']);
    }, 240_000);

    it('Delta: tables replaced, merge, delete+insert, batches, versions of a snapshot', async ({ skip }) => {
      if (!spark.delta) skip('no Delta here');
      const made = project(
        'delta',
        {
          ...VERSIONED,
          'models/merged.sql': `{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id') }} select * from {{ ref('events') }}`,
          'models/replaced.sql': `{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='id') }} select * from {{ ref('events') }}`,
        },
        { file_format: 'delta' },
      );
      const schema = `delta_${suffix}`;
      expect(await failures(made, 'build', days(1, 3))).toEqual([]);
      expect(await failures(made, 'build', days(2, 3, { word: "'zwei'" }))).toEqual([]);
      for (const name of ['events', 'merged', 'replaced', 'batches'])
        expect(await made.query(`select id, word from ${schema}.${name} order by id`), name).toEqual([
          [1, 'one'],
          [2, 'zwei'],
        ]);
      expect(
        await made.query(`select id, word, dbt_valid_to is null from ${schema}.versions order by id, word`),
      ).toEqual([
        [1, 'one', true],
        [2, 'two', false],
        [2, 'zwei', true],
      ]);
      const [[provider] = []] = (await made.query(`describe table extended ${schema}.events`))
        .filter(([key]) => key === 'Provider')
        .map(([, value]) => [value]);
      expect(provider).toBe('delta');
    }, 400_000);

    it('plain files: batches overwrite their partitions; what needs MERGE or a transaction is told before', async () => {
      const made = project('files', {
        ...VERSIONED,
        'models/merged.sql': `{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', enabled=var('more', false)) }} select 1 as id`,
      });
      const schema = `files_${suffix}`;
      const told = await failures(made, 'build', days(1, 3));
      expect(told).toHaveLength(1);
      expect(told[0]).toContain(
        "Invalid file format: parquet. A snapshot needs file_format 'iceberg' or 'delta': plain files know no MERGE.",
      );
      expect(
        await failures(made, 'run', { ...days(2, 3, { word: "'zwei'" }), select: ['events', 'batches'] }),
      ).toEqual([]);
      expect(await made.query(`select id, word, day from ${schema}.batches order by id`)).toEqual([
        [1, 'one', '2018-11-01'],
        [2, 'zwei', '2018-11-02'],
      ]);
    }, 120_000);
  },
);
