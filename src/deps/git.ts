/** Git, as a program: a shallow clone at one revision. */
import { spawn } from 'node:child_process';
import { join, normalize } from 'node:path';
import { type Invocation, scrub } from '../invocation.ts';
import type { GitPackage } from './contract.ts';
import { dependencyError } from './dependency-error.ts';

/** Clones into `folder`, which must not exist. Answers the package's folder and the commit. Throws SqError. */
export async function checkOut(
  { git: repository, revision = 'HEAD', subdirectory }: GitPackage,
  folder: string,
  invocation: Invocation,
): Promise<{ path: string; commit: string }> {
  refuseOptions({ git: repository, revision, subdirectory });
  const run = (args: string[], cwd?: string) => git(args, { invocation, repository, revision, cwd });
  await run([
    'clone',
    '--depth',
    '1',
    ...(subdirectory ? ['--filter=blob:none', '--sparse'] : []),
    '--',
    repository,
    folder,
  ]);
  if (subdirectory) await run(['sparse-checkout', 'set', subdirectory], folder);
  if (revision !== 'HEAD') await reset(run, folder, revision);
  const commit = (await run(['rev-parse', 'HEAD'], folder)).trim();
  return { path: subdirectory ? join(folder, subdirectory) : folder, commit };
}

type Run = (args: string[], cwd?: string) => Promise<string>;

async function reset(run: Run, folder: string, revision: string): Promise<void> {
  const fetch = ['fetch', 'origin', '--depth', '1'];
  if (/^[0-9a-f]{40}$/.test(revision)) {
    await run([...fetch, revision], folder).catch(() => run(['fetch', '--unshallow', 'origin'], folder));
    await run(['reset', '--hard', revision], folder);
    return;
  }
  await run(['remote', 'set-branches', 'origin', revision], folder);
  await run([...fetch, '--tags', revision], folder);
  const tags = (await run(['tag', '--list'], folder)).split('\n');
  await run(['reset', '--hard', tags.includes(revision) ? `tags/${revision}` : `origin/${revision}`], folder);
}

/** A value that begins with a dash would be an option of git, one with `..` would leave the clone. */
function refuseOptions(values: Record<string, string | undefined>): void {
  for (const [key, value] of Object.entries(values)) {
    const leaves = key === 'subdirectory' && value !== undefined && /^(\.\.|\/)/.test(normalize(value));
    if (!value?.startsWith('-') && !leaves) continue;
    throw dependencyError('git-value', `'${value}' is no ${key} of a package`);
  }
}

interface Call {
  invocation: Invocation;
  repository: string;
  revision: string;
  cwd: string | undefined;
}

function git(args: string[], { invocation, repository, revision, cwd }: Call): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...invocation.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
    const child = spawn('git', args, {
      cwd,
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: invocation.signal,
    });
    let out = '';
    let problem = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      problem += text;
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      const message =
        cause.code === 'ENOENT' ? 'Make sure `git` is installed on your machine.' : cause.message;
      reject(dependencyError('git', `Could not run git: ${message}`, { cause, kind: 'Runtime' }));
    });
    child.on('close', (code) => {
      if (code === 0) return resolve(out);
      const shown = `Error checking out spec='${revision}' for repo ${repository}\n${problem.trim()}`;
      reject(
        dependencyError('git', scrub(shown, invocation.secrets), {
          kind: 'Internal',
          hint: 'try the same by hand: git clone, with the address of packages.yml',
        }),
      );
    });
  });
}
