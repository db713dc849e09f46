/** The catalogue of a real DuckDB; what every engine answers is in the adapters' shared suite. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Driver } from '../../adapters/contract.ts';
import { adapterOf } from '../../adapters/registry.ts';
import { createInvocation } from '../../invocation.ts';
import { manifestOf } from '../../testing/manifest.ts';
import { catalogColumns } from './catalog-columns.ts';
import { catalogOf, EMPTY_CATALOG, readCatalogFile, writeCatalog } from './catalog-file.ts';
import { readCatalog } from './read-catalog.ts';

const folder = mkdtempSync(join(tmpdir(), 'sq-catalog-'));
const owner = { name: 'test' };
const adapter = await adapterOf('duckdb');
const { dialect } = adapter;
let driver: Driver;

beforeAll(async () => {
  const invocation = createInvocation({ cwd: folder });
  const settings = adapter.settings(
    { type: 'duckdb', path: join(folder, 'shop.duckdb'), schema: 'main' },
    { projectDir: folder, projectName: 'shop', profileName: 'shop', targetName: 'dev', invocation },
  );
  driver = await adapter.open(settings, { invocation, projectDir: folder, threads: 2, readOnly: false });
  await driver.batch(
    [
      'create schema raw',
      'create table raw.orders (id integer, "Odd name" varchar)',
      'insert into raw.orders values (1, null), (2, null)',
      'create table main.orders as select 1 as id, cast(1.5 as decimal(18,2)) as amount from range(3)',
      `comment on column main.orders.amount is 'in euros'`,
      'create view main.totals as select sum(amount) as total from main.orders',
      'create table main.of_somebody_else as select 1 as a',
    ],
    owner,
  );
});
afterAll(async () => {
  await driver.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (schema: string, identifier: string) => ({ database: 'shop', schema, identifier });
const MANIFEST = manifestOf([
  { unique_id: 'model.shop.totals', relation: at('main', 'TOTALS') },
  { unique_id: 'model.shop.orders', relation: at('main', 'orders'), materialized: 'table' },
  { unique_id: 'model.shop.not_built', relation: at('main', 'not_built') },
  { unique_id: 'model.shop.inlined', relation: at('main', 'orders'), materialized: 'ephemeral' },
  { unique_id: 'source.shop.raw.orders', relation: at('raw', 'orders') },
  { unique_id: 'source.shop.again.orders', relation: at('raw', 'orders') },
  { unique_id: 'test.shop.t.0123456789', relation: at('main', 'of_somebody_else') },
]);

const read = (selected?: string[]) =>
  readCatalog({
    driver,
    dialect,
    manifest: MANIFEST,
    threads: 2,
    ...(selected && { selected: new Set(selected) }),
  });

describe('the catalogue', () => {
  it('has what is there and belongs to a node, in the order of the manifest', async () => {
    const { nodes, sources, errors } = await read();
    expect([Object.keys(nodes), Object.keys(sources), errors]).toEqual([
      ['model.shop.totals', 'model.shop.orders'],
      ['source.shop.raw.orders', 'source.shop.again.orders'],
      null,
    ]);
  });

  it('tells a table as dbt does: metadata, columns, figures', async () => {
    expect((await read()).nodes['model.shop.orders']).toEqual({
      metadata: {
        type: 'BASE TABLE',
        schema: 'main',
        name: 'orders',
        database: 'shop',
        comment: null,
        owner: null,
      },
      columns: {
        id: { type: 'INTEGER', index: 1, name: 'id', comment: null },
        amount: { type: 'DECIMAL(18,2)', index: 2, name: 'amount', comment: 'in euros' },
      },
      stats: {
        row_count: {
          id: 'row_count',
          label: 'Row Count',
          value: 3,
          include: true,
          description: 'Rows of the table, as the engine counts them: after changes it may be an estimate',
        },
        has_stats: {
          id: 'has_stats',
          label: 'Has Stats?',
          value: true,
          include: false,
          description: 'Indicates whether there are statistics for this table',
        },
      },
      unique_id: 'model.shop.orders',
    });
  });

  it('counts no rows of a view', async () => {
    const { metadata, stats } = (await read()).nodes['model.shop.totals']!;
    expect([metadata.type, Object.keys(stats), stats.has_stats?.value]).toEqual([
      'VIEW',
      ['has_stats'],
      false,
    ]);
  });

  it('of a selection is that alone', async () => {
    const { nodes, sources } = await read(['model.shop.orders', 'model.shop.not_built']);
    expect([Object.keys(nodes), sources]).toEqual([['model.shop.orders'], {}]);
  });

  it('asks one question a schema, and one for the rows of all tables', async () => {
    const asked: string[] = [];
    const counting: Driver = {
      ...driver,
      session: (by, work) =>
        driver.session(by, (session) =>
          work({
            ...session,
            query: (sql) => {
              asked.push(sql);
              return session.query(sql);
            },
          }),
        ),
    };
    await readCatalog({ driver: counting, dialect, manifest: MANIFEST, threads: 1 });
    expect(asked.filter((sql) => sql.includes('duckdb_tables()'))).toHaveLength(2);
    expect(asked.filter((sql) => sql.includes('count(*)'))).toHaveLength(1);
    expect(asked).toHaveLength(3);
  });

  it('says which schema could not be read, and has the others', async () => {
    const broken = {
      ...dialect,
      catalogSql: (database: string | null, schema: string, names?: readonly string[]) =>
        schema === 'raw' ? 'select * from nowhere' : dialect.catalogSql(database, schema, names),
    };
    const { nodes, errors } = await readCatalog({ driver, dialect: broken, manifest: MANIFEST, threads: 1 });
    expect(Object.keys(nodes)).toHaveLength(2);
    expect(errors).toEqual([
      'Database Error\n  schema shop.raw could not be read: Catalog Error: Table with name nowhere does not exist!\n  Did you mean "orders"?',
    ]);
  });
});

describe('catalog.json', () => {
  const invocation = createInvocation({
    env: { SQ_TEST_NOW: '2026-11-21T08:00:00Z', SQ_SECRET_A: 'hush-hush' },
  });
  const context = { invocation, manifest: MANIFEST, generatedAt: new Date('2026-11-21T08:00:00Z') };

  it('is version 1 of dbt, and read back as it was', async () => {
    const catalog = catalogOf(await read(), context);
    const path = writeCatalog(catalog, folder, invocation.secrets);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(catalog);
    expect(catalog.metadata).toEqual({
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/catalog/v1.json',
      dbt_version: '2.0.0',
      generated_at: '2026-11-21T08:00:00.000000Z',
      invocation_id: invocation.id,
      invocation_started_at: '2026-11-21T08:00:00.000000Z',
      env: {},
    });
    expect(catalogColumns(readCatalogFile(folder)!).get('source.shop.raw.orders')).toEqual([
      { name: 'id', dataType: 'INTEGER' },
      { name: 'Odd name', dataType: 'VARCHAR' },
    ]);
  });

  it('holds no secret', () => {
    const errors = ['Database Error\n  no entry with hush-hush'];
    writeCatalog(catalogOf({ ...EMPTY_CATALOG, errors }, context), folder, invocation.secrets);
    expect(readFileSync(join(folder, 'catalog.json'), 'utf8')).not.toContain('hush');
  });

  it('of another version, or none, counts as none', () => {
    writeFileSync(join(folder, 'catalog.json'), '{"metadata":{"dbt_schema_version":"x/v2.json"}}');
    expect(readCatalogFile(folder)).toBeUndefined();
    expect(readCatalogFile(join(folder, 'nowhere'))).toBeUndefined();
  });
});
