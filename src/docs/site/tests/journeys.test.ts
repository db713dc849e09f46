/** What people come for, on the sample, by keyboard alone, from a disk without a network and over http. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type Visit, visit } from '../../../testing/browser.ts';
import { CliProject } from '../../../testing/cli-project.ts';
import { type StaticServer, serveFolder } from '../../../testing/static-server.ts';
import { drawingFaults } from './facts.ts';

const DATABASE = 'sparkify.duckdb';
/** Real time: a clock that stands still would have no critical path. */
const CLOCK = { SQ_TEST_NOW: '' };

let sample: CliProject;
let browser: Browser;
let server: StaticServer;
/** Of the build that the page shows. */
let runResults: string;

beforeAll(async () => {
  sample = CliProject.sample();
  expect((await sample.sq('build', CLOCK)).code).toBe(0);
  // before `docs generate` writes results of its own, of what it compiled
  runResults = sample.read('target/run_results.json');
  expect((await sample.sq('docs generate', CLOCK)).code).toBe(0);
  server = await serveFolder(join(sample.dir, 'target'));
  browser = await launchBrowser();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  sample?.remove();
});

const WAYS = [
  ['from a disk', () => `file://${join(sample.dir, 'target/index.html')}`],
  ['over http', () => server.url],
] as const;

/** Presses a key until the focus is on what `reached` says; a journey that does not get there has no end. */
async function pressUntil(page: Page, key: string, reached: () => boolean, most = 120): Promise<void> {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key);
    if (await page.evaluate(reached)) return;
  }
  throw new Error(`${most} times ${key} did not lead there: ${reached}`);
}

async function find(page: Page, words: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(words);
  await page.waitForFunction(() => document.querySelectorAll('#hits li').length > 0);
  await page.keyboard.press('Enter');
}

const heading = (page: Page) => page.locator('main h1').innerText();
const focusedHeading = () => document.activeElement?.tagName === 'H1';

describe.each(WAYS)('%s', (_, url) => {
  let seen: Visit;
  beforeAll(async () => {
    seen = await visit(browser, { url: url() });
    await seen.open('');
  }, 120_000);
  afterAll(() => seen?.close());

  it('songplays is found, and its rows are those of the database', { timeout: 120_000 }, async () => {
    const { page } = seen;
    await find(page, 'songplays');
    await page.waitForFunction(focusedHeading);
    expect(await heading(page)).toBe('songplays');
    const [[rows]] = (await sample.query('select count(*) from songplays', DATABASE)) as [[bigint]];
    expect(await page.locator('.pills').innerText()).toContain(`${rows} rows`);
  });

  it('artist_id is traced back to the song files', { timeout: 120_000 }, async () => {
    const { page } = seen;
    await pressUntil(page, 'Tab', () => document.activeElement?.textContent === 'artist_id');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.hash.startsWith('#/lineage?col='));
    await page.waitForSelector('.column-edges path', { state: 'attached' });
    const names = await page.locator('.node .name').allTextContents();
    expect(names.slice().sort()).toEqual(['songplays', 'songs', 'staging_songs']);
    expect(await page.locator('.column.traced').count()).toBe(1);
    expect(await page.evaluate(drawingFaults)).toEqual([]);
    await pressUntil(page, 'Tab', () =>
      (document.activeElement?.getAttribute('aria-label') ?? '').startsWith('model songplays,'),
    );
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    const at = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    expect(at).toMatch(/^source raw\.songs, /);
    await page.keyboard.press('Enter');
    await page.waitForFunction(focusedHeading);
    expect(await heading(page)).toBe('raw.songs');
  });

  it('the critical path is that of the run', { timeout: 120_000 }, async () => {
    const { page } = seen;
    await find(page, 'runs');
    await page.waitForSelector('table[aria-label="Critical path"]');
    const shown = await page
      .locator('table[aria-label="Critical path"] tbody tr td:nth-child(2)')
      .allInnerTexts();
    expect(shown.map((text) => text.trim())).toEqual(criticalPathOfRun());
    // at least the table it loads from stands before the last one
    expect(shown.length).toBeGreaterThan(1);
  });

  it('columns of a card are opened, traced and left again', { timeout: 120_000 }, async () => {
    const { page } = seen;
    await find(page, 'lineage');
    await page.waitForSelector('.node');
    await pressUntil(page, 'Tab', () => document.activeElement?.classList.contains('card') ?? false);
    await pressUntil(
      page,
      'ArrowRight',
      () => (document.activeElement?.getAttribute('aria-label') ?? '').startsWith('model staging_'),
      3,
    );
    await page.keyboard.press('c');
    await page.waitForSelector('.column');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^trace column /,
    );
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^model staging_/,
    );
  });

  it('dark and light are switched, and kept', { timeout: 120_000 }, async () => {
    const { page } = seen;
    await pressUntil(page, 'Tab', () => document.activeElement?.classList.contains('theme') ?? false);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    expect(seen.problems).toEqual([]);
  });
});

it('rows of every table are those of the database', { timeout: 120_000 }, async () => {
  const seen = await visit(browser, { url: WAYS[0][1]() });
  await seen.open('#/models?type=model');
  const shown = await seen.page.evaluate(() =>
    [...document.querySelectorAll('main tbody tr')].map((row) => {
      const cells = [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? '');
      return [cells[0]!, Number(cells[5]!.replaceAll(',', ''))] as const;
    }),
  );
  await seen.close();
  expect(shown.length).toBe(7);
  for (const [table, rows] of shown) {
    const [[counted]] = (await sample.query(`select count(*) from "${table}"`, DATABASE)) as [[bigint]];
    expect([table, rows]).toEqual([table, Number(counted)]);
  }
});

it('a test that fails is what the page says first', { timeout: 300_000 }, async () => {
  sample.write({ 'tests/no_more_than_three_songs.sql': "select song_id from {{ ref('songs') }} offset 3\n" });
  expect((await sample.sq('build', CLOCK)).code).toBe(1);
  expect((await sample.sq('docs generate', CLOCK)).code).toBe(0);
  const [[failing]] = (await sample.query('select count(*) - 3 from songs', DATABASE)) as [[bigint]];
  const seen = await visit(browser, { url: WAYS[0][1]() });
  const { page } = seen;
  await seen.open('#/');
  expect(await page.locator('.attention').innerText()).toContain(`${failing} failing rows`);
  await pressUntil(page, 'Tab', () => document.activeElement?.textContent === 'no_more_than_three_songs');
  await page.keyboard.press('Enter');
  await page.waitForFunction(focusedHeading);
  expect(await heading(page)).toBe('songs');
  await page.waitForSelector('details[open] pre.sql');
  const test = page.locator('li.lit');
  expect(await test.innerText()).toContain(`${failing} failing rows`);
  expect(await test.innerText()).toContain('offset 3');
  await seen.close();
  expect(seen.problems).toEqual([]);
});

/** From what finished last back to the parent that finished last, out of run_results.json and the manifest. */
function criticalPathOfRun(): string[] {
  interface Result {
    unique_id: string;
    timing: { started_at: string; completed_at: string }[];
  }
  const { results } = JSON.parse(runResults) as { results: Result[] };
  const { nodes } = JSON.parse(sample.read('target/manifest.json')) as {
    nodes: Record<string, { name: string; depends_on: { nodes: string[] } }>;
  };
  const end = new Map(
    results
      .filter(({ unique_id: id, timing }) => /^(?:model|seed)\./.test(id) && timing.length > 0)
      .map(({ unique_id: id, timing }) => [id, Date.parse(timing.at(-1)!.completed_at)]),
  );
  const lastOf = (ids: Iterable<string>) =>
    [...ids]
      .filter((id) => end.has(id))
      .reduce<string | undefined>(
        (a, b) => (a !== undefined && end.get(a)! >= end.get(b)! ? a : b),
        undefined,
      );
  const path: string[] = [];
  for (let id = lastOf(end.keys()); id !== undefined; id = lastOf(nodes[id]!.depends_on.nodes))
    path.unshift(nodes[id]!.name);
  return path;
}
