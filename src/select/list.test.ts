import { describe, expect, it } from 'vitest';
import { manifestOf } from '../testing/manifest.ts';
import { shopManifest } from '../testing/shop-manifest.ts';
import { type ListOptions, listLines } from './list.ts';

const shop = shopManifest();
const one = (uniqueId: string, options?: ListOptions) => listLines(shop, [uniqueId], options)[0];

describe('lines of ls', () => {
  it.each([
    ['model.shop.orders', 'shop.marts.orders', 'orders', 'models/marts/orders.sql'],
    ['model.shop.dim.v2', 'shop.marts.dim.v2', 'dim.v2', 'models/marts/dim_v2.sql'],
    ['seed.shop.countries', 'shop.countries', 'countries', 'seeds/countries.csv'],
    ['source.shop.raw.orders', 'source:shop.raw.orders', 'raw.orders', 'models/staging/sources.yml'],
    [
      'test.shop.unique_orders_id.a2',
      'shop.marts.unique_orders_id',
      'unique_orders_id',
      'models/marts/marts.yml',
    ],
    ['exposure.shop.weekly', 'exposure:shop.weekly', 'weekly', 'exposures/weekly.sql'],
    ['metric.shop.total', 'metric:shop.total', 'total', 'metrics/total.sql'],
    ['semantic_model.shop.facts', 'semantic_model:shop.facts', 'facts', 'semantic_models/facts.sql'],
    ['saved_query.shop.board', 'saved_query:shop.board', 'board', 'saved_querys/board.sql'],
    ['unit_test.shop.orders.sums_up', 'unit_test:shop.sums_up', 'sums_up', 'models/marts/marts.yml'],
  ])('%s', (id, selector, name, path) => {
    expect(one(id)).toBe(selector);
    expect(one(id, { output: 'selector' })).toBe(selector);
    expect(one(id, { output: 'name' })).toBe(name);
    expect(one(id, { output: 'path' })).toBe(path);
  });

  it('stand in the order of unique ids', () => {
    expect(listLines(shop, ['source.shop.raw.users', 'model.shop.users', 'model.shop.orders'])).toEqual([
      'shop.marts.orders',
      'shop.marts.users',
      'source:shop.raw.users',
    ]);
  });

  it('read whole nodes for json only', () => {
    const read: string[] = [];
    const watched = shopManifest({ onGet: (id) => read.push(id) });
    for (const output of ['selector', 'name', 'path'] as const)
      listLines(watched, watched.index.keys(), { output });
    expect(read).toEqual([]);
    listLines(watched, ['model.shop.users'], { output: 'json' });
    expect(read).toEqual(['model.shop.users']);
  });
});

describe('json', () => {
  const manifest = manifestOf(
    [
      { unique_id: 'model.t.a', parents: ['source.t.raw.b'], tags: ['café'] },
      { unique_id: 'source.t.raw.b' },
    ],
    {
      nodes: { 'model.t.a': { config: { meta: { owner: null, on: true } }, description: 'no default key' } },
    },
  );
  const json = (id: string, outputKeys?: string[]) =>
    listLines(manifest, [id], { output: 'json', outputKeys })[0];

  it('shows the default keys as Python writes them', () => {
    expect(json('model.t.a')).toBe(
      '{"unique_id": "model.t.a", "resource_type": "model", "name": "a", "package_name": "t", "original_file_path": "models/a.sql", "alias": "a", "tags": ["caf\\u00e9"], "depends_on": {"macros": [], "nodes": ["source.t.raw.b"]}, "config": {"enabled": true, "materialized": "view", "tags": ["caf\\u00e9"], "meta": {"owner": null, "on": true}}, "direct_parents": ["source.t.raw.b"]}',
    );
    expect(json('source.t.raw.b')).toContain('"source_name": "raw"');
  });

  it('shows the keys that were asked for, in their order', () => {
    expect(json('model.t.a', ['description name'])).toBe('{"description": "no default key", "name": "a"}');
    expect(
      json('model.t.a', ['config.materialized', 'config.meta.on', 'config.meta.owner', 'none.of', 'none']),
    ).toBe('{"config.materialized": "view", "config.meta.on": true}');
  });
});
