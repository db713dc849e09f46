/** Every format as the whole text it gives. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifestOf } from '../testing/manifest.ts';
import { AMOUNT, AMOUNT_GRAPH, HOSTILE_GRAPH, SHOP, SHOP_GRAPH } from './export/shop.fixture.ts';
import { columnTree, plainTree, tree } from './export/tree.ts';
import { exportLineage } from './export.ts';
import { lineageGraph } from './lineage/graph.ts';

const CONTEXT = {
  project: 'shop',
  adapter: 'duckdb',
  target: 'dev',
  generatedAt: '2026-11-21T08:00:00.000Z',
  version: '0.1.0',
  jobNamespace: undefined,
};

describe('tree', () => {
  it('sources first; what has been drawn out is named again', () => {
    expect(plainTree(tree(SHOP_GRAPH))).toMatchInlineSnapshot(`
      "raw.orders  source · json files
      └─ stg_orders  view
         ├─ orders  table · 6,820 rows
         │  └─ totals.v2  view
         │     └─ board  dashboard
         └─ totals.v2  view  ↑ see above
      countries  seed · 1 row
      └─ orders  table · 6,820 rows  ↑ see above
      "
    `);
  });

  it('what is left out is passed over', () => {
    const ends = lineageGraph(SHOP, ['source.shop.raw.orders', 'exposure.shop.board']);
    expect(plainTree(tree(ends))).toMatchInlineSnapshot(`
      "raw.orders  source · json files
      └─ ⋯ board  dashboard
      "
    `);
  });

  it('the path of a column', () => {
    expect(plainTree(columnTree(AMOUNT_GRAPH, AMOUNT))).toMatchInlineSnapshot(`
      "orders.amount  DECIMAL(18,2)
      comes from
        └─ stg_orders.cents  BIGINT  transformed
           └─ raw.orders.cents  copied
      goes to
        └─ totals.v2.total  DECIMAL(38,2)  transformed
      which rows there are is decided by
        stg_orders.land
        countries.code
      decides which rows there are in
        totals.v2
      "
    `);
  });

  it('a line of 20,000 models', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `model.a.m${i}`);
    const line = manifestOf(
      ids.map((unique_id, i) => ({ unique_id, parents: i === 0 ? [] : [ids[i - 1]!] })),
    );
    expect(tree(lineageGraph(line, ids))).toHaveLength(20_000);
  });
});

describe.each(['mermaid', 'dot', 'svg', 'json', 'openlineage'] as const)('%s', (format) => {
  it('of a project', async () => {
    await expect(await exportLineage(format, SHOP_GRAPH, CONTEXT)).toMatchFileSnapshot(
      `export/fixtures/shop.${format}`,
    );
  });

  it('of a column', async () => {
    await expect(await exportLineage(format, AMOUNT_GRAPH, CONTEXT)).toMatchFileSnapshot(
      `export/fixtures/amount.${format}`,
    );
  });

  it('of names that mean harm', async () => {
    await expect(await exportLineage(format, HOSTILE_GRAPH, CONTEXT)).toMatchFileSnapshot(
      `export/fixtures/hostile.${format}`,
    );
  });
});

describe('for any name', () => {
  const named = (name: string) => lineageGraph(manifestOf([{ unique_id: 'model.a.x', name }]), ['model.a.x']);
  const anyName = fc.string({
    unit: fc.oneof(fc.constantFrom(...'"\'`<>&#;[](){}|\\%\n\r-*_'), fc.string()),
  });

  it('mermaid has one line for it, with nothing in quotes but letters, digits and codes', async () => {
    await fc.assert(
      fc.asyncProperty(anyName, async (name) => {
        const text = await exportLineage('mermaid', named(name), CONTEXT);
        expect(text.split('\n')[1]).toMatch(/^ {2}n0\["([\p{L}\p{N} _.,:/+-]|#\d+;)*"\]$/u);
        expect(text.split('\n')).toHaveLength(5);
      }),
    );
  });

  it('dot keeps it in its quotes', async () => {
    await fc.assert(
      fc.asyncProperty(anyName, async (name) => {
        const text = await exportLineage('dot', named(name), CONTEXT);
        expect(text.split('\n')[3]).toMatch(/^ {2}"model.a.x" \[label="([^"\\\n]|\\["\\])*"\]$/);
      }),
    );
  });

  it('svg has no element of it', async () => {
    await fc.assert(
      fc.asyncProperty(anyName, async (name) => {
        const text = await exportLineage('svg', named(name), CONTEXT);
        expect(text.match(/<(?!\/)[a-z]*/g)).toEqual(
          text.includes('<title>')
            ? ['<svg', '<style', '<g', '<title', '<rect', '<rect', '<text', '<text']
            : ['<svg', '<style', '<g', '<rect', '<rect', '<text', '<text'],
        );
      }),
    );
  });
});

it('svg: no script, no link, no font file, both themes', async () => {
  const text = await exportLineage('svg', HOSTILE_GRAPH, CONTEXT);
  expect(text).not.toMatch(/<script|href|url\(|@import|<a\b|\son\w+=/);
  expect(text).toContain('@media(prefers-color-scheme:dark)');
});

it('openlineage: the namespace of jobs is that of its own variable', async () => {
  const text = await exportLineage('openlineage', SHOP_GRAPH, { ...CONTEXT, jobNamespace: 'warehouse' });
  expect(JSON.parse(text.split('\n')[0]!).job.namespace).toBe('warehouse');
});
