/**
 * Real Chromium for tests of the docs page: no network, and every error of the console, error of the page and
 * request that leaves it is a failure of the test.
 */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's; `CHROMIUM` names another one. */
const PROGRAM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export function launchBrowser(): Promise<Browser> {
  if (!existsSync(PROGRAM)) {
    throw new Error(
      `Chromium is not at ${PROGRAM}: apt-get install chromium, or set CHROMIUM to the program`,
    );
  }
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS, timeout: 120_000 });
}

export interface Visit {
  page: Page;
  /** What went wrong so far, in order: must be empty at the end. */
  problems: string[];
  /** Opens a route of the page and waits until all of it has been read. */
  open(route: string): Promise<void>;
  close(): Promise<void>;
}

export interface VisitOptions extends BrowserContextOptions {
  /** Where the page is: `file:///…/index.html` or `http://127.0.0.1:…/`. */
  url: string;
}

/** A context of its own: nothing is kept from one visit to the next. */
export async function visit(browser: Browser, { url, ...options }: VisitOptions): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    offline: url.startsWith('file:'),
    ...options,
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(url.replace(/index\.html$/, '')) && !/^(data|blob):/.test(asked)) {
      problems.push(`request: ${asked}`);
    }
  });
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  return {
    page,
    problems,
    async open(route) {
      await page.goto(url + route);
      // a text would be evaluated, which the policy of the page does not allow
      await page.waitForFunction(COMPLETE, null, { timeout: 60_000 });
    },
    close: () => context.close(),
  };
}

// runs in the page: this file is checked without the types of a browser
const COMPLETE = new Function(
  "return document.documentElement.dataset.ready === 'yes' && document.documentElement.dataset.complete === 'yes'",
) as () => boolean;
