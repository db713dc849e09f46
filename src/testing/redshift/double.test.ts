/** The double, asked by a real client: its dialect, its refusals, its views. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres } from '../postgres.ts';
import { type RedshiftDouble, startRedshiftDouble } from './double.ts';
import { selfSigned } from './self-signed.ts';

describe.runIf(hasPostgres())('the Redshift double', () => {
  let double: RedshiftDouble;
  const clients: pg.Client[] = [];

  beforeAll(async () => {
    double = await startRedshiftDouble({ users: [{ name: 'reader', password: 'r', superuser: false }] });
    await query('create schema mart');
  });
  afterAll(async () => {
    for (const client of clients) await client.end();
    await double?.stop();
  });

  async function open(more: pg.ClientConfig = {}): Promise<pg.Client> {
    const { wire, database, user, password } = double;
    const client = new pg.Client({ ...wire, database, user, password, ...more });
    client.on('error', () => {});
    await client.connect();
    clients.push(client);
    return client;
  }

  let shared: pg.Client | undefined;
  async function query(sql: string, client?: pg.Client): Promise<unknown[][]> {
    shared ??= await open();
    const result = await (client ?? shared).query<unknown[]>({ text: sql, rowMode: 'array' });
    return result.rows;
  }

  async function refusal(sql: string, client?: pg.Client): Promise<string> {
    return query(sql, client).then(
      () => 'it was accepted',
      (error: Error & { code: string }) => `${error.code} ${error.message}`,
    );
  }

  describe('tables', () => {
    it('keeps distribution, sort keys and encodings as words, and enforces no key', async () => {
      await query(`CREATE TABLE IF NOT EXISTS mart.plays (play_id BIGINT IDENTITY(0,1) PRIMARY KEY, start_time TIMESTAMP NOT NULL,
        user_id INT NOT NULL REFERENCES mart.users (user_id), level VARCHAR(10) ENCODE ZSTD, agent VARCHAR(MAX), note TEXT, price DECIMAL,
        payload SUPER, UNIQUE (user_id)) BACKUP NO DISTSTYLE KEY DISTKEY (user_id) COMPOUND SORTKEY (start_time, user_id)`);
      await query(
        `insert into mart.plays (start_time, user_id, price, payload) values ('2018-11-01 00:00:00.123456', 1, 1.5, json_parse('{"b": [1, 2], "a": "x y"}')), ('2018-11-02', 1, 2.4, null)`,
      );
      expect(
        await query('select play_id, start_time::varchar, price, payload from mart.plays order by 1'),
      ).toEqual([
        ['0', '2018-11-01 00:00:00.123456', '2', '{"a":"x y","b":[1,2]}'],
        ['1', '2018-11-02 00:00:00', '2', null],
      ]);
      expect(
        await query(
          `select "column", type, encoding, distkey, sortkey, "notnull" from pg_table_def where tablename = 'plays' order by 1`,
        ),
      ).toEqual([]);
      await query('set search_path to mart, public');
      expect(
        await query(
          `select "column", type, encoding, distkey, sortkey, "notnull" from pg_table_def where tablename = 'plays' order by 1`,
        ),
      ).toEqual([
        ['agent', 'character varying(65535)', 'none', false, 0, false],
        ['level', 'character varying(10)', 'zstd', false, 0, false],
        ['note', 'character varying(256)', 'none', false, 0, false],
        ['payload', 'super', 'none', false, 0, false],
        ['play_id', 'bigint', 'none', false, 0, true],
        ['price', 'numeric(18,0)', 'none', false, 0, false],
        ['start_time', 'timestamp without time zone', 'none', false, 1, true],
        ['user_id', 'integer', 'none', true, 2, true],
      ]);
      await query('reset search_path');
      expect(
        await query(`select diststyle, sortkey1, sortkey_num from svv_table_info where "table" = 'plays'`),
      ).toEqual([['KEY(user_id)', 'start_time', 2]]);
    });

    it('makes tables from queries with attributes, and refuses keys that are no columns', async () => {
      await query(
        'create table "dev"."mart"."fct__tmp" diststyle key distkey ("user_id") compound sortkey(user_id) as (select user_id, level from mart.plays)',
      );
      expect(await query(`select diststyle from svv_table_info where "table" = 'fct__tmp'`)).toEqual([
        ['KEY(user_id)'],
      ]);
      expect(await refusal('create table mart.t diststyle key distkey (nothing) as select 1 as a')).toBe(
        '42703 column "nothing" named in key does not exist',
      );
      expect(await refusal('select * from mart.t')).toBe('42P01 relation "mart.t" does not exist');
    });

    it('has temporary tables by a sign, seen by their session only', async () => {
      const other = await open();
      await query('create table #stage (like mart.plays)', other);
      expect(await query('select count(*) from #stage', other)).toEqual([['0']]);
      expect(await refusal('select count(*) from #stage')).toBe('42P01 relation "#stage" does not exist');
    });

    it('folds names to lower case even in quotes, and cuts them at 127 bytes', async () => {
      await query('create table mart."MixedCase" ("SomeColumn" int)');
      expect(
        await query(`select column_name from svv_redshift_columns where table_name = 'mixedcase'`),
      ).toEqual([['somecolumn']]);
      const name = 'n'.repeat(130);
      await query(`create table mart.${name} (${'c'.repeat(100)} int)`);
      expect(
        await query(`select table_name, column_name from svv_redshift_columns where table_name like 'nnn%'`),
      ).toEqual([['n'.repeat(127), 'c'.repeat(100)]]);
      const result = await shared?.query(`select * from mart.${'n'.repeat(127)}`);
      expect(result?.fields.map((field) => field.name)).toEqual(['c'.repeat(100)]);
      expect(
        await query(`select relname from pg_catalog.pg_class where relname = '${'n'.repeat(127)}'`),
      ).toEqual([['n'.repeat(127)]]);
    });

    it.each([
      ['create table mart.x (a jsonb)', '0A000 Column "a" has unsupported type "jsonb".'],
      ['create index i on mart.plays (user_id)', '42601 syntax error at or near "index"'],
      [
        'insert into mart.plays (user_id) values (1) on conflict do nothing',
        '42601 syntax error at or near "conflict"',
      ],
      ['select distinct on (user_id) * from mart.plays', '42601 syntax error at or near "on"'],
      ["select string_agg(level, ',') from mart.plays", '42883 function string_agg(unknown) does not exist'],
      ['savepoint a', '0A000 SQL command "savepoint a" not supported.'],
      ['select * from (values (1)) v', '42601 syntax error at or near "values"'],
      ['select 1 where 1 is distinct from 2', '42601 syntax error at or near "distinct"'],
      ['alter table mart.plays add column a int, add column b int', '42601 syntax error at or near ","'],
      ['alter table if exists mart.plays add column a int', '42601 syntax error at or near "if"'],
      ['create table if not exists mart.x as select 1 as a', '42601 syntax error at or near "as"'],
      ['set lock_timeout = 1', '42704 unrecognized configuration parameter "lock_timeout"'],
      ['select pg_advisory_lock(1)', '42883 function pg_advisory_lock(unknown) does not exist'],
      ['create table mart.x (a varchar(70000))', '22023 length for type varchar cannot exceed 65535'],
    ])('refuses %s', async (sql, expected) => {
      expect(await refusal(sql)).toBe(expected);
    });

    it('changes only the size of VARCHAR, outside of transactions', async () => {
      await query('create table mart.wide (a varchar(5), n int)');
      expect(await refusal('alter table mart.wide alter column n type bigint')).toBe(
        '0A000 cannot alter column "n" of relation "mart.wide", target column data type should be VARCHAR',
      );
      const client = await open();
      await query('begin', client);
      expect(await refusal('alter table mart.wide alter column a type varchar(9)', client)).toBe(
        '25001 ALTER TABLE ALTER COLUMN cannot run inside a transaction block',
      );
      await query('rollback', client);
      await query('alter table mart.wide alter column a type varchar(9)');
      await query("insert into mart.wide values ('123456789', 1)");
      expect(
        await query(
          `select data_type from svv_redshift_columns where table_name = 'wide' and column_name = 'a'`,
        ),
      ).toEqual([['character varying(9)']]);
    });
  });

  describe('transactions', () => {
    it('commits at TRUNCATE', async () => {
      const client = await open();
      await query('create table mart.cut (a int)');
      await query('begin', client);
      await query('insert into mart.cut values (1)', client);
      await query('truncate mart.cut', client);
      await query('rollback', client);
      expect(await query('select count(*) from mart.cut')).toEqual([['0']]);
    });

    it('refuses VACUUM and APPEND inside', async () => {
      const client = await open();
      await query('begin', client);
      expect(await refusal('vacuum full mart.cut to 99 percent', client)).toBe(
        '25001 VACUUM cannot run inside a transaction block',
      );
      await query('rollback', client);
      await query('vacuum full mart.cut to 99 percent', client);
      await query('create table mart.more as select 7 as a');
      await query('alter table mart.cut append from mart.more');
      expect(await query('select (select count(*) from mart.cut), (select count(*) from mart.more)')).toEqual(
        [['1', '0']],
      );
    });

    it('runs several statements of one text as one', async () => {
      expect(await refusal('insert into mart.cut values (2); insert into mart.nothing values (1)')).toContain(
        '42P01',
      );
      expect(await query('select count(*) from mart.cut where a = 2')).toEqual([['0']]);
    });
  });

  describe('views', () => {
    it('binds late: what a view reads may be dropped and made again, in another shape', async () => {
      await query('create table mart.base (a int)');
      await query('create or replace view mart.late as select * from mart.base with no schema binding');
      await query('insert into mart.base values (1)');
      expect(await query('select * from mart.late')).toEqual([[1]]);
      await query('drop table mart.base');
      expect(await refusal('select * from mart.late')).toBe('42P01 relation "mart.base" does not exist');
      await query("create table mart.base as select 'x'::varchar(3) as b, 2 as a");
      expect(await query('select * from mart.late')).toEqual([['x', 2]]);
      expect(
        await query(
          `select * from pg_get_late_binding_view_cols() cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)`,
        ),
      ).toEqual([
        ['mart', 'late', 'b', 'character varying(3)', 1],
        ['mart', 'late', 'a', 'integer', 2],
      ]);
      expect(
        await query(`select column_name from information_schema.columns where table_name = 'late'`),
      ).toEqual([]);
    });

    it('wants names with schemas in late-binding views', async () => {
      await query('create table unqualified (a int)');
      expect(await refusal('create view mart.v as select * from unqualified with no schema binding')).toBe(
        '42601 All the relation names inside should be qualified when creating views with no schema binding.',
      );
    });

    it('binds otherwise', async () => {
      await query('create view mart.bound as select * from mart.cut');
      expect(await refusal('drop table mart.cut')).toBe(
        '2BP01 cannot drop table mart.cut because other objects depend on it',
      );
      expect(await query('select a from mart.bound')).toEqual([[7]]);
    });

    it('has materialised views, which keep their name', async () => {
      await query(
        'create materialized view mart.daily backup no diststyle key distkey (a) sortkey (a) auto refresh yes as select a, count(*) as n from mart.cut group by 1',
      );
      await query('refresh materialized view mart.daily');
      expect(await query('select schema_name, name, autorefresh from svv_mv_info')).toEqual([
        ['mart', 'daily', 't'],
      ]);
      expect(await refusal('alter table mart.daily rename to weekly')).toBe(
        '0A000 RENAME is not supported on materialized views',
      );
    });
  });

  it.each([
    ["select dateadd(day, -7, '2018-11-03'::date)::varchar", '2018-10-27 00:00:00'],
    ["select datediff(hour, '2018-11-03 23:59:00'::timestamp, '2018-11-04 00:01:00'::timestamp)", '1'],
    [
      "select timestamp 'epoch' + 1541121934796/1000 * interval '1 second'",
      new Date('2018-11-02T01:25:34Z').toISOString(),
    ],
    ["select extract(ms from timestamp '2018-11-03 23:30:15.5')", 500],
    ["select nvl(null, 'a') || decode(2, 1, 'x', 2, 'y', 'z')", 'ay'],
    [
      "select listagg(a, ',') within group (order by a desc) from (select 1 as a union all select 2) s",
      '2,1',
    ],
    ["select 'it\\'s'", "it's"],
    ['select json_extract_path_text(\'{"a":{"b":"x"}}\', \'a\', \'b\')', 'x'],
    ["select len(cast(repeat('a', 300) as varchar))", 256],
    ["select convert(varchar(2), 'abc')", 'ab'],
    ['select top 1 a from (select 1 as a) s', 1],
    ["select concat('a', null)", null],
    ["select regexp_replace('a1b2', '[0-9]')", 'ab'],
    ['select current_database()', 'dev'],
  ])('answers %s', async (sql, expected) => {
    const [[value]] = (await query(sql)) as [[unknown]];
    // pg reads timestamps in its own time zone
    expect(
      value instanceof Date
        ? new Date(value.getTime() - value.getTimezoneOffset() * 60_000).toISOString()
        : value,
    ).toBe(expected);
  });

  describe('MERGE', () => {
    const on = 'merge into mart.users using mart.stage s on mart.users.id = s.id';
    beforeAll(async () => {
      await query(
        'create table mart.users (id int, level varchar(8)); create table mart.stage (id int, level varchar(8))',
      );
    });

    it('updates and inserts', async () => {
      await query(
        "insert into mart.users values (1, 'free'); insert into mart.stage values (1, 'paid'), (2, 'free')",
      );
      await query(
        `${on} when matched then update set level = s.level when not matched then insert (id, level) values (s.id, s.level)`,
      );
      expect(await query('select * from mart.users order by 1')).toEqual([
        [1, 'paid'],
        [2, 'free'],
      ]);
    });

    it.each([
      [
        'merge into mart.users u using mart.stage s on u.id = s.id when matched then delete when not matched then insert values (s.id, s.level)',
        '42601 syntax error at or near "u"',
      ],
      [
        'merge into mart.users using (select 1 as id) s on mart.users.id = s.id when matched then delete',
        '42601 syntax error at or near "("',
      ],
      [
        `${on} when matched then delete`,
        '0A000 MERGE requires exactly one WHEN MATCHED clause with UPDATE or DELETE and one WHEN NOT MATCHED clause with INSERT',
      ],
    ])('refuses %s', async (sql, expected) => {
      expect(await refusal(sql)).toBe(expected);
    });

    it('refuses two rows for one', async () => {
      await query("insert into mart.stage values (1, 'again')");
      expect(
        await refusal(
          `${on} when matched then update set level = s.level when not matched then insert (id, level) values (s.id, s.level)`,
        ),
      ).toBe('XX000 Found multiple matches to update the same tuple');
      await query("delete from mart.stage where level = 'again'");
      await query(`${on} remove duplicates`);
      expect(await query('select count(*) from mart.users')).toEqual([['2']]);
    });
  });

  describe('logging on', () => {
    it('refuses a wrong password, an unknown database, and settings it does not have', async () => {
      await expect(open({ password: 'wrong' })).rejects.toThrow(
        'password authentication failed for user "awsuser"',
      );
      await expect(open({ database: 'other' })).rejects.toThrow('database "other" does not exist');
      await expect(open({ lock_timeout: 5 })).rejects.toThrow(
        'unrecognized configuration parameter "lock_timeout"',
      );
      await expect(open({ options: '-c standard_conforming_strings=on' })).rejects.toThrow(
        'unrecognized configuration parameter "standard_conforming_strings"',
      );
    });

    it('speaks TLS where it has a certificate, and may insist on it', async () => {
      const tls = selfSigned('localhost');
      if (tls === undefined) return;
      const secure = await startRedshiftDouble({ tls, requireTls: true });
      const { wire, database, user, password } = secure;
      const about = { port: wire.port, database, user, password };
      const plain = new pg.Client({ ...about, host: '127.0.0.1' });
      await expect(plain.connect()).rejects.toThrow('no pg_hba.conf entry for host "127.0.0.1", SSL off');
      const client = new pg.Client({ ...about, host: 'localhost', ssl: { ca: tls.cert } });
      await client.connect();
      expect((await client.query('select 1 as a')).rows).toEqual([{ a: 1 }]);
      await client.end();
      const elsewhere = new pg.Client({ ...about, host: '127.0.0.1', ssl: { ca: tls.cert } });
      await expect(elsewhere.connect()).rejects.toThrow("Hostname/IP does not match certificate's altnames");
      await secure.stop();
    });

    it('keeps rights: who may read what, and who was granted', async () => {
      const reader = await open({ user: 'reader', password: 'r' });
      expect(await refusal('select * from mart.users', reader)).toBe(
        '42501 permission denied for schema mart',
      );
      await query('create role analyst_double; create group people_double');
      await query(
        'grant usage on schema mart to reader; grant select on mart.users to reader, role analyst_double, group people_double',
      );
      expect(await query('select count(*) from mart.users', reader)).toEqual([['2']]);
      await query(
        'create view mart.open as select id from mart.users with no schema binding; grant select on mart.open to reader',
      );
      expect(await query('select count(*) from mart.open', reader)).toEqual([['2']]);
      expect(
        await query(
          `select identity_name, identity_type, privilege_type from svv_relation_privileges where relation_name = 'users' and identity_name <> 'awsuser' order by 1`,
        ),
      ).toEqual([
        ['analyst_double', 'role', 'SELECT'],
        ['people_double', 'group', 'SELECT'],
        ['reader', 'user', 'SELECT'],
      ]);
      await query(
        'drop view mart.open; revoke all on mart.users from role analyst_double; revoke all on mart.users from group people_double; drop group people_double; drop role analyst_double',
      );
    });
  });
});
