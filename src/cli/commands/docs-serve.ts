import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readState } from '../../docs/generated-state.ts';
import { historyFolder } from '../../docs/history/history-folder.ts';
import { serveDocs } from '../../docs/serve.ts';
import { SQ_VERSION } from '../../version.ts';
import { docsOptions } from '../docs/docs-options.ts';
import { generateDocs } from '../docs/generate-docs.ts';
import { type Opened, openAndParse } from '../open-and-parse.ts';
import type { Session } from '../session.ts';

/** Serves until Ctrl-C; that is its success. */
export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const { other } = invocation.flags;
  const opened = await openAndParse(session);
  const { targetPath } = opened.context;
  // before the work, so that a port in use is not found out after it
  const host = typeof other.host === 'string' ? other.host : '127.0.0.1';
  const served = await serveDocs({ folder: targetPath, host, port: Number(other.port) });
  try {
    if (isStale(opened)) await generateDocs(opened, { ...docsOptions(session, opened), compile: true });
    const msg = `Serving docs at ${served.port}\nTo access from your browser, navigate to: ${served.url}\n\n\nPress Ctrl+C to exit.`;
    invocation.emit({ name: 'ListCmdOut', msg });
    if (other.browser !== false && process.stdout.isTTY) openBrowser(served.url);
    await untilAborted(invocation.signal);
  } finally {
    await served.close();
  }
  return 0;
}

/** No page, one of another state of the project, or one that is older than a run or a check of sources. */
function isStale({ context, parsed }: Opened): boolean {
  const { targetPath, projectDir } = context;
  const page = timeOf(join(targetPath, 'index.html'));
  if (page === undefined || readState(targetPath, SQ_VERSION).page?.body !== parsed.body) return true;
  const history = historyFolder(projectDir);
  const runs = timeOf(history) === undefined ? [] : readdirSync(history).map((name) => join(history, name));
  return [...runs, join(targetPath, 'sources.json')].some((path) => (timeOf(path) ?? 0) > page);
}

function timeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Without one there is the address in the terminal. */
function openBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(program!, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
