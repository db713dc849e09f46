/** A hostile project runs nothing and asks nobody: over file:// and http, under the page's own policy. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, visit } from '../../../testing/browser.ts';
import { hostileDocsInput } from '../../../testing/hostile-docs-input.ts';
import { type StaticServer, serveFolder } from '../../../testing/static-server.ts';
import { writePage } from '../../page.ts';
import { strangeLinks } from './facts.ts';

const MODEL = 'model.evil.victim';

const ROUTES = [
  '#/',
  '#/lineage',
  '#/lineage?view=list',
  '#/lineage?view=folders',
  '#/lineage?view=map',
  `#/lineage?col=${MODEL}.plain`,
  '#/lineage?select=<img src=x onerror=window.PWNED=1>',
  '#/lineage?col=</script><script>window.PWNED=1</script>',
  '#/models',
  `#/model/${MODEL}`,
  `#/model/${MODEL}/code`,
  `#/model/${MODEL}/compiled?col=plain`,
  `#/model/${MODEL}/tests`,
  `#/model/${MODEL}/runs`,
  `#/model/${MODEL}/lineage`,
  '#/model/source.evil.lake.victim',
  '#/model/exposure.evil.report',
  '#/model/javascript:window.PWNED=1',
  '#/sources',
  '#/tests',
  '#/runs',
];

let browser: Browser;
let server: StaticServer;
const folders: Record<string, string> = {};

beforeAll(async () => {
  for (const [name, split] of [
    ['one', false],
    ['split', true],
  ] as const) {
    folders[name] = mkdtempSync(join(tmpdir(), 'sq-hostile-'));
    writePage(hostileDocsInput(), folders[name], { split, static: false, compiledCode: true, meta: true });
  }
  server = await serveFolder(folders['split']!);
  browser = await launchBrowser();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['from a disk', () => `file://${folders['one']}/index.html`],
  ['from a disk, code beside the page', () => `file://${folders['split']}/index.html`],
  ['over http, code beside the page', () => server.url],
])('%s', (_, url) => {
  it('no route runs or asks anything', { timeout: 300_000 }, async () => {
    const { page, problems, open, close } = await visit(browser, { url: url() });
    const found: string[] = [];
    for (const route of ROUTES) {
      await open(route);
      await page.waitForFunction(() => document.querySelector('main h1') !== null);
      if (/code|compiled/.test(route)) await page.waitForSelector('pre.sql');
      await page.mouse.move(400, 300);
      await page.mouse.move(700, 420);
      found.push(...(await page.evaluate(strangeLinks)).map((href) => `${route} links ${href}`));
      const pwned = await page.evaluate(() => (window as { PWNED?: number }).PWNED);
      if (pwned !== undefined) found.push(`${route} ran attempt ${pwned}`);
    }
    // what was typed stays a text, too
    await page.keyboard.press('Control+k');
    await page.keyboard.type('<img src=x onerror=window.PWNED=99>');
    await page.keyboard.press('Escape');
    found.push(
      ...(await page.evaluate(() => [String((window as { PWNED?: number }).PWNED)])).filter(
        (x) => x !== 'undefined',
      ),
    );
    await close();
    expect([...found, ...problems]).toEqual([]);
  });
});

it('the policy is in force: a script that is put into the page does not run', {
  timeout: 120_000,
}, async () => {
  const { page, problems, open, close } = await visit(browser, {
    url: `file://${folders['one']}/index.html`,
  });
  await open('#/');
  const refused = await page.evaluate(() => {
    const element = document.createElement('div');
    try {
      element.innerHTML = '<b>x</b>';
    } catch (error) {
      return (error as Error).name;
    }
    return 'allowed';
  });
  await page.evaluate(() => {
    const image = document.createElement('img');
    image.src = 'https://evil.example/x.png';
    document.body.append(image);
  });
  await close();
  expect(refused).toBe('TypeError');
  expect(problems.join()).toContain('Content Security Policy');
});
