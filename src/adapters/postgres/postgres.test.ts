/** PostgreSQL as an adapter: the shared suite, and what is its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqError } from '../../errors.ts';
import type { SqEvent } from '../../events.ts';
import { createInvocation } from '../../invocation.ts';
import { relation } from '../../manifest/relation.ts';
import { describeAdapter } from '../../testing/contract-suite.ts';
import { createTestDatabase, hasPostgres, type TestDatabase } from '../../testing/postgres.ts';
import type { Driver } from '../contract.ts';
import { adapter } from './index.ts';

const events: SqEvent[] = [];
const invocation = createInvocation({ cwd: '/tmp', env: {}, emit: (event) => events.push(event) });
const context = {
  projectDir: '/tmp',
  projectName: 'shop',
  profileName: 'shop',
  targetName: 'pg',
  invocation,
};
let database: TestDatabase | undefined;

const profile = () => ({
  type: 'postgres',
  host: database?.host,
  port: database?.port,
  user: database?.user,
  password: database?.password,
  dbname: database?.database,
  schema: 'public',
});

function open(output: Record<string, unknown> = {}): Promise<Driver> {
  const settings = adapter.settings({ ...profile(), ...output }, context);
  return adapter.open(settings, { invocation, projectDir: '/tmp', threads: 2, readOnly: false });
}

const owner = { name: 'model.shop.test' };
const rows = (driver: Driver, sql: string) =>
  driver.session(owner, async (session) => (await session.query(sql)).rows);
const textOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: SqError) =>
      error.text
        .replaceAll(String(database?.port), '<port>')
        .replaceAll(database?.database ?? '', '<database>'),
  );

describe.runIf(hasPostgres())('on a real server', () => {
  beforeAll(async () => {
    database = await createTestDatabase('adapter');
  });
  afterAll(() => database?.drop());

  describeAdapter('postgres', {
    dialect: adapter.dialect,
    open: () => open(),
    relation: (name) => relation(database?.database ?? null, 'public', name),
    endlessQuery: 'select pg_sleep(100)',
    readersWait: true,
    projects: () => ({
      output: (schema) => ({ ...profile(), schema }),
      grants: {
        make: async () => {
          const driver = await open();
          // roles belong to the whole cluster, where another test may have made them
          for (const role of ['reader_one', 'reader_two'])
            await driver.batch(
              [
                `do $$ begin create role ${role}; exception when duplicate_object or unique_violation then null; end $$`,
              ],
              owner,
            );
          await driver.close();
          return ['reader_one', 'reader_two'];
        },
        readersSql: (schema, name) =>
          `select grantee from information_schema.role_table_grants where table_schema = '${schema}' and table_name = '${name}' and privilege_type = 'SELECT' and grantee <> current_user order by 1`,
      },
    }),
    failingQuery: (table) => `select cast('x' || a as integer) from ${table}`,
    types: [
      {
        type: 'boolean',
        kind: 'boolean',
        values: [
          ['true', true],
          ['false', false],
        ],
      },
      { type: 'smallint', kind: 'integer', values: [['-32768', -32768]] },
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
          ['9007199254740992', 9007199254740992n],
          ["'-9223372036854775808'", -9223372036854775808n],
        ],
      },
      {
        type: 'real',
        kind: 'float',
        values: [
          ['0.1', 0.1],
          ["'inf'", Number.POSITIVE_INFINITY],
        ],
      },
      {
        type: 'double precision',
        kind: 'float',
        values: [
          ['0.1', 0.1],
          ['1e308', 1e308],
          ["'nan'", Number.NaN],
        ],
      },
      { type: 'numeric(10,2)', kind: 'decimal', values: [['-0.5', '-0.50']] },
      {
        type: 'numeric(38,10)',
        kind: 'decimal',
        values: [["'-1234567890123456789012345678.0123456789'", '-1234567890123456789012345678.0123456789']],
      },
      {
        type: 'numeric',
        kind: 'decimal',
        values: [
          ["'0.1234567890123456789012345678901234567890'", '0.1234567890123456789012345678901234567890'],
        ],
      },
      {
        type: 'text',
        kind: 'text',
        values: [
          ["''", ''],
          ["'Zoë said: it''s 🎵 music'", "Zoë said: it's 🎵 music"],
        ],
      },
      { type: 'character varying(5)', kind: 'text', values: [["'abc'", 'abc']] },
      { type: 'character(3)', kind: 'text', values: [["'a'", 'a  ']] },
      { type: 'json', kind: 'text', values: [[`'{"a": [1, null]}'`, '{"a": [1, null]}']] },
      { type: 'jsonb', kind: 'text', values: [[`'{"a":[1,null]}'`, '{"a": [1, null]}']] },
      {
        type: 'uuid',
        kind: 'text',
        values: [["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
      },
      {
        type: 'date',
        kind: 'date',
        values: [
          ["'2018-11-30'", '2018-11-30'],
          ["'0044-03-15 BC'", '0044-03-15 BC'],
        ],
      },
      { type: 'time', kind: 'time', values: [["'23:59:59.999999'", '23:59:59.999999']] },
      {
        type: 'timestamp',
        kind: 'timestamp',
        values: [
          ["'2018-11-30 23:59:59.123456'", '2018-11-30 23:59:59.123456'],
          ["'infinity'", 'infinity'],
        ],
      },
      {
        type: 'timestamptz',
        kind: 'timestamp',
        values: [["'2018-11-30 23:59:59.000001+02'", '2018-11-30 21:59:59.000001+00']],
      },
      { type: 'interval', kind: 'other', values: [["'1 day 2 hours'", '1 day 02:00:00']] },
      { type: 'bytea', kind: 'other', values: [[`'\\x00ff'`, '\\x00ff']] },
      { type: 'integer[]', kind: 'other', values: [["'{1,NULL}'", '{1,NULL}']] },
      { type: 'point', kind: 'other', values: [["'(1,2)'", '(1,2)']] },
    ],
  });

  describe('connecting', () => {
    it.each<[string, () => Record<string, unknown>, string]>([
      [
        'a wrong password',
        () => ({ password: 'nope' }),
        `Database Error
  PostgreSQL at 127.0.0.1:<port> refused the password of user sq: password authentication failed for user "sq"
  hint: look at \`user\` and \`password\` of this target; with \`"{{ env_var('...') }}"\` at the variable as well`,
      ],
      [
        'no such database',
        () => ({ dbname: 'no_such' }),
        `Database Error
  PostgreSQL at 127.0.0.1:<port> has no database no_such: database "no_such" does not exist
  hint: look at \`dbname\` of this target (names are case-sensitive), or create it: create database`,
      ],
      [
        'TLS that the server does not speak',
        () => ({ sslmode: 'require' }),
        `Database Error
  PostgreSQL at 127.0.0.1:<port> does not speak TLS: The server does not support SSL connections
  hint: \`sslmode\` of this target asks for TLS; \`sslmode: disable\` connects without`,
      ],
      [
        'a role that is not there',
        () => ({ role: 'nobody_at_all' }),
        `Database Error
  The profile's role or search_path could not be set: role "nobody_at_all" does not exist
  hint: look at \`role\` and \`search_path\` of this target; the user must be a member of the role`,
      ],
      [
        'a port where nothing listens',
        () => ({ port: 1, retries: 0 }),
        `Database Error
  Nothing listens at 127.0.0.1:1 (PostgreSQL): connect ECONNREFUSED 127.0.0.1:1
  hint: is the server running, are \`host\` and \`port\` right, does it listen on that address (listen_addresses)?`,
      ],
    ])('%s', async (_, output, text) => {
      expect(await textOf(open(output()))).toBe(text);
    });

    it('says that a host is not known', async () => {
      expect(await textOf(open({ host: 'no-such-host.invalid', retries: 0 }))).toMatch(
        /^Database Error\n {2}The host no-such-host\.invalid of PostgreSQL is not known: /,
      );
    });

    it('sets role and search_path on every connection', async () => {
      const driver = await open({ role: 'pg_read_all_data', search_path: 'pg_catalog, public' });
      try {
        expect(await rows(driver, "select current_user, current_setting('search_path')")).toEqual([
          ['pg_read_all_data', 'pg_catalog, public'],
        ]);
      } finally {
        await driver.close();
      }
    });

    it('tells a connection that was ended from a statement that failed, and opens another one', async () => {
      const driver = await open();
      try {
        const ended = driver.session(owner, async (session) => {
          const pid = (await session.query('select pg_backend_pid()')).rows[0]?.[0];
          await rows(driver, `select pg_terminate_backend(${pid})`);
          await session.query('select 1');
        });
        expect(await textOf(ended)).toMatch(/The connection to the server was lost: /);
        expect(await rows(driver, 'select 1')).toEqual([[1]]);
      } finally {
        await driver.close();
      }
    });
  });
});
