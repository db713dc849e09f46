/** A real Spark, started by the tests; skipped, with the reason, where there is none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInvocation } from '../../invocation.ts';
import { relation } from '../../manifest/relation.ts';
import { type AdapterUnderTest, describeAdapter } from '../../testing/contract-suite.ts';
import { sparkMissing, startSpark, type TestSpark } from '../../testing/spark.ts';
import type { Driver } from '../contract.ts';
import { adapter } from './index.ts';

const missing = sparkMissing();
const invocation = createInvocation({ cwd: '/', env: {} });
const context = { projectDir: '/', projectName: 'shop', profileName: 'shop', targetName: 'dev', invocation };
const owner = { name: 'model.shop.test' };

let spark: TestSpark;
/** A server that is kept from one run to the next has no schema of that name yet. */
const run = Date.now().toString(36);
const output = (catalog: string, schema: string) => ({
  type: 'spark',
  host: spark.host,
  port: spark.port,
  catalog,
  schema,
  threads: 2,
});

async function open(catalog = 'spark_catalog'): Promise<Driver> {
  const settings = adapter.settings(output(catalog, 'contract'), context);
  return adapter.open(settings, { invocation, projectDir: '/', threads: 2, readOnly: false });
}

const NO_TRANSACTIONS = 'Spark has no transactions';

/** The suite in one catalog of the server; `exceptions` beside those of every catalog. */
function suite(catalog: string, exceptions: Record<string, string>): Omit<AdapterUnderTest, 'types'> {
  const schema = `contract_${run}`;
  return {
    dialect: adapter.dialect,
    open: async () => {
      const driver = await open(catalog);
      await driver.batch([`create schema ${catalog}.${schema}`], owner);
      return driver;
    },
    relation: (name) => relation(catalog, schema, name, { quoteChar: '`' }),
    endlessQuery: 'select count(*) from range(100000000000) where sin(id) = 2',
    failingQuery: (table) => `select cast('x' || a as int) from ${table}`,
    commentSql: (table, ofTable, ofColumn) => [
      `comment on table ${table} is ${adapter.dialect.literal(ofTable)}`,
      `alter table ${table} alter column a comment ${adapter.dialect.literal(ofColumn)}`,
    ],
    exceptions: {
      'counts the rows of a table made by a query, of inserts, updates and deletes':
        'Spark does not tell counts',
      'keeps nothing of a batch in which one statement fails': NO_TRANSACTIONS,
      'rolls back what a session leaves open': NO_TRANSACTIONS,
      'refuses to commit what the engine has given up': NO_TRANSACTIONS,
      'shows readers the old table or the new one, whole, while a swap is under way': NO_TRANSACTIONS,
      ...exceptions,
    },
    projects: () => ({
      output: (name) => output(catalog, name),
      // a union has a task for each of its branches
      rows: 20,
      qualified: (name) => `${catalog}.${name}`,
    }),
  };
}

describe.skipIf(missing !== undefined)(
  `Spark${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(async () => {
      spark = await startSpark();
    }, 300_000);
    afterAll(() => spark?.stop(), 60_000);

    describeAdapter('spark, plain files in its own catalog', {
      ...suite('spark_catalog', {
        'shows readers the old table or the new one, whole, from one run to the next':
          'a table of plain files is not there for a moment while it is replaced',
        'quotes names that need it: reserved words, capitals, blanks, quotes':
          'its incremental model deletes rows, which plain files do not know',
      }),
      plainNames: true,
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

    describeAdapter('spark, Iceberg', { ...suite('ice', {}), types: [] });

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
  },
);
