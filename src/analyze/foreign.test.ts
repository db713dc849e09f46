/** Types where the target is another engine than the embedded one: nothing is connected to. */
import { afterEach, describe, expect, it } from 'vitest';
import { createCompiler } from '../compile/index.ts';
import { createInvocation } from '../invocation.ts';
import { openProject, parseProject } from '../parse/index.ts';
import { TestProject } from '../testing/run-project.ts';
import { analyze } from './index.ts';

let project: TestProject;
afterEach(() => project.remove());

const OUTPUTS = {
  redshift: 'type: redshift, host: localhost, user: u, password: p, dbname: shop, schema: public, port: 5439',
  postgres: 'type: postgres, host: localhost, user: u, password: p, dbname: shop, schema: public, port: 5432',
};
const SOURCE =
  'sources: [{name: raw, tables: [{name: t, columns: [{name: id, data_type: int4}, {name: at, data_type: timestamp without time zone}, {name: price, data_type: "numeric(16,2)"}, {name: doc, data_type: super}]}]}]';

async function types(
  engine: keyof typeof OUTPUTS,
  sql: string,
  catalog?: Record<string, [string, string][]>,
) {
  project = new TestProject({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': `shop: {target: dev, outputs: {dev: {${OUTPUTS[engine]}, threads: 1}}}`,
    'models/s.yml': SOURCE,
    'models/a.sql': sql.replace('RAW', "{{ source('raw', 't') }}"),
    'models/b.sql': "select * from {{ ref('a') }}",
  });
  const known = new Map(
    Object.entries(catalog ?? {}).map(([id, columns]) => [
      id,
      columns.map(([name, dataType]) => ({ name, dataType })),
    ]),
  );
  const context = await openProject(
    createInvocation({ cwd: project.dir, env: {}, flags: { which: 'compile' } }),
  );
  const { manifest } = await parseProject(context);
  const compiler = createCompiler({ context, manifest });
  const { nodes } = await analyze({ context, manifest, compiler, catalog: known });
  return {
    problems: [...nodes.values()].flatMap(({ problem }) => problem ?? []),
    columns: nodes.get('model.shop.b')!.columns.map(({ name, type }) => `${name} ${type}`),
  };
}

describe('types', () => {
  it('of Redshift queries are those the embedded engine gives for the query in its words', async () => {
    const sql = `select id, nvl(price, 0) as p, dateadd(day, 1, at) as next, datediff(hour, at, getdate()) as age, count(*) as n,
      listagg(id, ',') within group (order by at) as ids, to_char(at, 'YYYY') as y, doc
      from RAW group by 1, 2, 3, 4, 7, 8 qualify row_number() over (order by id) = 1`;
    expect(await types('redshift', sql)).toEqual({
      problems: [],
      columns: [
        'id int4',
        'p DECIMAL(16,2)',
        'next TIMESTAMP',
        'age BIGINT',
        'n BIGINT',
        'ids VARCHAR',
        'y VARCHAR',
        'doc super',
      ],
    });
  });

  it('of what only Redshift knows are left out; its columns are there all the same', async () => {
    expect(await types('redshift', 'select t.id, i.sku, crc32(t.price) as c from RAW t, t.doc i')).toEqual({
      problems: [],
      columns: ['id int4', 'sku null', 'c null'],
    });
  });

  it('of PostgreSQL queries, too; the catalog has the last word', async () => {
    const sql = "select id, date_trunc('month', at) as m, price * 2 as twice from RAW";
    expect(await types('postgres', sql, { 'model.shop.b': [['m', 'timestamp without time zone']] })).toEqual({
      problems: [],
      columns: ['id int4', 'm timestamp without time zone', 'twice DECIMAL(18,2)'],
    });
  });
});
