/**
 * A DuckDB output of profiles.yml, validated. Keys and defaults are dbt-duckdb's; `lock_timeout` is sq's own
 * (decision 5). Relative paths count from the current folder, as there.
 */
import { basename, extname, resolve } from 'node:path';
import type { Settings, SettingsContext } from '../contract.ts';
import { isRecord, ProfileReader } from '../shared/profile-reader.ts';
import { type Attachment, readAttachment } from './attachment.ts';

export const MEMORY_PATH = ':memory:';

export interface DuckDbSettings {
  /** Absolute, or `:memory:`. */
  path: string;
  /** Seconds to wait for another process to let go of the file. */
  lockTimeout: number;
  extensions: { name: string; repository: string | undefined }[];
  /** `settings:`, run as SET on every connection. */
  settings: Record<string, unknown>;
  /** `config_options:`, given when the database is opened. */
  configOptions: Record<string, string>;
  secrets: Record<string, unknown>[];
  attach: Attachment[];
  /** Where external models without a location are written; relative to the project. */
  externalRoot: string;
}

const KEYS = [
  'path',
  'lock_timeout',
  'extensions',
  'settings',
  'secrets',
  'attach',
  'config_options',
  'external_root',
  'memory_limit',
  // dbt-duckdb's keys that mean nothing here or need Python
  'retries',
  'disable_transactions',
  'keep_open',
  'use_credential_provider',
  'filesystems',
  'plugins',
  'module_paths',
  'remote',
  'is_ducklake',
];
const NEED_PYTHON = ['filesystems', 'plugins', 'module_paths', 'remote'];
const SECRET_KEY = /secret|key|token|password|connection_string/i;

/** Throws SqError kind Runtime (`Credentials in profile …`) for a value that cannot be used. */
export function duckDbSettings(output: Record<string, unknown>, context: SettingsContext): Settings {
  const reader = new ProfileReader(output, context);
  reader.allowOnly(KEYS);
  const path = databasePath(reader, context);
  const database = databaseName(reader, path);
  const secrets = reader.list('secrets').map((entry) => secretEntry(entry, reader));
  const memoryLimit = reader.text('memory_limit');
  const own: DuckDbSettings = {
    path,
    lockTimeout: reader.number('lock_timeout', 0) ?? 60,
    extensions: reader.list('extensions').map((entry) => extensionEntry(entry, reader)),
    settings: {
      ...(memoryLimit === undefined ? {} : { memory_limit: memoryLimit }),
      ...reader.record('settings'),
    },
    configOptions: Object.fromEntries(
      Object.entries(reader.record('config_options')).map(([name, value]) => [name, String(value)]),
    ),
    secrets,
    attach: reader.list('attach').map((entry) => readAttachment(entry, reader)),
    externalRoot: reader.text('external_root') ?? '.',
  };
  for (const key of NEED_PYTHON.filter((name) => reader.has(name))) {
    context.invocation.emit({
      name: 'SqNotice',
      topic: 'profile',
      msg: `profile key '${key}' of dbt-duckdb needs Python and is not used`,
    });
  }
  const schema = reader.text('schema') ?? 'main';
  return {
    type: 'duckdb',
    database,
    schema,
    threads: reader.integer('threads', 1) ?? 1,
    shown: { path: reader.text('path') ?? path, external_root: own.externalRoot },
    secrets: secretValues(own),
    own,
  };
}

function databasePath(reader: ProfileReader, context: SettingsContext): string {
  const path = reader.text('path');
  if (path === undefined || path === MEMORY_PATH) return MEMORY_PATH;
  if (/^(md|motherduck):/.test(path)) {
    throw reader.invalid(
      `'path' is '${path}': MotherDuck is not supported`,
      'give the path of a local DuckDB file',
    );
  }
  return resolve(context.invocation.cwd, path);
}

/** dbt-duckdb: the file's name without its extension; another name in `database` is refused. */
function databaseName(reader: ProfileReader, path: string): string {
  const name = path === MEMORY_PATH ? 'memory' : basename(path, extname(path));
  if (name === '')
    throw reader.invalid("Unable to determine target database name from 'path' field in profile");
  const given = reader.text('database') ?? reader.text('dbname');
  if (given !== undefined && given !== name) {
    throw reader.invalid(
      `Inconsistency detected between 'path' and 'database' fields in profile; the 'database' property must be set to '${name}' to match the 'path'`,
    );
  }
  return name;
}

function extensionEntry(entry: unknown, reader: ProfileReader): DuckDbSettings['extensions'][number] {
  if (typeof entry === 'string') return { name: entry, repository: undefined };
  if (isRecord(entry) && typeof entry.name === 'string') {
    const repository = entry.repo ?? entry.repository;
    return { name: entry.name, repository: typeof repository === 'string' ? repository : undefined };
  }
  throw reader.invalid(
    `an entry of 'extensions' is ${JSON.stringify(entry)}, it must be a name or {name, repo}`,
  );
}

function secretEntry(entry: unknown, reader: ProfileReader): Record<string, unknown> {
  if (isRecord(entry) && typeof entry.type === 'string') return entry;
  throw reader.invalid("an entry of 'secrets' needs a 'type'");
}

function secretValues(own: DuckDbSettings): string[] {
  const groups = [...own.secrets, own.settings, own.configOptions];
  return groups.flatMap((group) =>
    Object.entries(group)
      .filter(([name, value]) => SECRET_KEY.test(name) && typeof value === 'string' && value !== '')
      .map(([, value]) => value as string),
  );
}
