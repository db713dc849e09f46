/** A small shop with one node of each kind that is drawn, and its columns as analysis would say. */
import type { Analysis } from '../../analyze/contract.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { manifestOf } from '../../testing/manifest.ts';
import { type LineageGraph, lineageGraph } from '../lineage/graph.ts';
import { trace, tracedNodes, withTrace } from '../lineage/trace.ts';

const relation = (identifier: string) => ({ database: 'db', schema: 'main', identifier });

export const SHOP: Manifest = manifestOf(
  [
    { unique_id: 'source.shop.raw.orders', relation: relation('orders') },
    { unique_id: 'seed.shop.countries', relation: relation('countries') },
    {
      unique_id: 'model.shop.stg_orders',
      parents: ['source.shop.raw.orders'],
      relation: relation('stg_orders'),
    },
    {
      unique_id: 'model.shop.orders',
      parents: ['model.shop.stg_orders', 'seed.shop.countries'],
      materialized: 'table',
      relation: relation('orders'),
    },
    {
      unique_id: 'model.shop.totals.v2',
      parents: ['model.shop.orders', 'model.shop.stg_orders'],
      version: 2,
      relation: relation('totals_v2'),
    },
    { unique_id: 'test.shop.not_null_orders_id.0123456789', parents: ['model.shop.orders'] },
    { unique_id: 'exposure.shop.board', parents: ['model.shop.totals.v2'] },
  ],
  {
    nodes: {
      'source.shop.raw.orders': { external: { location: 's3://x', format: 'json' } },
      'exposure.shop.board': { type: 'dashboard' },
    },
  },
);

export const ROWS: Readonly<Record<string, number>> = { 'model.shop.orders': 6820, 'seed.shop.countries': 1 };

const node = (unique_id: string, columns: [string, string | null][]) =>
  [
    unique_id,
    { unique_id, columns: columns.map(([name, type]) => ({ name, type })), origin: 'analysis' as const },
  ] as const;

export const SHOP_ANALYSIS: Analysis = {
  nodes: new Map([
    node('model.shop.stg_orders', [
      ['id', 'BIGINT'],
      ['land', 'VARCHAR'],
      ['cents', 'BIGINT'],
    ]),
    node('model.shop.orders', [
      ['order_id', 'BIGINT'],
      ['country', 'VARCHAR'],
      ['amount', 'DECIMAL(18,2)'],
    ]),
    node('model.shop.totals.v2', [
      ['country', 'VARCHAR'],
      ['total', 'DECIMAL(38,2)'],
    ]),
    node('seed.shop.countries', [
      ['code', 'VARCHAR'],
      ['name', 'VARCHAR'],
    ]),
  ]),
  edges: [
    edge('source.shop.raw.orders.cents', 'model.shop.stg_orders.cents', 'copied'),
    edge('model.shop.stg_orders.id', 'model.shop.orders.order_id', 'renamed'),
    edge('seed.shop.countries.name', 'model.shop.orders.country', 'renamed'),
    edge('model.shop.stg_orders.cents', 'model.shop.orders.amount', 'transformed'),
    edge('model.shop.stg_orders.land', 'model.shop.orders.', 'filter'),
    edge('seed.shop.countries.code', 'model.shop.orders.', 'filter'),
    edge('model.shop.orders.country', 'model.shop.totals.v2.country', 'copied'),
    edge('model.shop.orders.amount', 'model.shop.totals.v2.total', 'transformed'),
    edge('model.shop.orders.amount', 'model.shop.totals.v2.', 'filter'),
  ],
};

function edge(from: string, to: string, kind: Analysis['edges'][number]['kind']) {
  const [fromNode, fromColumn] = split(from);
  const [toNode, toColumn] = split(to);
  return {
    from: { node: fromNode, column: fromColumn },
    to: { node: toNode, column: toColumn === '' ? null : toColumn },
    kind,
  };
}

function split(text: string): [string, string] {
  const dot = text.lastIndexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}

export const SHOP_GRAPH: LineageGraph = lineageGraph(SHOP, SHOP.index.keys(), (id) => ROWS[id] ?? null);

export const AMOUNT = trace(SHOP_ANALYSIS, { node: 'model.shop.orders', column: 'amount' });

export const AMOUNT_GRAPH: LineageGraph = withTrace(
  lineageGraph(SHOP, tracedNodes(AMOUNT)),
  AMOUNT,
  SHOP_ANALYSIS,
);

/** Names of an author who means harm, or only likes punctuation. */
export const HOSTILE_GRAPH: LineageGraph = lineageGraph(
  manifestOf([
    { unique_id: 'model.a.x', name: `"]; click n0 "javascript:alert(1)" <script>` },
    { unique_id: 'model.a.y', name: 'end', parents: ['model.a.x'] },
    { unique_id: 'model.a."\\z', name: '`**bold**`\n%% & #quot; é 表', parents: ['model.a.x'] },
  ]),
  ['model.a.x', 'model.a.y', 'model.a."\\z'],
);
