/**
 * How one layer of config goes over another (dbt: MergeBehavior of each field): tags, hooks and packages
 * append; meta, docs, quoting, column_types, contract update; grants replace per key or append with `+`;
 * everything else replaces.
 */
import type { Hook } from '../../manifest/nodes.ts';

export type ConfigLayer = Readonly<Record<string, unknown>>;

const APPENDING = new Set(['tags', 'pre-hook', 'post-hook', 'packages']);
const UPDATING = new Set([
  'meta',
  'docs',
  'quoting',
  'column_types',
  'contract',
  'snapshot_meta_column_names',
  'latest_version_pointer',
]);

/** Puts `layer` over `into`, in place. Keys keep dbt's spelling: `pre_hook` becomes `pre-hook`. */
export function mergeConfig(into: Record<string, unknown>, layer: ConfigLayer): void {
  for (const rawKey of Object.keys(layer)) {
    const key = configKey(rawKey);
    const value = layer[rawKey];
    if (APPENDING.has(key)) {
      const list = key.endsWith('-hook') ? hooksOf(value) : listOf(value);
      into[key] = [...((into[key] as unknown[] | undefined) ?? []), ...list];
    } else if (UPDATING.has(key) && isRecord(value)) {
      into[key] = { ...(into[key] as Record<string, unknown> | undefined), ...value };
    } else if (key === 'grants' && isRecord(value)) {
      into[key] = mergeGrants((into[key] ?? {}) as Record<string, unknown>, value);
    } else if (key === 'latest_version_pointer' && typeof value === 'boolean') {
      into[key] = { ...(into[key] as Record<string, unknown> | undefined), enabled: value };
    } else {
      into[key] = value;
    }
  }
}

/**
 * Several `config()` calls of one text as one layer. Unlike `mergeConfig` it decides nothing: hooks stay as
 * written and grants keep their `+`, which mean something only over the layers below.
 */
export function mergeCalls(into: Record<string, unknown>, call: ConfigLayer): void {
  const isFirst = Object.keys(into).length === 0;
  for (const rawKey of Object.keys(call)) {
    const key = configKey(rawKey);
    const value = call[rawKey];
    const before = into[key];
    if (isFirst || before === undefined) into[key] = value;
    else if (APPENDING.has(key)) into[key] = [...listOf(before), ...listOf(value)];
    else if (UPDATING.has(key) && isRecord(before) && isRecord(value)) into[key] = { ...before, ...value };
    else if (key === 'grants' && isRecord(before) && isRecord(value)) into[key] = joinGrants(before, value);
    else into[key] = value;
  }
}

function joinGrants(
  before: Record<string, unknown>,
  value: Record<string, unknown>,
): Record<string, unknown> {
  const out = { ...before };
  for (const [key, grantees] of Object.entries(value)) {
    out[key] = key.startsWith('+') ? [...listOf(out[key]), ...listOf(grantees)] : listOf(grantees);
  }
  return out;
}

/** `+tags` -> `tags`, `pre_hook` -> `pre-hook`. */
export function configKey(key: string): string {
  const bare = key.startsWith('+') ? key.slice(1).trim() : key;
  if (bare === 'pre_hook') return 'pre-hook';
  if (bare === 'post_hook') return 'post-hook';
  return bare;
}

function mergeGrants(into: Record<string, unknown>, value: Record<string, unknown>): Record<string, unknown> {
  const out = { ...into };
  for (const key of Object.keys(value)) {
    const grantees = listOf(value[key]);
    if (key.startsWith('+')) {
      const name = key.slice(1);
      out[name] = [...listOf(out[name]), ...grantees];
    } else {
      out[key] = grantees;
    }
  }
  return out;
}

/** A hook is text, `{sql, transaction}`, or the JSON text that `before_begin()`/`after_commit()` give. */
export function hooksOf(value: unknown): Hook[] {
  return listOf(value).map((hook) => {
    if (typeof hook === 'string') {
      const parsed = hook.trimStart().startsWith('{') ? parseJson(hook) : undefined;
      if (isRecord(parsed) && typeof parsed.sql === 'string') return hookOf(parsed);
      return { sql: hook, transaction: true, index: null };
    }
    return isRecord(hook) ? hookOf(hook) : { sql: String(hook), transaction: true, index: null };
  });
}

function hookOf(value: Record<string, unknown>): Hook {
  return {
    sql: String(value.sql ?? ''),
    transaction: value.transaction !== false,
    index: typeof value.index === 'number' ? value.index : null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function listOf(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
