import { inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { latestOf, madeUpInput } from '../testing/docs-input.ts';
import { manifestOf } from '../testing/manifest.ts';
import type { CoreChunk } from './chunks.ts';
import type { DocsInput, PageOptions, RunRecord } from './contract.ts';
import { pack } from './pack.ts';
import { pageOf } from './page.ts';

const OPTIONS: PageOptions = { split: false, static: false, compiledCode: true, meta: false };
const TEMPLATE = { script: '/* script */', style: '/* style */' };

/** Chunks as the page would read them. */
function inflated(html: string): Record<string, string> {
  const blocks = html.matchAll(/<script type="text\/plain" id="sq-([\w-]+)">([^<]*)<\/script>/g);
  return Object.fromEntries(
    [...blocks].map(([, name, text]) => [name, inflateRawSync(Buffer.from(text!, 'base64')).toString()]),
  );
}

const shop = (
  change: Partial<DocsInput> = {},
  nodes: Record<string, Record<string, unknown>> = {},
): DocsInput => ({
  ...madeUpInput(4),
  manifest: manifestOf(
    [
      { unique_id: 'source.shop.raw.orders' },
      { unique_id: 'model.shop.orders', parents: ['source.shop.raw.orders'], materialized: 'table' },
      {
        unique_id: 'test.shop.not_null_orders_id.123',
        parents: ['model.shop.orders'],
        test: {
          kind: 'generic',
          test_name: 'not_null',
          attached_node: 'model.shop.orders',
          severity: 'ERROR',
        },
      },
    ],
    {
      nodes: {
        'model.shop.orders': {
          raw_code: "select * from {{ source('raw', 'orders') }}",
          columns: { id: { name: 'id', description: 'The **key**.', data_type: 'bigint' } },
          ...nodes['model.shop.orders'],
        },
        'source.shop.raw.orders': { columns: {}, ...nodes['source.shop.raw.orders'] },
        'test.shop.not_null_orders_id.123': {
          column_name: 'ID',
          ...nodes['test.shop.not_null_orders_id.123'],
        },
      },
    },
  ),
  analysis: null,
  history: [],
  latest: new Map(),
  freshness: [],
  compiledCode: () => undefined,
  ...change,
});

describe('the chunks', () => {
  it('come back from the page as they were packed', () => {
    const input = madeUpInput(150);
    const { html } = pageOf(input, OPTIONS, TEMPLATE);
    const read = Object.fromEntries(
      Object.entries(inflated(html)).map(([name, text]) => [name, JSON.parse(text)]),
    );
    expect(read).toEqual(JSON.parse(JSON.stringify(pack(input, OPTIONS))));
    expect(Object.keys(read)).toEqual(['core', 'cols', 'text', 'runs', 'code-0', 'code-1', 'code-2']);
  });

  it('are the same bytes for the same input', () => {
    expect(pageOf(madeUpInput(60), OPTIONS, TEMPLATE).html).toBe(
      pageOf(madeUpInput(60), OPTIONS, TEMPLATE).html,
    );
  });

  it.each([1_000, 10_000])(
    'take at most 500 bytes a node without code, in a project of %i',
    (count) => {
      const { html } = pageOf(madeUpInput(count, { runs: 1 }), OPTIONS, TEMPLATE);
      const blocks = [...html.matchAll(/id="sq-(core|cols|text|runs)">([^<]*)</g)];
      const bytes = blocks.reduce((sum, [, , text]) => sum + text!.length, 0);
      expect(blocks).toHaveLength(4);
      expect(Math.round(bytes / count)).toBeLessThanOrEqual(500);
    },
    240_000,
  );
});

describe('what is packed', () => {
  it('tells columns from the YAML where nothing else is known, and the test of one in any spelling', () => {
    const { cols, text, core } = pack(shop(), OPTIONS);
    expect({ names: cols.names, start: cols.start, origins: cols.origins }).toEqual({
      names: ['id'],
      start: [0, 0, 1],
      origins: '32',
    });
    expect(text.tests.column).toEqual([0]);
    expect(text.columns).toEqual([[['p', ['The ', ['b', ['key']], '.']]]]);
    expect(core.tests).toEqual([0, 1]);
  });

  it('takes states, times and rows from the newest run that touched a node', () => {
    const run = (uniqueId: string, status: 'success' | 'fail', rows: number | null) => ({
      uniqueId,
      status,
      thread: 1,
      start: 10,
      end: 35,
      rows,
      failures: status === 'fail' ? 2 : null,
      message: null,
    });
    const record = (nodes: RunRecord['nodes'], startedAt: string): RunRecord => ({
      invocationId: startedAt,
      command: 'build',
      select: [],
      exclude: [],
      target: 'dev',
      startedAt,
      elapsed: 50,
      success: true,
      interrupted: false,
      nodes,
    });
    const history = [
      record([run('test.shop.not_null_orders_id.123', 'fail', null)], '2026-11-29T00:00:00Z'),
      record([run('model.shop.orders', 'success', 7)], '2026-11-28T00:00:00Z'),
    ];
    const { core, text, runs } = pack(shop({ history, latest: latestOf(history) }), OPTIONS);
    const { state, rows, ms, failing } = core;
    expect({ state, rows, ms, failing }).toEqual({
      state: [0, 1],
      rows: [-1, 7],
      ms: [-1, 25],
      failing: [0, 1],
    });
    expect({ state: text.tests.state, failures: text.tests.failures }).toEqual({ state: [4], failures: [2] });
    expect(runs.history.map(({ startedAt }) => startedAt)).toEqual([
      '2026-11-28T00:00:00Z',
      '2026-11-29T00:00:00Z',
    ]);
    expect(runs.item).toEqual([-1]);
  });

  it('counts rows in the warehouse where it was asked, rather than rows written', () => {
    const catalog = madeUpInput(4).catalog;
    catalog.nodes['model.shop.orders'] = {
      metadata: {
        type: 'VIEW',
        schema: 'main',
        name: 'orders',
        database: null,
        comment: null,
        owner: 'an_owner',
      },
      columns: { id: { type: 'BIGINT', index: 1, name: 'id', comment: null } },
      stats: { row_count: { id: 'row_count', label: 'Rows', value: 41, include: true, description: '' } },
      unique_id: 'model.shop.orders',
    };
    const chunks = pack(shop({ catalog }), OPTIONS);
    expect(chunks.core.rows).toEqual([-1, 41]);
    expect(chunks.cols.types).toEqual(['BIGINT']);
    // who owns a table is a user of the warehouse
    expect(JSON.stringify(chunks)).not.toContain('an_owner');
  });

  it.each([
    ['the environment', { 'model.shop.orders': { env: { HOME: 'not-for-the-page' } } }],
    ['meta', { 'model.shop.orders': { meta: { owner: 'not-for-the-page' } } }],
    ['configs', { 'model.shop.orders': { config: { password: 'not-for-the-page' } } }],
    ['anything of an adapter', { 'source.shop.raw.orders': { external: { location: 'not-for-the-page' } } }],
    [
      'arguments of a test',
      { 'test.shop.not_null_orders_id.123': { test_metadata: { kwargs: { where: 'not-for-the-page' } } } },
    ],
    [
      'columns that are not shown',
      { 'model.shop.orders': { columns: { id: { name: 'id', meta: { a: 'not-for-the-page' } } } } },
    ],
  ])('leaves out %s', (_, nodes) => {
    expect(JSON.stringify(pack(shop({}, nodes), OPTIONS))).not.toContain('not-for-the-page');
  });

  it('has meta where it is asked for', () => {
    const nodes = { 'model.shop.orders': { meta: { owner: 'finance', levels: [1, 2] } } };
    const { text } = pack(shop({}, nodes), { ...OPTIONS, meta: true });
    expect(text.facts.find(([v]) => v === 1)?.[1]).toEqual([
      ['File', 'models/orders.sql'],
      ['Access', 'protected'],
      ['meta.owner', 'finance'],
      ['meta.levels', '[1,2]'],
    ]);
  });

  it('leaves out a node that is hidden, its code and its tests', () => {
    const nodes = { 'model.shop.orders': { docs: { show: false }, raw_code: 'select hidden_code' } };
    const chunks = pack(shop({}, nodes), OPTIONS);
    expect(chunks.core.name).toEqual(['orders']);
    expect(chunks.core.types).toEqual(['source']);
    expect(chunks.text.tests.name).toEqual([]);
    expect(JSON.stringify(chunks)).not.toContain('hidden_code');
  });

  it('leaves out compiled code where it is not wanted', () => {
    const input = shop({ compiledCode: (id) => `select 'compiled ${id}'` });
    expect(JSON.stringify(pack(input, OPTIONS))).toContain('compiled model.shop.orders');
    expect(JSON.stringify(pack(input, { ...OPTIONS, compiledCode: false }))).not.toContain('compiled ');
  });
});

describe('a secret', () => {
  const SECRET = 'pl*nted_s3cret*"\\';

  /** The project with the secret wherever a text of the author or of the warehouse can stand. */
  function planted(): DocsInput {
    const input = shop(
      {
        secrets: new Set([SECRET]),
        compiledCode: () => `select '${SECRET}'`,
        freshness: [
          {
            uniqueId: 'source.shop.raw.orders',
            status: 'runtime error',
            maxLoadedAt: null,
            snapshottedAt: null,
            age: null,
            warnAfter: null,
            errorAfter: null,
            error: `no such host ${SECRET}`,
          },
        ],
      },
      {
        'model.shop.orders': {
          description: `*it* is ${SECRET} and [a link](https://x.example/${SECRET})`,
          raw_code: `select '${SECRET}'`,
          columns: { id: { name: `id_${SECRET}`, description: SECRET } },
          meta: { a: SECRET },
          relation_name: `"${SECRET}"."orders"`,
        },
      },
    );
    return { ...input, project: { ...input.project, name: SECRET } };
  }

  let html: string;
  let beside: string;
  beforeAll(() => {
    html = pageOf(planted(), { ...OPTIONS, meta: true }, TEMPLATE).html;
    beside = [...pageOf(planted(), { ...OPTIONS, split: true }, TEMPLATE).beside.values()].join('');
  });

  it('is nowhere in the page, inflated chunks included', () => {
    const texts = [html, ...Object.values(inflated(html))];
    const forms = [SECRET, JSON.stringify(SECRET).slice(1, -1), 'nted_s3cret'];
    for (const form of forms) expect(texts.filter((text) => text.includes(form))).toEqual([]);
    expect(texts.join('').match(/\*\*\*\*\*/g)?.length).toBeGreaterThan(8);
  });

  it('is nowhere in the files beside it', () => {
    const [, base64] = /sqChunk\("code-0","([^"]+)"\)/.exec(beside) ?? [];
    const text = inflateRawSync(Buffer.from(base64!, 'base64')).toString();
    expect(text).toContain('*****');
    expect(text).not.toContain('nted_s3cret');
  });
});

it('a chain and a project of nothing are projects, too', () => {
  const empty = pack({ ...shop(), manifest: manifestOf([]) }, OPTIONS).core as CoreChunk;
  expect({ count: empty.count, edges: empty.edges, x: empty.x }).toEqual({ count: 0, edges: [], x: [] });
});
