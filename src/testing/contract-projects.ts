/**
 * The half of the shared adapter suite that runs whole projects: what readers see while a table is swapped, runs
 * beside one another, names that must be quoted, grants. Nothing here names an engine.
 */
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { Value } from '../adapters/contract.ts';
import type { Register } from './excepting.ts';
import { TestProject } from './run-project.ts';

export interface ProjectsUnderTest {
  /** Output of a profile that builds into this schema. */
  output(schema: string): Record<string, unknown>;
  /** How statements name a schema of the profile; the schema's own name where absent. */
  qualified?(schema: string): string;
  /** Who can be granted something. Absent where the engine has no users. */
  grants?: {
    /** Makes two of them; answers their names as the config of a model writes them. */
    make(): Promise<readonly [string, string]>;
    /** Query whose rows are the grantees that may read a relation, in order; the owner is not among them. */
    readersSql(schema: string, relation: string): string;
  };
  /** Rows of the tables that are swapped; 300 where absent. */
  rows?: number;
  /** Names lose their case, quoted ones too. */
  foldsNames?: boolean;
}

const versions = (table: string, rows: number) =>
  `{{ config(materialized='${table}') }}
{% for i in range(${rows}) %}select ${'{{ i }}'} as id, {{ var('version', 0) }} as version{% if not loop.last %} union all {% endif %}{% endfor %}`;

let schemas = 0;

/** To be called inside the `describe` of an adapter. */
export function describeProjects(
  subject: () => ProjectsUnderTest & { quote(identifier: string): string },
  it: Register,
): void {
  describe('whole projects', () => {
    const rows = () => subject().rows ?? 300;
    let schema: string;
    /** In statements of the tests. */
    let place: string;
    let shop: TestProject;

    function project(files: Record<string, string>): TestProject {
      schemas += 1;
      schema = `whole_${schemas}`;
      place = subject().qualified?.(schema) ?? schema;
      shop = new TestProject({
        'dbt_project.yml': 'name: shop\nprofile: shop\n',
        'profiles.yml': JSON.stringify({
          shop: { target: 'it', outputs: { it: subject().output(schema) } },
        }),
        ...files,
      });
      return shop;
    }
    afterEach(() => shop?.remove());

    const run = async (...args: Parameters<TestProject['run']>) => {
      const { outcome } = await shop.run(...args);
      return outcome.results.map(({ status, message }) =>
        status === 'success' ? status : `${status}: ${message}`,
      );
    };
    const names = async () => {
      const found = await shop.open({}, ({ driver, context }) =>
        driver.session({ name: 'test' }, async (session) => {
          const { dialect } = context.adapter;
          return (await session.query(dialect.listRelationsSql(context.settings.database, [schema]))).rows;
        }),
      );
      return found.map(([, , name]) => String(name)).sort();
    };

    it('shows readers the old table or the new one, whole, from one run to the next', async () => {
      project({ 'models/t.sql': versions('table', rows()) });
      expect(await run('run')).toEqual(['success']);
      const seen: Value[][] = [];
      let over = false;
      const reading = shop.open({}, async ({ driver }) => {
        const sql = `select min(version), max(version), count(*) from ${place}.t`;
        while (!over)
          seen.push((await driver.session({ name: 'reader' }, (session) => session.query(sql))).rows[0]!);
      });
      for (const version of [1, 2, 3, 4])
        expect(await run('run', { vars: { version } })).toEqual(['success']);
      over = true;
      await reading;
      expect(seen.length).toBeGreaterThan(4);
      const order = seen.map(([least]) => Number(least));
      expect(order).toEqual([...order].sort());
      for (const [least, most, count] of seen) {
        expect(most).toBe(least);
        expect(Number(count)).toBe(rows());
      }
    });

    it('lets two runs work on one schema at a time, on other tables and on the same', async () => {
      project({
        'models/a.sql': versions('table', rows()),
        'models/b.sql': versions('table', rows()),
        'models/both.sql': "{{ config(materialized='view') }} select * from {{ ref('a') }}",
      });
      expect(await run('run')).toEqual(['success', 'success', 'success']);
      const apart = await Promise.all([
        run('run', { select: ['a'], vars: { version: 1 } }),
        run('run', { select: ['b'], vars: { version: 1 } }),
      ]);
      expect(apart).toEqual([['success'], ['success']]);
      await Promise.all([2, 3].map((version) => run('run', { select: ['b'], vars: { version } })));
      const [found] = await shop.query(`select min(version), max(version), count(*) from ${place}.b`);
      expect([
        [2, 2, rows()],
        [3, 3, rows()],
      ]).toContainEqual(found?.map(Number));
      expect(await names()).toEqual(['a', 'b', 'both']);
    });

    it('quotes names that need it: reserved words, capitals, blanks, quotes', async () => {
      const { quote } = subject();
      const [order, mixed, marks, added] = ['order', 'Mixed Case', 'it"s', 'new Column'].map(quote);
      project({
        'seeds/said.csv': 'order,Mixed Case,"it""s"\n1,one,x\n2,two,\n',
        'dbt_project.yml': 'name: shop\nprofile: shop\nseeds: {quote_columns: true}\n',
        'models/i.sql': `{{ config(materialized='incremental', unique_key='${order}', incremental_strategy='delete+insert', on_schema_change='append_new_columns') }}
select ${order}, ${mixed}, ${marks}{% if var('more', false) %}, 7 as ${added}{% endif %} from {{ ref('said') }}`,
        'models/m.yml': `models: [{name: i, columns: [{name: order, quote: true, data_tests: [unique, not_null]}]}]`,
      });
      expect((await run('build')).filter((line) => !/^(success|pass)/.test(line))).toEqual([]);
      const again = await run('build', { vars: { more: true } });
      expect(again.filter((line) => !/^(success|pass)/.test(line))).toEqual([]);
      const { columns, rows: written } = await shop.open({}, ({ driver }) =>
        driver.session({ name: 'test' }, (session) => session.query(`select * from ${place}.i order by 1`)),
      );
      const names = ['order', 'Mixed Case', 'it"s', 'new Column'];
      expect(columns.map(({ name }) => name)).toEqual(
        subject().foldsNames ? names.map((name) => name.toLowerCase()) : names,
      );
      expect(written).toEqual([
        [1, 'one', 'x', 7],
        [2, 'two', null, 7],
      ]);
    });

    describe('grants', () => {
      let people: readonly [string, string];
      beforeAll(async () => {
        people = (await subject().grants?.make()) ?? ['one', 'two'];
      });
      afterAll(() => shop?.remove());

      for (const kind of ['table', 'view', 'incremental'])
        it(`of a ${kind} are those of its config, run by run`, async () => {
          const [one, two] = people;
          const model = (grantees: readonly string[]) => ({
            'models/g.sql': `{{ config(materialized='${kind}', grants={'select': ${JSON.stringify(grantees)}}) }} select 1 as id`,
          });
          project(model([one]));
          const { grants } = subject();
          const readers = async () =>
            (await shop.query(grants?.readersSql(schema, 'g') ?? 'select 1')).map(([name]) => name);
          for (const wanted of [[one], [one, two], [two]]) {
            shop.write(model(wanted));
            expect(await run('run')).toEqual(['success']);
            if (grants !== undefined) expect(await readers()).toEqual([...wanted].sort());
          }
        });
    });
  });
}
