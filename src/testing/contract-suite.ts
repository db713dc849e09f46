/**
 * What every adapter must do, as one suite: an adapter's test calls `describeAdapter` with its engine's types
 * and a way to open it. Nothing here names an engine.
 */
import { afterAll, beforeAll, describe, expect, it as test } from 'vitest';
import type { Dialect, Driver, Value, ValueKind } from '../adapters/contract.ts';
import { SqError } from '../errors.ts';
import { type Relation, renderRelation } from '../manifest/relation.ts';
import { describeProjects, type ProjectsUnderTest } from './contract-projects.ts';
import { excepting } from './excepting.ts';

export interface TypeCase {
  /** Type as the engine names it in a catalogue. */
  type: string;
  kind: ValueKind;
  /** SQL expressions of that type and the value that must come back. */
  values: [sql: string, value: Value][];
}

export interface AdapterUnderTest {
  dialect: Dialect;
  /** Opens a database that nobody else uses; called once. */
  open(): Promise<Driver>;
  /** A relation of that name in a schema where the suite may create anything. */
  relation(name: string): Relation;
  types: readonly TypeCase[];
  /** Names lose their case, quoted ones too. */
  foldsNames?: boolean;
  /** Names of tables are letters, digits and _, whatever the quotes. */
  plainNames?: boolean;
  /** Comments where they are not the standard's COMMENT ON: statements for a table and for its column `a`. */
  commentSql?(table: string, ofTable: string, ofColumn: string): string[];
  /** The engine's errors do not tell the place in the statement. */
  tellsNoPlaces?: boolean;
  /** A query that runs for minutes unless it is cancelled. */
  endlessQuery: string;
  /** A query of table `{t}` (integer column `a`) that binds but fails when it runs over a row. */
  failingQuery(table: string): string;
  /** How whole projects are built there; the second half of the suite. Absent where `exceptions` say why. */
  projects?(): ProjectsUnderTest;
  /** Tests that the engine cannot pass, by name, each with the reason. */
  exceptions?: Readonly<Record<string, string>>;
  /** Readers of a table wait while a transaction that has dropped or renamed it is open. */
  readersWait?: boolean;
}

const owner = { name: 'model.suite.contract' };

/** Registers the suite under `name`. */
export function describeAdapter(name: string, subject: AdapterUnderTest): void {
  describe(`adapter ${name}`, () => {
    let driver: Driver;
    const { dialect, exceptions = {} } = subject;
    const { it, left } = excepting(exceptions);
    const stored = (id: string) => (subject.foldsNames ? id.toLowerCase() : id);
    const awkward = (id: string) =>
      subject.plainNames ? id.toLowerCase().replaceAll(/\W+/g, '_').replace(/_$/, '') : id;
    const named = (id: string) => renderRelation(subject.relation(id));
    const rowsOf = (sql: string) => driver.session(owner, async (session) => (await session.query(sql)).rows);

    beforeAll(async () => {
      driver = await subject.open();
    });
    afterAll(async () => {
      await driver.close();
    });

    describe('values', () => {
      for (const { type, kind, values } of subject.types) {
        it(`${type} comes back as it is, NULL too`, async () => {
          const list = [...values, ['null', null] as [string, Value]];
          for (const [sql, value] of list) {
            const result = await driver.session(owner, (session) =>
              session.query(`select cast(${sql} as ${type}) as v`),
            );
            expect(result.columns[0]).toMatchObject({ name: 'v', kind });
            expect(result.rows).toEqual([[value]]);
          }
        });
      }

      it('keeps the order of columns, and columns of the same name apart', async () => {
        const result = await driver.session(owner, (session) =>
          session.query('select 1 as a, 2 as b, 3 as a'),
        );
        expect(result.columns.map((column) => column.name)).toEqual(['a', 'b', 'a']);
        expect(result.rows).toEqual([[1, 2, 3]]);
      });

      it('fetches no more rows than asked for', async () => {
        const sql = 'select 1 as a union all select 2 union all select 3 order by 1';
        const result = await driver.session(owner, (session) => session.query(sql, { limit: 2 }));
        expect(result.rows).toEqual([[1], [2]]);
      });

      it('brings literal rows through text, few or many', async () => {
        const columns = [
          { name: 'id', dataType: 'integer' },
          { name: 'word', dataType: 'varchar(40)' },
        ];
        const rows = Array.from({ length: 450 }, (_, i) => [
          String(i),
          i % 7 === 0 ? null : `it's "${i}" \\ é😀`,
        ]);
        for (const some of [rows.slice(0, 3), rows]) {
          const sql = dialect.literalRowsSql(columns, some);
          expect(await rowsOf(`select * from (${sql}) as x order by 1`)).toEqual(
            some.map(([id, word]) => [Number(id), word]),
          );
        }
      });
    });

    describe('what a statement answers', () => {
      it('counts the rows of a table made by a query, of inserts, updates and deletes', async () => {
        const table = named('counted');
        const [created] = await driver.batch(
          [`create table ${table} as select 1 as a union all select 2`],
          owner,
        );
        const written = await driver.batch(
          [
            `insert into ${table} values (3)`,
            `update ${table} set a = 9 where a < 3`,
            `delete from ${table}`,
          ],
          owner,
        );
        expect([created, ...written]).toEqual([
          { rowsAffected: 2, message: 'SELECT 2' },
          { rowsAffected: 1, message: 'INSERT 1' },
          { rowsAffected: 2, message: 'UPDATE 2' },
          { rowsAffected: 3, message: 'DELETE 3' },
        ]);
      });

      it('names what it created when there are no rows to count', async () => {
        const [view] = await driver.batch([`create view ${named('a_view')} as select 1 as a`], owner);
        expect(view).toEqual({ rowsAffected: null, message: 'CREATE VIEW' });
      });
    });

    describe('transactions', () => {
      it('keeps nothing of a batch in which one statement fails', async () => {
        const table = named('all_or_nothing');
        const batch = driver.batch(
          [`create table ${table} as select 1 as a`, 'select * from no_such_table_at_all'],
          owner,
        );
        await expect(batch).rejects.toThrow(SqError);
        await expect(rowsOf(`select * from ${table}`)).rejects.toThrow(/all_or_nothing/);
      });

      it('rolls back what a session leaves open', async () => {
        await driver.batch([`create table ${named('left_open')} as select 1 as a`], owner);
        await driver.session(owner, async (session) => {
          await session.begin();
          await session.execute(`insert into ${named('left_open')} values (2)`);
          expect(session.inTransaction).toBe(true);
        });
        expect(await rowsOf(`select a from ${named('left_open')}`)).toEqual([[1]]);
      });

      it('refuses to commit what the engine has given up', async () => {
        const table = named('given_up');
        await driver.batch([`create table ${table} as select 1 as a`], owner);
        const committed = driver.session(owner, async (session) => {
          await session.begin();
          await session.execute(`insert into ${table} values (2)`);
          await session.query(subject.failingQuery(table)).catch(() => undefined);
          await session.commit();
        });
        await expect(committed).rejects.toMatchObject({ code: 'transaction-aborted' });
        expect(await rowsOf(`select a from ${table}`)).toEqual([[1]]);
      });

      it('shows readers the old table or the new one, whole, while a swap is under way', async () => {
        const [old, next] = [named('served'), named('served_next')];
        await driver.batch([`create table ${old} as select 'old' as v`], owner);
        await driver.batch([`create table ${next} as select 'new' as v`], owner);
        const meanwhile = await driver.session(owner, async (session) => {
          await session.begin();
          await session.execute(`drop table ${old}`);
          await session.execute(`alter table ${next} rename to ${dialect.quote('served')}`);
          const reading = rowsOf(`select v from ${old}`);
          if (subject.readersWait !== true) await reading;
          await session.commit();
          return reading;
        });
        expect(meanwhile).toEqual([[subject.readersWait === true ? 'new' : 'old']]);
        expect(await rowsOf(`select v from ${old}`)).toEqual([['new']]);
      });
    });

    describe('connections', () => {
      it('lends as many as are needed at once, one inside another', async () => {
        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, i) =>
            driver.session(owner, async (outer) => {
              await outer.begin();
              return driver.session(owner, async (inner) => (await inner.query(`select ${i}`)).rows[0]![0]);
            }),
          ),
        );
        expect(answers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      });

      it('runs the statements of one session in order, however they are sent', async () => {
        const table = named('in_order');
        await driver.batch([`create table ${table} (a integer)`], owner);
        await driver.session(owner, async (session) => {
          await Promise.all(
            [1, 2, 3, 4].map((i) =>
              session.execute(`insert into ${table} select count(*) + ${i * 10} from ${table}`),
            ),
          );
        });
        expect(await rowsOf(`select a from ${table} order by 1`)).toEqual([[10], [21], [32], [43]]);
      });

      it('cancels what runs, and works on afterwards', async () => {
        const endless = rowsOf(subject.endlessQuery).catch((error: unknown) => error);
        await new Promise((resolve) => setTimeout(resolve, 100));
        let cancelled = 0;
        // on a busy machine it may not have been sent yet
        while (cancelled === 0) {
          cancelled = await driver.cancel();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        expect(cancelled).toBe(1);
        expect(await endless).toMatchObject({ code: 'cancelled' });
        expect(await driver.cancel()).toBe(0);
        expect(await rowsOf('select 1')).toEqual([[1]]);
      });
    });

    describe('the catalogue', () => {
      it('lists tables and views of the schemas asked for', async () => {
        await driver.batch(
          [
            `create table ${named(awkward('Listed "T"'))} as select 1 as a`,
            `create view ${named('listed_v')} as select 1 as a`,
          ],
          owner,
        );
        const { database, schema } = subject.relation('x');
        const rows = await rowsOf(dialect.listRelationsSql(database, [schema!.toUpperCase()]));
        const listed = rows
          .filter((row) => /listed/i.test(String(row[2])))
          .map((row) => row.slice(0, 4))
          .sort();
        expect(listed).toEqual([
          [database, schema, stored(awkward('Listed "T"')), 'table'],
          [database, schema, 'listed_v', 'view'],
        ]);
      });

      it('lists schemas', async () => {
        const { database, schema } = subject.relation('x');
        expect((await rowsOf(dialect.listSchemasSql(database))).flat()).toContain(schema);
      });

      it('tells the columns of a table in order, of a view too, and says when there is none', async () => {
        const relation = subject.relation(awkward('Columns "of" it'));
        const sql = renderRelation(relation);
        await driver.batch(
          [
            `create table ${sql} as select cast(1 as integer) as b, 'x' as ${dialect.quote('A b')}, cast(1.5 as decimal(10,2)) as c`,
          ],
          owner,
        );
        await driver.batch([`create view ${named('columns_view')} as select * from ${sql}`], owner);
        for (const each of [relation, subject.relation('columns_view')]) {
          const columns = await rowsOf(dialect.columnsSql(each));
          expect(columns.map(([name]) => name)).toEqual(['b', stored('A b'), 'c']);
          expect(dialect.describeType(String(columns[0]![1])).isInteger).toBe(true);
          expect(dialect.describeType(String(columns[2]![1]))).toMatchObject({
            isNumeric: true,
            numericPrecision: 10,
            numericScale: 2,
          });
        }
        const missing = await rowsOf(dialect.columnsSql(subject.relation('not_there'))).catch(
          (error: unknown) => error,
        );
        expect(Array.isArray(missing) ? missing : dialect.readError(missing).missing).toEqual(
          Array.isArray(missing) ? [] : true,
        );
      });
    });

    describe('the docs catalogue', () => {
      it('has tables and views of a schema with columns in order and comments, in one query', async () => {
        const table = renderRelation(subject.relation('docs_t'));
        const standard = (of: string, words: string) => `comment on ${of} is ${dialect.literal(words)}`;
        await driver.batch(
          [
            `create table ${table} as select cast(1 as integer) as b, cast('x' as varchar(10)) as a`,
            `create view ${named('docs_v')} as select b from ${table}`,
            ...(subject.commentSql?.(table, "it's a table", 'a column') ?? [
              standard(`table ${table}`, "it's a table"),
              standard(`column ${table}.a`, 'a column'),
            ]),
          ],
          owner,
        );
        const { database, schema } = subject.relation('x');
        const whole = await rowsOf(dialect.catalogSql(database, schema!.toUpperCase()));
        const two = await rowsOf(dialect.catalogSql(database, schema!, ['DOCS_T', 'docs_v']));
        expect(whole.filter((row) => /^docs_/.test(String(row[2])))).toEqual(two);
        const facts = two.map(([db, where, name, type, comment, , , , column, place, , columnComment]) => [
          [db, where, name, type, comment],
          [column, Number(place), columnComment],
        ]);
        expect(facts).toEqual([
          [
            [database, schema, 'docs_t', 'BASE TABLE', "it's a table"],
            ['b', 1, null],
          ],
          [
            [database, schema, 'docs_t', 'BASE TABLE', "it's a table"],
            ['a', 2, 'a column'],
          ],
          [
            [database, schema, 'docs_v', 'VIEW', null],
            ['b', 1, null],
          ],
        ]);
        expect(dialect.describeType(String(two[0]![10])).isInteger).toBe(true);
        expect(await rowsOf(dialect.catalogSql(database, 'no_such_schema'))).toEqual([]);
        const sizes = dialect.tableSizesSql?.([{ database, schema: schema!, identifier: 'docs_t' }]);
        if (sizes !== undefined) expect((await rowsOf(sizes)).flat()).toContain('docs_t');
      });
    });

    describe('errors', () => {
      it('tell the place in the statement, in characters', async () => {
        const sql = "select 'é😀' as a,\n  nope\nfrom (select 1 as b) as t";
        const error = await rowsOf(sql).catch((thrown: unknown) => thrown);
        expect(dialect.readError(error)).toMatchObject({
          statement: sql,
          ...(subject.tellsNoPlaces ? {} : { position: sql.indexOf('nope') }),
        });
      });

      it("carry the engine's sentence without drawings", async () => {
        const error = (await rowsOf('selec 1').catch((thrown: unknown) => thrown)) as SqError;
        expect(error).toBeInstanceOf(SqError);
        expect(error.message).toMatch(/syntax error/i);
        expect(error.message).not.toMatch(/[{^]|LINE \d/);
      });
    });

    const { projects } = subject;
    if (projects !== undefined)
      describeProjects(
        () => ({ ...projects(), foldsNames: subject.foldsNames === true, quote: dialect.quote }),
        it,
      );

    test('excepts only tests that are there', () => expect(left()).toEqual([]));

    it('closes as often as it is told to', async () => {
      await driver.close();
      await driver.close();
      await expect(rowsOf('select 1')).rejects.toThrow(SqError);
    });
  });
}
