/**
 * A small shop with one vertex of every kind, for tests that compare written-down answers.
 *
 *     raw.orders ─ stg_orders ─┐
 *     countries (seed) ────────┼─ orders ─┬─ revenue ─ weekly (exposure)
 *     raw.users ─ stg_users ─┬─┘          │    │
 *                            ├─ users     │    └ total (metric), facts (semantic model), board (saved query)
 *                            ├─ users_snapshot
 *                            └─ dim.v1, dim.v2, dim.v3 (latest 2)
 *     ext.rates ─ rates (package lib) ── revenue
 */
import type { Manifest } from '../manifest/manifest.ts';
import { type ManifestInput, manifestOf, type SummaryInput } from './manifest.ts';

const staging = (name: string, parents: string[], more: Partial<SummaryInput> = {}): SummaryInput => ({
  unique_id: `model.shop.${name}`,
  fqn: ['shop', 'staging', name],
  original_file_path: `models/staging/${name}.sql`,
  patch_path: 'shop://models/staging/staging.yml',
  tags: ['staging'],
  parents,
  ...more,
});

const mart = (name: string, parents: string[], more: Partial<SummaryInput> = {}): SummaryInput => ({
  unique_id: `model.shop.${name}`,
  fqn: ['shop', 'marts', name],
  original_file_path: `models/marts/${name}.sql`,
  materialized: 'table',
  parents,
  ...more,
});

const version = (v: number): SummaryInput => ({
  ...mart(`dim.v${v}`, ['model.shop.stg_users']),
  name: 'dim',
  fqn: ['shop', 'marts', 'dim', `v${v}`],
  original_file_path: `models/marts/dim_v${v}.sql`,
  version: v,
  latest_version: 2,
});

const test = (
  name: string,
  hash: string,
  parents: string[],
  more: Partial<SummaryInput> = {},
): SummaryInput => ({
  unique_id: `test.shop.${name}.${hash}`,
  name,
  fqn: ['shop', 'marts', name],
  original_file_path: 'models/marts/marts.yml',
  parents,
  ...more,
});

const generic = (test_name: string, severity = 'ERROR') => ({
  test: { kind: 'generic' as const, test_name, severity },
});

/** The vertices; `id` in the tests is the part after the package. */
export const SHOP: readonly SummaryInput[] = [
  staging('stg_orders', ['source.shop.raw.orders'], { tags: ['staging', 'nightly'] }),
  staging('stg_users', ['source.shop.raw.users'], { group: 'core' }),
  mart('orders', ['model.shop.stg_orders', 'model.shop.stg_users', 'seed.shop.countries'], {
    materialized: 'incremental',
    tags: ['nightly', 'hourly'],
    access: 'public',
    group: 'finance',
  }),
  mart('users', ['model.shop.stg_users']),
  mart('revenue', ['model.shop.orders', 'model.lib.rates'], { access: 'private', group: 'finance' }),
  version(1),
  version(2),
  version(3),
  {
    unique_id: 'model.lib.rates',
    fqn: ['lib', 'staging', 'rates'],
    original_file_path: 'models/staging/rates.sql',
    parents: ['source.lib.ext.rates'],
  },
  { unique_id: 'seed.shop.countries', original_file_path: 'seeds/countries.csv' },
  { unique_id: 'snapshot.shop.users_snapshot', parents: ['model.shop.stg_users'] },
  {
    unique_id: 'analysis.shop.top_users',
    fqn: ['shop', 'analysis', 'top_users'],
    original_file_path: 'analyses/top_users.sql',
    parents: ['model.shop.users'],
  },
  test('not_null_orders_id', 'a1', ['model.shop.orders'], generic('not_null')),
  test('unique_orders_id', 'a2', ['model.shop.orders'], generic('unique', 'warn')),
  test('rel_orders_users', 'a3', ['model.shop.users', 'model.shop.orders'], generic('relationships')),
  test('source_not_null_raw_orders_id', 'a4', ['source.shop.raw.orders'], {
    ...generic('not_null'),
    fqn: ['shop', 'staging', 'source_not_null_raw_orders_id'],
    original_file_path: 'models/staging/sources.yml',
  }),
  {
    unique_id: 'test.shop.positive_revenue',
    fqn: ['shop', 'positive_revenue'],
    original_file_path: 'tests/positive_revenue.sql',
    parents: ['model.shop.orders', 'model.shop.revenue', 'source.lib.ext.rates'],
    test: { kind: 'singular', severity: 'ERROR' },
  },
  {
    unique_id: 'source.shop.raw.orders',
    tags: ['nightly'],
    original_file_path: 'models/staging/sources.yml',
  },
  { unique_id: 'source.shop.raw.users', original_file_path: 'models/staging/sources.yml' },
  { unique_id: 'source.lib.ext.rates' },
  { unique_id: 'exposure.shop.weekly', parents: ['model.shop.revenue'], tags: ['board'] },
  { unique_id: 'metric.shop.total', parents: ['model.shop.revenue'], group: 'finance' },
  { unique_id: 'semantic_model.shop.facts', parents: ['model.shop.revenue'] },
  { unique_id: 'saved_query.shop.board', parents: ['metric.shop.total'] },
  {
    unique_id: 'unit_test.shop.orders.sums_up',
    name: 'sums_up',
    fqn: ['shop', 'marts', 'orders', 'sums_up'],
    original_file_path: 'models/marts/marts.yml',
    parents: ['model.shop.orders'],
  },
];

const NODES: ManifestInput['nodes'] = {
  'model.shop.orders': {
    config: {
      meta: { owner: 'ann', levels: { top: '3' }, rank: 3, pii: true },
      unique_key: ['order_id', 'line'],
      grants: { select: ['reporter'] },
      on_schema_change: 'fail',
    },
  },
  'model.shop.revenue': { config: { meta: { owner: 'bob', pii: false }, on_schema_change: 'ignore' } },
  'source.shop.raw.orders': { config: { meta: { owner: 'ann' } } },
};

/** The shop as a manifest. */
export function shopManifest(input: ManifestInput = {}): Manifest {
  return manifestOf(SHOP, { projectName: 'shop', nodes: NODES, ...input });
}

/** Short names, sorted: the last part of an id, with the type where it is not a model or a test. */
export function shortNames(ids: Iterable<string>): string {
  return [...ids]
    .map((id) => {
      const [type, packageName, ...rest] = id.split('.');
      if (type === 'model') return packageName === 'lib' ? `lib.${rest.join('.')}` : rest.join('.');
      if (type === 'test') return rest[0];
      return `${type}:${rest.join('.')}`;
    })
    .sort()
    .join(' ');
}
