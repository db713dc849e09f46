/** Opens the database file: one instance a file and process, waiting for another process to let go of it. */
import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { basename, dirname, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, InstanceCache } from '@duckdb/node-bindings';
import { SqError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { Binding } from './binding.ts';
import { type DuckDbSettings, MEMORY_PATH } from './settings.ts';

/**
 * DuckDB's own registry of open files. It is the one thing that runs in a process share, on purpose: two
 * instances of one file in a process lose data silently.
 */
const instances = new WeakMap<Binding, InstanceCache>();

export interface OpenRequest {
  binding: Binding;
  settings: DuckDbSettings;
  readOnly: boolean;
  invocation: Pick<Invocation, 'emit' | 'signal' | 'cwd'>;
}

/**
 * Throws SqError kind Runtime: folder missing, no permission, not a database, written by a newer DuckDB, or
 * held by another process for longer than `lock_timeout` seconds.
 */
export async function openDatabase(request: OpenRequest): Promise<Database> {
  const { binding, settings, invocation } = request;
  const deadline = performance.now() + settings.lockTimeout * 1000;
  let pause = 50;
  let told: string | undefined;
  for (;;) {
    try {
      return await openOnce(request);
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      const holder = lockHolder(message);
      if (holder === undefined) throw openError(message, settings.path, invocation.cwd, binding, thrown);
      if (performance.now() >= deadline) throw lockError(holder, settings, invocation.cwd, thrown);
      // the same process may show itself with less when it is about to end
      if (told === undefined || (pidOf(holder) ?? pidOf(told)) !== pidOf(told)) {
        const file = shownPath(settings.path, invocation.cwd);
        invocation.emit({
          name: 'SqNotice',
          topic: 'lock',
          msg: `${file} is held by ${holder}; waiting up to ${settings.lockTimeout} s (lock_timeout)`,
        });
        told = holder;
      }
      await pauseFor(Math.min(pause, Math.max(1, deadline - performance.now())), invocation.signal);
      pause = Math.min(pause * 1.6, 1000);
    }
  }
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (cause) {
    const message = 'Waiting for the database file was cancelled.';
    throw new SqError({ kind: 'Runtime', code: 'cancelled', message, cause });
  }
}

function openOnce({ binding, settings, readOnly }: OpenRequest): Promise<Database> {
  const config = binding.create_config();
  const options = {
    // order is what `order by` says; keeping the files' order costs memory and time
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: `${Math.floor((availableMemory() * 0.6) / 1_000_000)}MB`,
    ...settings.configOptions,
    ...(readOnly && settings.path !== MEMORY_PATH ? { access_mode: 'READ_ONLY' } : {}),
  };
  for (const [name, value] of Object.entries(options)) binding.set_config(config, name, value);
  if (settings.path === MEMORY_PATH) return binding.open(MEMORY_PATH, config);
  let cache = instances.get(binding);
  if (cache === undefined) {
    cache = binding.create_instance_cache();
    instances.set(binding, cache);
  }
  return binding.get_or_create_from_cache(cache, settings.path, config);
}

/** Bytes: the machine's, or less where a container sets a limit. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** `process 4711 (/usr/bin/python3)`, or undefined when the error is not about a lock. */
function lockHolder(message: string): string | undefined {
  if (/different configuration than existing connections/.test(message))
    return `process ${process.pid} (sq itself)`;
  if (!/Could not set lock on file|being used by another process/.test(message)) return undefined;
  const match = /held in (.+?)(?: by user .+?)? \(PID (\d+)\)|\(PID (\d+)\)/.exec(message);
  if (match === null) return 'another process';
  return match[1] === undefined ? `process ${match[3]}` : `process ${match[2]} (${match[1]})`;
}

/** Undefined where the engine did not name one. */
function pidOf(holder: string): string | undefined {
  return /^process (\d+)/.exec(holder)?.[1];
}

function lockError(holder: string, settings: DuckDbSettings, cwd: string, cause: unknown): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'database-locked',
    message: `${shownPath(settings.path, cwd)} could not be opened: ${holder} holds it and did not let go within ${settings.lockTimeout} s.`,
    hint: 'DuckDB lets one process write at a time: end that process (a notebook, a viewer, another run), or raise `lock_timeout` in the profile',
    cause,
  });
}

function openError(message: string, path: string, cwd: string, binding: Binding, cause: unknown): SqError {
  const file = shownPath(path, cwd);
  const error = (code: string, text: string, hint: string) =>
    new SqError({ kind: 'Runtime', code, message: text, hint, cause });
  if (path !== MEMORY_PATH && !existsSync(dirname(path))) {
    const folder = shownPath(dirname(path), cwd);
    return error(
      'database-folder',
      `${file} could not be opened: the folder ${folder} does not exist.`,
      `create it: mkdir -p ${folder}`,
    );
  }
  const version = /version number (\d+)/.exec(message)?.[1];
  if (version !== undefined) {
    return error(
      'database-version',
      `${file} was written by another version of DuckDB (storage version ${version}); this one is DuckDB ${binding.library_version()}.`,
      "open it with the DuckDB that wrote it and copy it: `ATTACH ... (STORAGE_VERSION 'v1.5.0'); COPY FROM DATABASE ...`, or name another file in `path`",
    );
  }
  if (/Permission denied|Read-only file system/i.test(message)) {
    return error(
      'database-permission',
      `${file} could not be opened: no permission to write it.`,
      `look at the rights of the file and of its folder, or name another file in \`path\``,
    );
  }
  if (/not a valid DuckDB database file/.test(message)) {
    return error(
      'not-a-database',
      `${file} is not a DuckDB database.`,
      'name another file in `path`; sq does not overwrite what it did not write',
    );
  }
  if (/Corrupt database file/.test(message)) {
    return error(
      'database-corrupt',
      `${file} is damaged: ${message}`,
      'restore it from a copy, or remove it and run `sq build` again',
    );
  }
  return new SqError({
    kind: 'Runtime',
    code: 'database-open',
    message: `${file} could not be opened: ${message}`,
    cause,
  });
}

function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside === '' || inside.startsWith('..') ? (dirname(path) === cwd ? basename(path) : path) : inside;
}
