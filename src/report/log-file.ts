/**
 * `logs/dbt.log`: everything at debug level, one section an invocation. Lines are collected and written in
 * large pieces, since a run makes thousands; warnings and errors are written at once, the rest at the latest
 * after a second, at the end, and when the process ends in any way that still runs its exit handlers.
 */
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface LogFileOptions {
  /** Absolute folder; made when it is missing. */
  folder: string;
  /** Size in bytes at which the file is set aside as `dbt.log.1`; five of these are kept. 0: never. */
  maxBytes: number;
}

export interface LogFile {
  /** Appends one line (without its line break). */
  line(text: string, urgent: boolean): void;
  close(): void;
}

const KEPT = 5;
const PIECE = 64 * 1024;

/** Undefined when the folder cannot be written: logging never stops a run. */
export function openLogFile(options: LogFileOptions): LogFile | undefined {
  const path = join(options.folder, 'dbt.log');
  let file: number;
  try {
    mkdirSync(options.folder, { recursive: true });
    file = openSync(path, 'a');
  } catch {
    return undefined;
  }
  let size = fstatSync(file).size;
  let pending: string[] = [];
  let length = 0;
  let timer: NodeJS.Timeout | undefined;

  const rotate = () => {
    closeSync(file);
    for (let n = KEPT - 1; n >= 1; n--) {
      if (existsSync(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
    }
    renameSync(path, `${path}.1`);
    file = openSync(path, 'a');
    size = 0;
  };
  const flush = () => {
    if (timer) clearTimeout(timer);
    timer = undefined;
    if (pending.length === 0) return;
    const bytes = Buffer.from(pending.join(''));
    pending = [];
    length = 0;
    try {
      if (options.maxBytes > 0 && size > 0 && size + bytes.length > options.maxBytes) rotate();
      size += writeSync(file, bytes);
    } catch {
      // a full disk must not hide what the run itself has to say
    }
  };
  process.once('exit', flush);

  return {
    line(text, urgent) {
      pending.push(text, '\n');
      length += text.length + 1;
      if (urgent || length > PIECE) flush();
      else timer ??= setTimeout(flush, 1000).unref();
    },
    close() {
      flush();
      process.removeListener('exit', flush);
      closeSync(file);
    },
  };
}
