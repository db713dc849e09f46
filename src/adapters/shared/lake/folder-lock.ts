/**
 * One run at a time writes a folder of the lake on this disk: a file in it names the process, which touches it while it
 * lives. Whoever finds the file of a process that is gone, or one that nobody touches (a container that was killed has
 * a name that never comes again), takes its place.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { SqError } from '../../../errors.ts';

/** Hidden: no reader takes it for data. */
export const LOCK_NAME = '.sq-lock';
const PAUSE_MS = 100;

interface Holder {
  pid: number;
  host: string;
  /** Tells two locks of one process apart. */
  id: string;
}

export interface LockOptions {
  /** The folder as the author wrote it. */
  shown: string;
  signal: AbortSignal;
  /** Milliseconds to wait for another run; default a minute, as for a database file. */
  wait?: number;
  /** Milliseconds of waiting after which a lock that was not touched meanwhile is nobody's; default 30 seconds. */
  quiet?: number;
  /** Milliseconds between two touches; default 5 seconds. */
  beat?: number;
}

/** Answers what gives the folder free again. Throws SqError when another run keeps it. `folder` exists. */
export async function lockFolder(
  folder: string,
  { shown, signal, wait = 60_000, quiet = 30_000, beat = 5_000 }: LockOptions,
): Promise<() => void> {
  const path = join(folder, LOCK_NAME);
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() } satisfies Holder);
  let seen: Seen | undefined;
  // counted in looks and not by the clock: of two machines, or after a pause of this one, clocks say little
  for (let waited = 0, untouched = 0; ; waited += PAUSE_MS, untouched += PAUSE_MS) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return held(path, mine, beat);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const now = look(path);
    if (now !== undefined) {
      if (now.text !== seen?.text || now.touched !== seen.touched) untouched = 0;
      seen = now;
      if ((isLeftBehind(now.holder) || untouched >= quiet) && takeAway(path, now.text)) continue;
    }
    if (waited >= wait || signal.aborted) throw busy(shown, seen?.holder);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Touches the lock until it is given back; by then it may be another's, if this process stood still for long. */
function held(path: string, mine: string, beat: number): () => void {
  const timer = setInterval(() => {
    const now = new Date();
    try {
      if (look(path)?.text === mine) return utimesSync(path, now, now);
    } catch {
      // taken by another in between
    }
    clearInterval(timer);
  }, beat);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (look(path)?.text === mine) rmSync(path, { force: true });
  };
}

interface Seen {
  text: string;
  touched: number;
  /** Undefined while it is being written, and for what no sq has written. */
  holder: Holder | undefined;
}

/** Undefined where it is gone meanwhile. */
function look(path: string): Seen | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return { text, touched: statSync(path).mtimeMs, holder: holderOf(text) };
  } catch {
    return undefined;
  }
}

function holderOf(text: string): Holder | undefined {
  try {
    const { pid, host, id } = JSON.parse(text) as Holder;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, id } : undefined;
  } catch {
    return undefined;
  }
}

function isLeftBehind(holder: Holder | undefined): boolean {
  return holder !== undefined && holder.host === hostname() && !isRunning(holder.pid);
}

/** Of two that find it, one may have put its own there meanwhile: that one goes back. False where it cannot be moved. */
function takeAway(path: string, text: string): boolean {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  try {
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, path);
  } catch {
    // a third was quicker
  }
  rmSync(aside, { force: true });
  return true;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function busy(shown: string, holder: Holder | undefined): SqError {
  const who = holder === undefined ? '' : ` (process ${holder.pid} on ${holder.host})`;
  return new SqError({
    kind: 'Runtime',
    code: 'lake-busy',
    message: `${shown} is being written by another run${who}.`,
    hint: `run the model again when that has ended; if it never will, delete ${shown}${LOCK_NAME}`,
  });
}
