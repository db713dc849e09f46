/** A real Spark, started by the tests; skipped, with the reason, where there is none. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInvocation } from '../../invocation.ts';
import { relation } from '../../manifest/relation.ts';
import { CliProject } from '../../testing/cli-project.ts';
import { describeAdapter } from '../../testing/contract-suite.ts';
import { TestProject } from '../../testing/run-project.ts';
import { sparkMissing, startSpark, type TestSpark } from '../../testing/spark.ts';
import type { Driver, Value } from '../contract.ts';
import { adapter } from './index.ts';

const missing = sparkMissing();
const invocation = createInvocation({ cwd: '/', env: {} });
const context = { projectDir: '/', projectName: 'shop', profileName: 'shop', targetName: 'dev', invocation };
const owner = { name: 'model.shop.test' };

let spark: TestSpark;
const output = (more: Record<string, unknown> = {}) => ({
  type: 'spark',
  host: spark.host,
  port: spark.port,
  schema: 'contract',
  threads: 2,
  ...more,
});

async function open(more: Record<string, unknown> = {}): Promise<Driver> {
  const settings = adapter.settings(output(more), context);
  return adapter.open(settings, { invocation, projectDir: '/', threads: 2, readOnly: false });
}

const NO_TRANSACTIONS = 'Spark has no transactions';

describe.skipIf(missing !== undefined)(
  `Spark${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(async () => {
      spark = await startSpark();
      // a server that is kept from one run to the next begins anew, too
      const driver = await open();
      const schemas = ['plain', 'kept', 'listed', 'sparkify'];
      await driver.batch(
        schemas.map((schema) => `drop schema if exists ${schema} cascade`),
        owner,
      );
      await driver.close();
    }, 300_000);
    afterAll(() => spark?.stop(), 60_000);

    describeAdapter('spark', {
      dialect: adapter.dialect,
      open: async () => {
        const driver = await open();
        await driver.batch(['drop schema if exists contract cascade', 'create schema contract'], owner);
        return driver;
      },
      relation: (name) => relation('spark_catalog', 'contract', name, { quoteChar: '`' }),
      foldsNames: true,
      endlessQuery: 'select count(*) from range(100000000000) where sin(id) = 2',
      failingQuery: (table) => `select cast('x' || a as int) from ${table}`,
      exceptions: {
        'counts the rows of a table made by a query, of inserts, updates and deletes':
          'Spark does not tell counts',
        'names what it created when there are no rows to count': 'Spark does not tell what it did',
        'keeps nothing of a batch in which one statement fails': NO_TRANSACTIONS,
        'rolls back what a session leaves open': NO_TRANSACTIONS,
        'refuses to commit what the engine has given up': NO_TRANSACTIONS,
        'shows readers the old table or the new one, whole, while a swap is under way': NO_TRANSACTIONS,
        'lists tables and views of the schemas asked for':
          'names are letters, digits and _ in its own catalog',
        'tells the columns of a table in order, of a view too, and says when there is none':
          'names are letters, digits and _ in its own catalog',
        "carry the engine's sentence without drawings":
          'Spark takes FROM and WHERE for names where they can be ones',
        'cancels what runs, and works on afterwards':
          'an interrupt that comes before the job of a statement has begun is forgotten, and the job runs on',
        'has tables and views of a schema with columns in order and comments, in one query':
          'comments of columns are changed by ALTER TABLE',
      },
      types: [
        { type: 'boolean', kind: 'boolean', values: [['true', true]] },
        { type: 'tinyint', kind: 'integer', values: [['-128', -128]] },
        { type: 'smallint', kind: 'integer', values: [['-32768', -32768]] },
        { type: 'int', kind: 'integer', values: [['-2147483648', -2147483648]] },
        {
          type: 'bigint',
          kind: 'integer',
          values: [
            ['9223372036854775807', 9223372036854775807n],
            ['7', 7],
          ],
        },
        {
          type: 'decimal(38,2)',
          kind: 'decimal',
          values: [
            ['123456789012345678901234567890123456.78', '123456789012345678901234567890123456.78'],
            ['-0.05', '-0.05'],
          ],
        },
        { type: 'float', kind: 'float', values: [['0.1', 0.1]] },
        { type: 'double', kind: 'float', values: [['0.1', 0.1]] },
        {
          type: 'string',
          kind: 'text',
          values: [
            ["'é😀'", 'é😀'],
            ["''", ''],
          ],
        },
        {
          type: 'date',
          kind: 'date',
          values: [
            ["'2018-11-01'", '2018-11-01'],
            ["'1900-02-28'", '1900-02-28'],
          ],
        },
        {
          type: 'timestamp',
          kind: 'timestamp',
          values: [
            ["'2018-11-01 21:01:46.796123'", '2018-11-01 21:01:46.796123'],
            ["'1969-12-31 23:59:59.5'", '1969-12-31 23:59:59.5'],
          ],
        },
        {
          type: 'timestamp_ntz',
          kind: 'timestamp',
          values: [["'2018-11-01 21:01:46'", '2018-11-01 21:01:46']],
        },
      ],
    });

    describe('the catalogue', () => {
      it('lists tables and views, tells columns and partitions once, and what is missing', async () => {
        const driver = await open();
        const rows = (sql: string) =>
          driver.session(owner, async (session) => (await session.query(sql)).rows);
        try {
          await driver.batch(
            [
              'create schema if not exists listed',
              'create or replace view listed.v as select 1 as a',
              'drop table if exists listed.t',
              "create table listed.t (a int comment 'it', b string) using parquet partitioned by (b)",
            ],
            owner,
          );
          const { dialect } = adapter;
          expect(await rows(dialect.listRelationsSql('spark_catalog', ['listed', 'nowhere']))).toEqual([
            ['spark_catalog', 'listed', 't', 'table'],
            ['spark_catalog', 'listed', 'v', 'view'],
          ]);
          const t = relation('spark_catalog', 'listed', 't', { quoteChar: '`' });
          expect(await rows(dialect.columnsSql(t))).toEqual([
            ['a', 'int'],
            ['b', 'string'],
          ]);
          const gone = await rows(dialect.columnsSql({ ...t, identifier: 'gone' })).catch(
            (error: unknown) => error,
          );
          expect(dialect.readError(gone)).toMatchObject({
            missing: true,
            missingName: 'gone',
            code: '42P01',
          });
          expect(
            (await rows(dialect.catalogSql('spark_catalog', 'listed', ['T']))).map((row) => row.slice(2)),
          ).toEqual([
            ['t', 'BASE TABLE', null, null, null, null, 'a', 1, 'int', 'it'],
            ['t', 'BASE TABLE', null, null, null, null, 'b', 2, 'string', null],
          ]);
        } finally {
          await driver.close();
        }
      });
    });

    describe('whole projects', () => {
      const projects: TestProject[] = [];
      afterAll(() => {
        for (const made of projects) made.remove();
      });
      function project(
        schema: string,
        files: Record<string, string>,
        more: Record<string, unknown> = {},
      ): TestProject {
        const profile = { shop: { target: 'it', outputs: { it: output({ schema, ...more }) } } };
        const made = new TestProject({
          'dbt_project.yml': 'name: shop\nprofile: shop\n',
          'profiles.yml': JSON.stringify(profile),
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
        const statuses = ['seed.shop.s', 'model.shop.i', 'model.shop.v', 'model.shop.t', 'model.shop.x'];
        for (const round of [1, 2]) {
          const { outcome } = await made.run('build', { vars: { word: round === 1 ? "'old'" : "'new'" } });
          expect(
            outcome.results
              .map(({ unique_id, status, message }) => (status === 'success' ? unique_id : message))
              .sort(),
          ).toEqual([...statuses].sort());
        }
        expect(await made.query('select id, name, day from plain.v order by id')).toEqual([
          [1, 'one', '2018-11-01'],
          [2, null, '2018-11-02'],
        ]);
        expect(await made.query('select distinct word from plain.t')).toEqual([['new']]);
        expect(await made.query('select p, n, count(*) from plain.i group by 1, 2 order by 1')).toEqual([
          [0, 1, 3],
          [1, 2, 3],
          [2, 1, 3],
        ]);
        expect(readdirSync(join(spark.folder, 'lake')).filter((name) => name.startsWith('day='))).toEqual([
          'day=2018-11-01',
          'day=2018-11-02',
        ]);
        expect(await made.query('select id, day from plain.x order by id')).toEqual([
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
        expect(await made.query('select a from kept.t')).toEqual([[1]]);
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
        const found = (name: string) => made.query(`select id, word from ice.lake.\`${name}\` order by 1, 2`);
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
        expect(await made.query('select id from ice.lake.e order by 1')).toEqual([[1], [2]]);
      });
    });

    const DATA = join(import.meta.dirname, '../../../../shared/sparkify');
    describe.runIf(existsSync(DATA))('the sample on the real data', () => {
      it('has the answers of the other engines', async () => {
        const expected = JSON.parse(readFileSync(join(DATA, 'expected.json'), 'utf8'));
        const project = CliProject.sample();
        try {
          project.write({
            'profiles.yml': JSON.stringify({
              sparkify: { target: 'spark', outputs: { spark: output({ schema: 'sparkify', threads: 4 }) } },
            }),
          });
          const vars = JSON.stringify({ data: DATA });
          const built = await project.sq(['build', '--target', 'spark', '--vars', vars]);
          expect(built.code, `${built.stdout}${built.stderr}`).toBe(0);
          const driver = await open();
          const rows = (sql: string) =>
            driver.session(owner, async (session) => (await session.query(sql)).rows);
          try {
            const counts = [
              'staging_events',
              'staging_songs',
              'songplays',
              'users',
              'songs',
              'artists',
              'time',
            ];
            const found = await Promise.all(
              counts.map(async (name) => [
                name,
                (await rows(`select count(*) from sparkify.${name}`))[0]?.[0],
              ]),
            );
            expect(Object.fromEntries(found)).toEqual({
              staging_events: 8056,
              staging_songs: 14896,
              songplays: 6820,
              users: 97,
              songs: 14896,
              artists: 9553,
              time: 6813,
            });
            expect(await rows('select count(*) from sparkify.songplays where song_id is not null')).toEqual([
              [319],
            ]);
            expect(await rows('select level, count(*) from sparkify.users group by 1 order by 1')).toEqual([
              ['free', 75],
              ['paid', 22],
            ]);
            expect(
              (
                await rows(
                  'select cast(sum(cast(duration as decimal(18,5))) as decimal(18,5)) from sparkify.songs',
                )
              )[0]?.[0],
            ).toBe(expected.songs.full.sum_duration);
            const first = await rows(
              'select start_time, hour, day, week, month, year, weekday from sparkify.time order by start_time limit 1',
            );
            expect(first).toEqual([expected.time.first_row]);
          } finally {
            await driver.close();
          }
        } finally {
          project.remove();
        }
      });
    });
  },
);
