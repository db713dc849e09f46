/** What an analysis says of small projects. Nothing is doubled: files are parsed, compiled, and followed. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createCompiler } from '../compile/index.ts';
import { TestProject } from '../testing/run-project.ts';
import { type Analysis, type AnalyzeRequest, analyze } from './index.ts';

let project: TestProject | undefined;
afterEach(() => {
  project?.remove();
  project = undefined;
});

async function analysisOf(
  files: Record<string, string>,
  more: Partial<AnalyzeRequest> = {},
): Promise<Analysis> {
  project = new TestProject(files);
  return project.open({ command: 'compile' }, ({ context, manifest }) =>
    analyze({ context, manifest, compiler: createCompiler({ context, manifest }), ...more }),
  );
}

/** `b.x <- copied a.x`, one edge a line; a filter names the node only. */
function edges({ edges: all }: Analysis): string[] {
  const short = (id: string) => id.split('.').at(-1);
  return all.map(
    ({ from, to, kind }) =>
      `${short(to.node)}${to.column === null ? '' : `.${to.column}`} <- ${kind} ${short(from.node)}.${from.column}`,
  );
}

function columns(analysis: Analysis, id: string): string[] {
  return analysis.nodes.get(id)!.columns.map(({ name, type }) => `${name} ${type}`);
}

const SOURCE = `
sources:
  - name: raw
    schema: landing
    tables:
      - name: orders
        columns:
          - {name: id, data_type: integer, description: Key of an order., data_tests: [not_null, unique]}
          - {name: status, data_type: varchar, tags: [plain], data_tests: [{accepted_values: {arguments: {values: [a, b]}}}]}
          - {name: amount, data_type: 'decimal(18,2)'}
`;

describe('columns and edges', () => {
  it('go through models, ephemeral ones and seeds, back to the source', async () => {
    const analysis = await analysisOf({
      'models/s.yml': SOURCE,
      'seeds/rates.csv': 'status,rate\na,1.5\nb,2\n',
      'models/a.sql':
        "{{ config(materialized='ephemeral') }} select id, status, amount from {{ source('raw', 'orders') }} where amount > 0",
      'models/b.sql':
        "select a.id as order_id, a.status, a.amount * r.rate as due from {{ ref('a') }} a join {{ ref('rates') }} r on r.status = a.status",
    });
    expect([...analysis.nodes.values()].flatMap((node) => node.problem ?? [])).toEqual([]);
    expect(edges(analysis)).toEqual([
      'a.id <- copied orders.id',
      'a.status <- copied orders.status',
      'a.amount <- copied orders.amount',
      'b.order_id <- renamed a.id',
      'b.status <- copied a.status',
      'b.due <- transformed a.amount',
      'b.due <- transformed rates.rate',
      'b <- filter rates.status',
    ]);
    expect(columns(analysis, 'model.shop.b')).toEqual(['order_id INTEGER', 'status VARCHAR', 'due DOUBLE']);
    expect(analysis.nodes.get('seed.shop.rates')!.origin).toBe('analysis');
  });

  it('leave out the model itself: an incremental one reads it', async () => {
    const analysis = await analysisOf({
      'models/a.sql': 'select 1 as id, 2 as v',
      'models/b.sql':
        "{{ config(materialized='incremental') }} select a.id, a.v from {{ ref('a') }} a left join {{ this }} old on old.id = a.id where old.v is null",
    });
    expect(edges(analysis)).toEqual(['b.id <- copied a.id', 'b.v <- copied a.v']);
  });

  it('of a snapshot are those of its query and those of its versions', async () => {
    const analysis = await analysisOf({
      'models/a.sql': "select 1 as id, 2 as v, timestamp '2024-01-01' as changed where 2 > 1",
      'snapshots/s.yml':
        "snapshots: [{name: s, relation: ref('a'), config: {unique_key: id, strategy: timestamp, updated_at: changed, snapshot_meta_column_names: {dbt_valid_from: valid_from}}}]",
      'models/b.sql': "select id, valid_from from {{ ref('s') }} where dbt_valid_to is null",
    });
    expect(columns(analysis, 'snapshot.shop.s').slice(2)).toEqual([
      'changed TIMESTAMP',
      'dbt_scd_id VARCHAR',
      'dbt_updated_at TIMESTAMP',
      'valid_from TIMESTAMP',
      'dbt_valid_to TIMESTAMP',
    ]);
    expect(edges(analysis).slice(2)).toEqual([
      's.changed <- copied a.changed',
      's.dbt_scd_id <- transformed a.changed',
      's.dbt_scd_id <- transformed a.id',
      's.dbt_updated_at <- renamed a.changed',
      's.valid_from <- renamed a.changed',
      's.dbt_valid_to <- transformed a.changed',
      'b.id <- copied s.id',
      'b.valid_from <- copied s.valid_from',
      'b <- filter s.dbt_valid_to',
    ]);
    expect(analysis.nodes.get('model.shop.b')!.problem).toBeUndefined();
  });

  it('have the words of the catalog for types, and its columns for sources that YAML does not list', async () => {
    const analysis = await analysisOf(
      {
        'models/s.yml': 'sources: [{name: raw, tables: [{name: t}]}]',
        'models/a.sql': "select * from {{ source('raw', 't') }}",
      },
      {
        catalog: new Map([
          ['source.shop.raw.t', [{ name: 'k', dataType: 'BIGINT' }]],
          ['model.shop.a', [{ name: 'k', dataType: 'int8' }]],
        ]),
      },
    );
    expect(columns(analysis, 'model.shop.a')).toEqual(['k int8']);
    expect(edges(analysis)).toEqual(['a.k <- copied t.k']);
  });

  it('of a table that YAML describes in part: the columns that are read belong to it', async () => {
    const analysis = await analysisOf({
      'models/s.yml': 'sources: [{name: raw, tables: [{name: t, columns: [{name: k}]}]}]',
      'models/a.sql': "select k, other as o from {{ source('raw', 't') }}",
    });
    expect(edges(analysis)).toEqual(['a.k <- copied t.k', 'a.o <- renamed t.other']);
    expect(columns(analysis, 'source.shop.raw.t')).toEqual(['k null', 'other null']);
    expect(analysis.nodes.get('model.shop.a')!.problem).toBeUndefined();
  });
});

describe('a model that cannot be analysed', () => {
  const others = {
    'models/a.sql': 'select 1 as id',
    'models/c.sql': "select id, id + 1 as next from {{ ref('b') }}",
    'models/b.yml': 'models: [{name: b, columns: [{name: id, data_type: integer}]}]',
  };

  it.each([
    ['is no SQL', 'select from where (', /syntax error|cannot be followed/],
    [
      'names a column that is not there',
      "select idd as id from {{ ref('a') }}",
      /^Binder Error: .*"idd" not found/,
    ],
    ['does not compile', '{{ nothing_of_that_name() }}', /^it does not compile: .*nothing_of_that_name/],
    ['is Python', undefined, /Python/],
  ])('because it %s says so, and hides no other', async (_, sql, problem) => {
    const analysis = await analysisOf({
      ...others,
      ...(sql === undefined
        ? { 'models/b.py': 'def model(dbt, session):\n    return 1\n' }
        : { 'models/b.sql': sql }),
    });
    const node = analysis.nodes.get('model.shop.b')!;
    expect(node.problem).toMatch(problem);
    expect(node.problem).not.toContain('\n');
    expect(node.columns.map(({ name }) => name)).toEqual(['id']);
    expect(analysis.nodes.get('model.shop.c')!.problem).toBeUndefined();
    expect(edges(analysis).filter((edge) => edge.startsWith('c'))).toEqual([
      'c.id <- copied b.id',
      'c.next <- transformed b.id',
    ]);
  });
});

describe('what is inherited', () => {
  const inherited = async (sql: string, yml = '') => {
    const analysis = await analysisOf({
      'models/s.yml': SOURCE,
      'models/a.sql': sql,
      ...(yml === '' ? {} : { 'models/a.yml': yml }),
    });
    return Object.fromEntries(
      analysis.nodes
        .get('model.shop.a')!
        .columns.map(({ name, description, tags, tests }) => [
          name,
          [
            ...(description ? [`"${description.value}" of ${description.from.column}`] : []),
            ...(tags ?? []).map(({ value }) => `#${value}`),
            ...(tests ?? []).map(({ value }) => /(not_null|unique|accepted_values)/.exec(value)![0]),
          ],
        ]),
    );
  };

  it('comes along copied and renamed columns', async () => {
    expect(
      await inherited("select id as order_id, status, amount from {{ source('raw', 'orders') }}"),
    ).toEqual({
      order_id: ['"Key of an order." of id', 'not_null', 'unique'],
      status: ['#plain', 'accepted_values'],
      amount: [],
    });
  });

  it('does not come through an expression', async () => {
    expect(
      await inherited("select id + 1 as id, upper(status) as status from {{ source('raw', 'orders') }}"),
    ).toEqual({
      id: [],
      status: [],
    });
  });

  it('gives way to what the author wrote', async () => {
    const yml = 'models: [{name: a, columns: [{name: id, description: Mine., data_tests: [unique]}]}]';
    expect(await inherited("select id from {{ source('raw', 'orders') }}", yml)).toEqual({
      id: ['not_null'],
    });
  });

  it('is only what still holds: a join repeats rows, an outer join leaves some empty', async () => {
    const sql =
      "select l.id, r.id as other, r.status from {{ source('raw', 'orders') }} l left join {{ source('raw', 'orders') }} r on r.amount = l.amount";
    expect(await inherited(sql)).toEqual({
      id: ['"Key of an order." of id', 'not_null'],
      other: ['"Key of an order." of id'],
      status: ['#plain', 'accepted_values'],
    });
  });
});

describe('the cache', () => {
  const files = {
    'models/a.sql': 'select 1 as id, 2 as v',
    'models/b.sql': "select id, v as w from {{ ref('a') }}",
    'models/c.sql': "select id from {{ ref('b') }}",
  };
  const cacheFile = (dir: string) => join(dir, 'target/.sq_lineage/findings.tsv');
  const again = (select?: string[]) =>
    project!.open({ command: 'compile' }, ({ context, manifest }) =>
      analyze({
        context,
        manifest,
        compiler: createCompiler({ context, manifest }),
        ...(select && { select }),
      }),
    );
  const plain = ({ nodes, edges: all }: Analysis) => ({ nodes: [...nodes.values()], edges: all });

  it('answers the same, and a change is seen by all below it', async () => {
    const first = await analysisOf(files);
    expect(plain(await again())).toEqual(plain(first));
    project!.write({ 'models/a.sql': "select 'x' as id, 2 as v" });
    const changed = await again();
    expect(columns(changed, 'model.shop.c')).toEqual(['id VARCHAR']);
    expect(edges(changed)).toEqual(edges(first));
  });

  it('keeps what was not asked about, and forgets models that are gone', async () => {
    await analysisOf(files);
    project!.write({ 'models/a.sql': 'select 3 as id, 2 as v', 'models/c.sql': '' });
    await again(['model.shop.a']);
    const ids = readFileSync(cacheFile(project!.dir), 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t')[0]);
    expect(ids.sort()).toEqual(['model.shop.a', 'model.shop.b', 'model.shop.c']);
    rmSync(join(project!.dir, 'models/c.sql'));
    project!.write({ 'models/b.sql': "select id from {{ ref('a') }}" });
    await again();
    expect(readFileSync(cacheFile(project!.dir), 'utf8')).not.toContain('model.shop.c');
  });

  it('is not believed where it is damaged', async () => {
    const first = await analysisOf(files);
    const file = cacheFile(project!.dir);
    const good = readFileSync(file, 'utf8');
    for (const bad of [
      good.replaceAll('"v"', '"x"'),
      good.slice(0, -20),
      good.replace('sq\t', 'sq\t9'),
      '',
      '\u0000\n\t\t\t',
    ]) {
      writeFileSync(file, bad);
      expect(plain(await again())).toEqual(plain(first));
    }
  });

  it('is left out where it cannot be written', async () => {
    project = new TestProject(files);
    project.write({ 'target/.sq_lineage': 'a file where the folder should be' });
    expect(edges(await again())).toEqual([
      'b.id <- copied a.id',
      'b.w <- renamed a.v',
      'c.id <- copied b.id',
    ]);
  });
});
