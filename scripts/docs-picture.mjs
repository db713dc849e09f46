// Makes docs/docs-site.png: the first page of the sample's docs, as Chromium draws it.
//
//   node scripts/docs-picture.mjs
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = new URL('..', import.meta.url).pathname;
/** A README with a heavy picture is slow for everybody. */
const MOST_BYTES = 150_000;

const folder = mkdtempSync(join(tmpdir(), 'sq-picture-'));
try {
  for (const part of ['dbt_project.yml', 'models', 'macros', 'tests', 'project']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  for (const command of [['build'], ['build'], ['build'], ['docs', 'generate']]) {
    const { status, stdout } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...command], {
      cwd: folder,
      env: { ...process.env, HOME: folder },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`sq ${command.join(' ')} failed:\n${stdout}`);
  }
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${pathToFileURL(join(folder, 'target/index.html'))}#/`);
  await page.waitForFunction(() => document.documentElement.dataset.complete === 'yes');
  const path = join(root, 'docs/docs-site.png');
  await page.screenshot({ path });
  await browser.close();
  const { size } = statSync(path);
  console.log(`${path}: ${Math.round(size / 1000)} kB`);
  if (size > MOST_BYTES) throw new Error(`the picture has ${size} bytes, at most ${MOST_BYTES} are wanted`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
