/** Every route in both themes and in a narrow window: nothing wrong for axe, nothing overlaps, nothing is cut. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AXE_SOURCE } from '../../../testing/axe-source.ts';
import { launchBrowser, visit } from '../../../testing/browser.ts';
import { madeUpInput } from '../../../testing/docs-input.ts';
import { pageOf } from '../../page.ts';
import { accessFaults, drawingFaults } from './facts.ts';

/** For a person to look at. */
const SHOTS = 'target/docs-page';

const input = madeUpInput(40, { runs: 12 });
const model = [...input.manifest.index.values()].find(
  ({ resource_type, parents }) => resource_type === 'model' && parents.length > 1,
)!.unique_id;
const source = [...input.manifest.index.keys()].find((id) => id.startsWith('source.'))!;
const exposure = [...input.manifest.index.keys()].find((id) => id.startsWith('exposure.'))!;

const ROUTES: readonly (readonly [name: string, route: string, act?: (page: Page) => Promise<void>])[] = [
  ['overview', '#/'],
  ['lineage', '#/lineage'],
  ['lineage-focus', `#/lineage?select=2%2B${model.split('.').at(-1)}%2B2`],
  [
    'lineage-columns',
    `#/lineage?select=1%2B${model.split('.').at(-1)}%2B1`,
    (page) => page.click('.toolbar button[aria-pressed]'),
  ],
  ['lineage-trace', `#/lineage?col=${model}.status`],
  ['lineage-trace-list', `#/lineage?col=${model}.status&view=list`],
  ['lineage-folders', '#/lineage?view=folders'],
  ['lineage-map', '#/lineage?view=map'],
  ['lineage-list', '#/lineage?view=list'],
  ['lineage-nothing', '#/lineage?select=no_such_model'],
  ['models', '#/models'],
  ['model-columns', `#/model/${model}`],
  ['model-code', `#/model/${model}/code`],
  ['model-compiled', `#/model/${model}/compiled`],
  ['model-tests', `#/model/${model}/tests`, (page) => page.click('summary >> nth=0')],
  ['model-runs', `#/model/${model}/runs`],
  ['model-lineage', `#/model/${model}/lineage`],
  ['source', `#/model/${source}`],
  ['exposure', `#/model/${exposure}`],
  ['sources', '#/sources'],
  ['tests', '#/tests'],
  ['runs', '#/runs'],
  ['missing', '#/model/model.made_up.gone'],
  [
    'palette',
    '#/',
    async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('order');
    },
  ],
];

let browser: Browser;
let folder: string;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sq-page-'));
  const { html } = pageOf(input, { split: false, static: false, compiledCode: true, meta: false });
  writeFileSync(join(folder, 'index.html'), html);
  url = `file://${folder}/index.html`;
  mkdirSync(SHOTS, { recursive: true });
  browser = await launchBrowser();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { colorScheme: 'light', viewport: { width: 400, height: 800 } }],
] as const)('%s', (look, options) => {
  it('every route has no fault', { timeout: 600_000 }, async () => {
    // axe is put into the page, which its policy would not allow; the hostile project is tried under the policy
    const { page, problems, open, close } = await visit(browser, { url, bypassCSP: true, ...options });
    await page.addInitScript(AXE_SOURCE);
    const faults: string[] = [];
    for (const [name, route, act] of ROUTES) {
      await open(route);
      await act?.(page);
      await page.waitForFunction(() => document.querySelector('main h1') !== null);
      await page.screenshot({ path: join(SHOTS, `${name}-${look}.png`) });
      for (const fault of await page.evaluate(drawingFaults)) faults.push(`${name}: ${fault}`);
      for (const fault of await page.evaluate(accessFaults)) faults.push(`${name}: ${fault}`);
    }
    await close();
    expect([...faults, ...problems]).toEqual([]);
  });
});
