/** What a database and each connection run before anything else: extensions, secrets, attachments, settings. */
import { availableParallelism } from 'node:os';
import { attachSql } from './attachment.ts';
import type { DuckDbSettings } from './settings.ts';

/** Extensions that are part of the library. */
const BUILT_IN = new Set(['json', 'parquet', 'icu', 'core_functions', 'autocomplete', 'jemalloc']);

/**
 * Statements for the database, once. A step with `fallback` is tried first and, where it fails, replaced: an
 * extension that is installed is loaded, one that is not is downloaded. `connections` is how many are used at once.
 */
export function databaseSetup(
  settings: DuckDbSettings,
  connections: number,
): { sql: string; fallback?: string }[] {
  const extensions = settings.extensions.filter((extension) => !BUILT_IN.has(extension.name.toLowerCase()));
  return [
    // timestamps with time zone print the same on every machine
    { sql: "set global TimeZone = 'UTC'" },
    { sql: `set global threads = ${engineThreads(connections)}` },
    ...extensions.map(({ name, repository }) => ({
      sql: `load ${name}`,
      fallback: `install ${name}${repository === undefined ? '' : ` from ${repositoryName(repository)}`}; load ${name}`,
    })),
    ...settings.secrets.map((secret, i) => ({ sql: secretSql(secret, i) })),
    ...settings.attach.map((attachment) => ({ sql: attachSql(attachment) })),
  ];
}

/**
 * DuckDB counts its own workers and one caller; each of our connections is a caller of its own. So that together
 * they are as many as the machine's cores, the workers make room for the connections (measured on two cores, 963
 * small models over four connections: a quarter less processor time than with DuckDB's default). A profile's
 * `settings: {threads}` comes after and wins.
 */
function engineThreads(connections: number): number {
  return Math.max(1, availableParallelism() - Math.max(1, connections) + 1);
}

/** One text of statements for each new connection; `use` names the database that names without one belong to. */
export function connectionSetup(settings: DuckDbSettings, use?: string): string {
  return [
    'set errors_as_json = true',
    ...(use === undefined ? [] : [`use ${quoted(use)}`]),
    ...Object.entries(settings.settings).map(([name, value]) => `set ${name} = ${settingValue(value)}`),
  ].join('; ');
}

function secretSql(secret: Record<string, unknown>, index: number): string {
  const { name, persistent, type, ...rest } = secret;
  const secretName = typeof name === 'string' ? name : `_dbt_secret_${index + 1}`;
  const options = Object.entries(rest).map(([key, value]) => `${key} ${secretValue(value)}`);
  return `create or replace ${persistent === true ? 'persistent ' : ''}secret ${quoted(secretName)} (${[`type ${String(type)}`, ...options].join(', ')})`;
}

function secretValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(secretValue).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    return `map {${Object.entries(value)
      .map(([key, item]) => `${text(key)}: ${secretValue(item)}`)
      .join(', ')}}`;
  }
  return typeof value === 'boolean' ? String(value) : text(String(value));
}

function settingValue(value: unknown): string {
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : text(String(value));
}

/** `core`, `community` and the like are words; anything else is an address. */
function repositoryName(repository: string): string {
  return /^\w+$/.test(repository) ? repository : text(repository);
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
