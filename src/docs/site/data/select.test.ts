/** The selector box and `--select` are one grammar: the same words mean the same nodes, tests aside. */
import { describe, expect, it } from 'vitest';
import { parseSelection, selectNodes } from '../../../select/index.ts';
import { madeUpInput } from '../../../testing/docs-input.ts';
import { shopManifest } from '../../../testing/shop-manifest.ts';
import type { Chunks } from '../../chunks.ts';
import type { DocsInput } from '../../contract.ts';
import { pack } from '../../pack.ts';
import { Project } from './project.ts';
import { Selector } from './select.ts';

const OPTIONS = { split: false, static: false, compiledCode: true, meta: false };

const madeUp = madeUpInput(4);
const input: DocsInput = {
  ...madeUp,
  project: { ...madeUp.project, name: 'shop' },
  manifest: shopManifest(),
  analysis: null,
  freshness: [],
  history: [],
  latest: new Map(),
};
// as the page reads it
const chunks = JSON.parse(JSON.stringify(pack(input, OPTIONS))) as Chunks;
const project = new Project(chunks.core);
const selector = new Selector(project, chunks.text.tests);

const inPage = (select: string) => [...selector.select(select).vertices].map((v) => project.id(v)).sort();

/** What the command line selects, without tests: they are not drawn. */
function onCommandLine(select: string): string[] {
  const parsed = parseSelection({ select: select.split(' '), selectors: input.manifest.selectors });
  const { selected } = selectNodes(input.manifest, parsed);
  return [...selected].filter((id) => project.find(id) !== undefined).sort();
}

describe('the selector box selects what --select does', () => {
  it.each([
    'orders',
    'orders+',
    '+orders',
    '1+orders',
    'orders+1',
    '2+revenue+1',
    '@stg_orders',
    '*',
    'stg_*',
    'orders users',
    '+orders,stg_*',
    '+revenue,path:models',
    'path:models',
    'path:models/',
    'path:seeds',
    'file:orders.sql',
    'tag:nightly',
    'tag:*',
    'source:*',
    'source:raw',
    'source:raw.orders+',
    'exposure:*',
    '+exposure:weekly',
    'resource_type:model',
    'resource_type:seed',
    'resource_type:snapshot+',
    'config.materialized:view',
    'config.materialized:table',
    'package:shop',
    'package:lib',
    'package:this',
    'access:protected',
    'group:*',
    'version:latest',
    'version:old',
    'version:prerelease',
    'version:none',
    'dim',
    'dim.v1',
    'shop.orders',
    'metric:*',
    'semantic_model:*',
    'saved_query:*',
    'fqn:orders',
    'models.orders',
  ])('%s', (select) => {
    expect(inPage(select)).toEqual(onCommandLine(select));
  });

  it('nothing typed is everything', () => {
    expect(inPage('').length).toBe(project.count);
  });
});

describe('the selector box says', () => {
  it.each([
    ['no_such', 'nothing matches no_such'],
    ['orderz', "nothing matches orderz; did you mean 'orders'?"],
    [
      'config.meta.owner:x',
      'config.meta.owner is not in the page, which knows materialized, tags, enabled, publish, incremental_strategy, on_schema_change; sq ls --select knows all',
    ],
    ['resource_type:modle', 'Invalid resource_type selector "modle"; did you mean \'model\'?'],
  ])('%s', (select, note) => {
    expect(selector.select(select).notes).toEqual([note]);
    expect(inPage(select)).toEqual([]);
  });

  it('what tests look at, where only tests are selected', () => {
    const { vertices, notes } = selector.select('test_type:generic');
    expect(notes).toEqual([expect.stringMatching(/^\d+ tests?: what they look at is drawn$/)]);
    expect(vertices.size).toBeGreaterThan(0);
  });
});
