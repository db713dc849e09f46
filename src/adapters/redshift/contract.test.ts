/** The shared adapter suite on Redshift's double, once by the wire and once by the Data API. */
import { afterAll, beforeAll, describe } from 'vitest';
import { createInvocation } from '../../invocation.ts';
import { relation } from '../../manifest/relation.ts';
import { describeAdapter, type TypeCase } from '../../testing/contract-suite.ts';
import { hasPostgres } from '../../testing/postgres.ts';
import { type RedshiftDouble, startRedshiftDouble } from '../../testing/redshift/double.ts';
import type { Driver } from '../contract.ts';
import { adapter } from './index.ts';

const TYPES: readonly TypeCase[] = [
  {
    type: 'boolean',
    kind: 'boolean',
    values: [
      ['true', true],
      ['false', false],
    ],
  },
  {
    type: 'smallint',
    kind: 'integer',
    values: [
      ['-32768', -32768],
      ['32767', 32767],
    ],
  },
  {
    type: 'integer',
    kind: 'integer',
    values: [
      ['-2147483648', -2147483648],
      ['2147483647', 2147483647],
    ],
  },
  {
    type: 'bigint',
    kind: 'integer',
    values: [
      ['9007199254740991', 9007199254740991],
      ['9007199254740993', 9007199254740993n],
      ["'-9223372036854775808'", -9223372036854775808n],
      ['9223372036854775807', 9223372036854775807n],
    ],
  },
  {
    type: 'real',
    kind: 'float',
    values: [
      ['0.5', 0.5],
      ["'-3.4e38'", -3.4e38],
    ],
  },
  {
    type: 'double precision',
    kind: 'float',
    values: [
      ['0.1', 0.1],
      ['1e308', 1e308],
      ["'nan'", Number.NaN],
      ["'-infinity'", Number.NEGATIVE_INFINITY],
    ],
  },
  { type: 'decimal(10,2)', kind: 'decimal', values: [['-0.5', '-0.50']] },
  {
    type: 'decimal(38,9)',
    kind: 'decimal',
    values: [["'-12345678901234567890123456789.123456789'", '-12345678901234567890123456789.123456789']],
  },
  { type: 'char(3)', kind: 'text', values: [["'a'", 'a  ']] },
  {
    type: 'varchar(40)',
    kind: 'text',
    values: [
      ["''", ''],
      ["'é😀 it''s \\\\ back'", "é😀 it's \\ back"],
    ],
  },
  { type: 'varchar(max)', kind: 'text', values: [["repeat('ü', 20000)", 'ü'.repeat(20_000)]] },
  {
    type: 'date',
    kind: 'date',
    values: [
      ["'0001-01-01'", '0001-01-01'],
      ["'9999-12-31'", '9999-12-31'],
    ],
  },
  {
    type: 'timestamp',
    kind: 'timestamp',
    values: [
      ["'2018-11-01 21:01:46.796123'", '2018-11-01 21:01:46.796123'],
      ["'0001-01-01 00:00:00.000001'", '0001-01-01 00:00:00.000001'],
    ],
  },
  {
    type: 'timestamptz',
    kind: 'timestamp',
    values: [["'2018-11-30 23:59:59.000001+02'", '2018-11-30 21:59:59.000001+00']],
  },
  { type: 'time', kind: 'time', values: [["'23:59:59.999999'", '23:59:59.999999']] },
  { type: 'timetz', kind: 'time', values: [["'23:59:59.999999+01'", '23:59:59.999999+01']] },
  { type: 'super', kind: 'text', values: [[`json_parse('{"a": [1, null]}')`, '{"a":[1,null]}']] },
];

const invocation = createInvocation({ cwd: '/tmp', env: {} });
const context = {
  projectDir: '/tmp',
  projectName: 'shop',
  profileName: 'shop',
  targetName: 'prod',
  invocation,
};
const owner = { name: 'model.shop.test' };

/** Where the suite runs, by one driver. */
interface Place {
  /** Output of a profile that builds into a schema. */
  output(schema: string): Record<string, unknown>;
  database: string;
  /** A schema that stands there. */
  schema: string;
  /** Makes a user that may log in. */
  addUser(name: string, password: string): Promise<void>;
}

function register(title: string, way: 'wire' | 'data_api', place: () => Place): void {
  const open = (): Promise<Driver> =>
    adapter.open(adapter.settings(place().output(place().schema), context), {
      invocation,
      projectDir: '/tmp',
      threads: 2,
      readOnly: false,
    });
  describeAdapter(title, {
    dialect: adapter.dialect,
    open,
    relation: (name) => relation(place().database, place().schema, name),
    endlessQuery:
      'with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000000000) select count(*) from n',
    foldsNames: true,
    tellsNoPlaces: true,
    readersWait: true,
    failingQuery: (table) => `select cast('x' || a as integer) from ${table}`,
    types: TYPES,
    projects: () => ({
      output: (schema) => place().output(schema),
      grants: {
        make: async () => {
          const reader = `sq_reader_${way}`;
          await place().addUser(reader, 'Secret-1');
          const driver = await open();
          await driver.batch([`create group readers_${way}`], owner);
          await driver.close();
          return [reader, `group:readers_${way}`];
        },
        readersSql: (schema, name) =>
          `select case identity_type when 'group' then 'group:' || identity_name else identity_name end from svv_relation_privileges where namespace_name = '${schema}' and relation_name = '${name}' and privilege_type = 'SELECT' and identity_name <> current_user order by 1`,
      },
    }),
  });
}

describe.runIf(hasPostgres()).each(['wire', 'data_api'] as const)('Redshift by %s', (way) => {
  let double: RedshiftDouble;
  beforeAll(async () => {
    double = await startRedshiftDouble();
  });
  afterAll(() => double?.stop());

  register(`redshift (${way})`, way, () => ({
    database: 'dev',
    schema: 'public',
    addUser: (name, password) => double.addUser({ name, password, superuser: false }),
    output: (schema) => ({
      type: 'redshift',
      driver: way,
      dbname: double.database,
      user: double.user,
      schema,
      ...(way === 'wire'
        ? { ...double.wire, password: double.password, sslmode: 'disable' }
        : {
            cluster_id: double.clusterId,
            region: double.region,
            access_key_id: 'AKIATEST',
            secret_access_key: 'secret',
            endpoints: { redshift_data: double.dataApi.endpoint },
          }),
    }),
  }));
});

/**
 * The same on a real cluster, when the environment names one (docs/redshift.md): by the wire with
 * SQ_TEST_REDSHIFT_URL=redshift://user:password@host:5439/database, by the Data API with
 * SQ_TEST_REDSHIFT_WORKGROUP=name (and SQ_TEST_REDSHIFT_DATABASE, default dev) and the AWS SDK's own credentials.
 * The user must be allowed to create schemas, users and groups.
 */
const { SQ_TEST_REDSHIFT_URL, SQ_TEST_REDSHIFT_WORKGROUP, SQ_TEST_REDSHIFT_DATABASE = 'dev' } = process.env;
const CLUSTER = {
  wire: SQ_TEST_REDSHIFT_URL === undefined ? undefined : connectionOf(new URL(SQ_TEST_REDSHIFT_URL)),
  data_api:
    SQ_TEST_REDSHIFT_WORKGROUP === undefined
      ? undefined
      : { serverless_work_group: SQ_TEST_REDSHIFT_WORKGROUP, dbname: SQ_TEST_REDSHIFT_DATABASE },
};

function connectionOf({ hostname, port, username, password, pathname }: URL) {
  return {
    host: hostname,
    port: Number(port || 5439),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    dbname: pathname.slice(1),
  };
}

for (const way of ['wire', 'data_api'] as const) {
  const connection = CLUSTER[way];
  describe.runIf(connection !== undefined)(`a real cluster by ${way}`, () => {
    const prefix = `sq_test_${process.pid}`;
    const output = (schema: string) => ({ type: 'redshift', driver: way, ...connection, schema });
    const run = async (...statements: string[]) => {
      const settings = adapter.settings(output('public'), context);
      const driver = await adapter.open(settings, {
        invocation,
        projectDir: '/tmp',
        threads: 1,
        readOnly: false,
      });
      for (const statement of statements) await driver.batch([statement], owner);
      await driver.close();
    };
    const made = new Set([prefix]);
    beforeAll(() => run(`create schema ${prefix}`));
    afterAll(async () => {
      await run(...[...made].map((schema) => `drop schema if exists ${schema} cascade`));
      await run(`drop group readers_${way}`, `drop user sq_reader_${way}`);
    });
    register(`redshift (${way}, cluster)`, way, () => ({
      database: connection?.dbname ?? '',
      schema: prefix,
      addUser: (name, password) => run(`create user ${name} password '${password}'`),
      output: (schema) => {
        made.add(schema);
        return output(schema);
      },
    }));
  });
}
