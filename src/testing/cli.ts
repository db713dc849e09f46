/** Runs the built command as a person would: `node dist/cli.js ...` in a folder, nothing on stdin. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** In `dist/`, or where SQ_DIST told scripts/build.mjs to build. */
export const CLI = resolve(ROOT, process.env.SQ_DIST || 'dist', 'cli.js');

export interface SqCall {
  code: number;
  stdout: string;
  stderr: string;
}

export interface SqOptions {
  cwd: string;
  env?: Record<string, string | undefined>;
  /** Sent SIGINT after this many milliseconds. */
  interruptAfterMs?: number;
}

/** Variables of the caller that would change what sq does are left out. */
function cleanEnv(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(DBT_|SQ_|NO_COLOR|FORCE_COLOR)/.test(name)),
  );
}

export function sq(args: readonly string[], options: SqOptions): Promise<SqCall> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: options.cwd,
      env: { ...cleanEnv(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer =
      options.interruptAfterMs && setTimeout(() => child.kill('SIGINT'), options.interruptAfterMs);
    child.on('error', reject);
    child.on('close', (code) => {
      if (timer) clearTimeout(timer);
      resolve({ code: code ?? 1, stdout, stderr });
    });
  });
}
