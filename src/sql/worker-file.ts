/** Where the worker's code stands: beside the bundle it is built for, or made from these sources by the tests. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Name of the file in `dist/`, as scripts/build.mjs writes it. */
const BUILT = 'sql-worker.js';

export function workerFile(): URL {
  const here = new URL(BUILT, import.meta.url);
  if (!import.meta.url.endsWith('.ts')) return here;
  // vitest runs the sources; Node cannot start a worker from them, so a small file bundles them first
  const fromSource = new URL('./worker-from-source.mjs', import.meta.url);
  return existsSync(fileURLToPath(fromSource)) ? fromSource : here;
}
