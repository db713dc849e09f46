/**
 * Before all tests: builds `dist/` when a source file is newer, so that tests of the command test this code, and
 * names the folder of a PostgreSQL that is started when a test asks for it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLI } from './cli.ts';
import { reserveCluster } from './postgres.ts';

function newest(folder: string): number {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(path));
    else if (!entry.name.endsWith('.test.ts')) latest = Math.max(latest, statSync(path).mtimeMs);
  }
  return latest;
}

/** Answers what is to be done after all tests. */
export default function setup(): () => void {
  build();
  return reserveCluster();
}

function build(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  if (existsSync(CLI) && statSync(CLI).mtimeMs >= newest(join(root, 'src'))) return;
  try {
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'pipe' });
  } catch (error) {
    // the tests of one room may still run; those of the command will say what is missing
    console.error(`building dist/ failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
