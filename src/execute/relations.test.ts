import { describe, expect, it } from 'vitest';
import type { Driver } from '../adapters/contract.ts';
import { adapter } from '../adapters/duckdb/index.ts';
import type { SqEvent } from '../events.ts';
import { createInvocation } from '../invocation.ts';
import { relation } from '../manifest/relation.ts';
import { RelationCache } from './relations.ts';

const name = (schema: string, identifier: string) => relation('memory', schema, identifier);

/** A cache over an empty database in memory, and the queries that reach it. */
async function withCache(
  setup: string[],
  work: (cache: RelationCache, queries: () => number, driver: Driver) => Promise<void>,
) {
  const events: SqEvent[] = [];
  const invocation = createInvocation({ env: {}, emit: (event) => events.push(event) });
  const context = {
    projectDir: '.',
    projectName: 'p',
    profileName: 'p',
    targetName: 'dev',
    invocation,
  };
  const settings = adapter.settings({ type: 'duckdb', path: ':memory:', schema: 'main' }, context);
  const driver = await adapter.open(settings, { invocation, projectDir: '.', threads: 1, readOnly: false });
  try {
    for (const sql of setup) await driver.batch([sql], { name: 'setup' });
    const cache = new RelationCache({ driver, dialect: adapter.dialect, database: 'memory' });
    const before = events.length;
    await work(cache, () => events.slice(before).filter((event) => event.name === 'SQLQuery').length, driver);
  } finally {
    await driver.close();
  }
}

const SHOP = [
  'create schema shop',
  'create table shop.orders as select 1 as id',
  'create view shop.paid as select 1 as id',
];

describe('the relation cache', () => {
  it('finds what stands in the warehouse, with its type, without regard to case', async () => {
    await withCache(SHOP, async (cache) => {
      expect((await cache.find(name('shop', 'orders')))?.type).toBe('table');
      expect((await cache.find(name('SHOP', 'Paid')))?.type).toBe('view');
      expect(await cache.find(name('shop', 'nothing'))).toBeNull();
      expect((await cache.find(relation(null, 'shop', 'orders')))?.type).toBe('table');
    });
  });

  it('asks once for all schemas that are prepared together, and once for each that comes later', async () => {
    await withCache(SHOP, async (cache, queries) => {
      await cache.prepare([
        { database: 'memory', schema: 'shop' },
        { database: null, schema: 'main' },
      ]);
      await Promise.all([cache.find(name('shop', 'orders')), cache.find(name('main', 'x'))]);
      expect(queries()).toBe(1);
      await Promise.all([cache.relations('memory', 'other'), cache.relations('memory', 'other')]);
      expect(queries()).toBe(2);
    });
  });

  it('follows what plans do', async () => {
    await withCache(SHOP, async (cache, queries) => {
      await cache.prepare([{ database: 'memory', schema: 'shop' }]);
      cache.added({ ...name('shop', 'new'), type: 'table' });
      cache.dropped(name('shop', 'orders'));
      const names = (await cache.relations('memory', 'shop')).map((rel) => rel.identifier);
      expect([names.sort(), queries()]).toEqual([['new', 'paid'], 1]);
      cache.dropped(relation('memory', 'shop', null));
      expect(await cache.relations('memory', 'shop')).toEqual([]);
    });
  });

  it('keeps a change that comes while the listing is under way', async () => {
    await withCache(SHOP, async (cache) => {
      const listing = cache.prepare([{ database: 'memory', schema: 'shop' }]);
      cache.dropped(name('shop', 'orders'));
      await listing;
      expect(cache.peek(name('shop', 'orders'))).toBeNull();
    });
  });

  it('knows the schemas, and those that are made', async () => {
    await withCache(SHOP, async (cache, queries) => {
      expect(await cache.hasSchema({ database: null, schema: 'Shop' })).toBe(true);
      expect(await cache.hasSchema({ database: null, schema: 'mart' })).toBe(false);
      cache.addedSchema({ database: null, schema: 'mart' }, true);
      expect(await cache.hasSchema({ database: null, schema: 'mart' })).toBe(true);
      expect(await cache.relations(null, 'mart')).toEqual([]);
      expect(queries()).toBe(1);
    });
  });

  it('asks again after a listing that failed', async () => {
    await withCache([], async (cache, _queries, driver) => {
      await driver.close();
      await expect(cache.find(name('shop', 'orders'))).rejects.toThrow('The connection to DuckDB is closed.');
      await expect(cache.find(name('shop', 'orders'))).rejects.toThrow('The connection to DuckDB is closed.');
    });
  });
});
