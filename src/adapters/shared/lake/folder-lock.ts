/**
 * One run at a time writes a folder of the lake on this disk: a file in it names the process. Whoever finds the file of
 * a process that is gone takes its place.
 */
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { SqError } from '../../../errors.ts';

/** Hidden: no reader takes it for data. */
export const LOCK_NAME = '.sq-lock';
const PAUSE_MS = 100;
/** A lock without a word in it is being written; older, its writer died. */
const WORDLESS_MS = 5_000;

interface Holder {
  pid: number;
  host: string;
}

export interface LockOptions {
  /** The folder as the author wrote it. */
  shown: string;
  signal: AbortSignal;
  /** Milliseconds to wait for another run; default a minute, as for a database file. */
  wait?: number;
}

/** Answers what gives the folder free again. Throws SqError when another run keeps it. `folder` exists. */
export async function lockFolder(
  folder: string,
  { shown, signal, wait = 60_000 }: LockOptions,
): Promise<() => void> {
  const path = join(folder, LOCK_NAME);
  const mine = JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder);
  for (let waited = 0; ; waited += PAUSE_MS) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(path);
    if (typeof holder === 'object' && 'leftBehind' in holder) {
      takeAway(path, holder.leftBehind);
      continue;
    }
    if (waited >= wait || signal.aborted) throw busy(shown, holder);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** `leftBehind`: the text of a lock whose process is gone. */
function holderOf(path: string): Holder | 'unknown' | { leftBehind: string } {
  try {
    const text = readFileSync(path, 'utf8');
    if (text === '')
      return Date.now() - statSync(path).mtimeMs > WORDLESS_MS ? { leftBehind: text } : 'unknown';
    const holder = JSON.parse(text) as Holder;
    return holder.host === hostname() && !isRunning(holder.pid) ? { leftBehind: text } : holder;
  } catch {
    return 'unknown';
  }
}

/** Of two that find it, one may have put its own there meanwhile: that one goes back. */
function takeAway(path: string, text: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, path);
  } catch {
    // another run was quicker
  }
  rmSync(aside, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function busy(shown: string, holder: Holder | 'unknown'): SqError {
  const who = holder === 'unknown' ? '' : ` (process ${holder.pid} on ${holder.host})`;
  return new SqError({
    kind: 'Runtime',
    code: 'lake-busy',
    message: `${shown} is being written by another run${who}.`,
    hint: `run the model again when that has ended; if it never will, delete ${shown}${LOCK_NAME}`,
  });
}
