/**
 * Config values that must be one of a few words. A wrong one would silently mean the default: a table that is
 * published untested, a test that never fails.
 */
import { type Location, nearest, SqError } from '../../errors.ts';
import { pythonRepr } from '../../load/index.ts';
import type { NodeConfig } from '../../manifest/nodes.ts';
import { listOf } from './merge.ts';

const WORDS: Readonly<Record<string, readonly string[]>> = {
  publish: ['immediate', 'audited'],
  severity: ['error', 'warn'],
};

/** dbt's classes of configs, as its errors name them. */
const CLASSES: Readonly<Record<string, string>> = {
  model: 'ModelConfig',
  seed: 'SeedConfig',
  snapshot: 'SnapshotConfig',
  test: 'TestConfig',
};

export interface ConfigOrigin {
  resourceType: string;
  /** The file in which `key` was set, as an error names it, and the place in it where that is known. */
  of(key: string): { file: string; at?: Location };
}

/** Throws SqError kind Parsing in the words of dbt's schema validation. `severity` is read in any case, as there. */
export function checkConfigValues(config: NodeConfig, origin: ConfigOrigin): void {
  checkKinds(config, origin);
  for (const key in WORDS) {
    const value = config[key];
    if (value === undefined || value === null) continue;
    const words = WORDS[key] as readonly string[];
    const word = key === 'severity' ? String(value).toLowerCase() : value;
    if (words.includes(word as string)) continue;
    const { file, at } = origin.of(key);
    const near = nearest(String(value), words);
    throw new SqError({
      kind: 'Parsing',
      code: 'config-value',
      message: `Invalid ${origin.resourceType} config given in ${file}: at path ['${key}']: ${pythonRepr(value)} is not one of ${pythonRepr(listOf(words))}`,
      at,
      hint: near === undefined ? undefined : `did you mean '${near}'?`,
    });
  }
}

function checkKinds(config: NodeConfig, origin: ConfigOrigin): void {
  const { enabled, persist_docs: persist } = config as Record<string, unknown>;
  if (enabled !== undefined && enabled !== null && typeof enabled !== 'boolean') {
    throw wrongKind(
      origin,
      'enabled',
      `at path ['enabled']: ${pythonRepr(enabled)} is not of type 'boolean'`,
    );
  }
  const field = (name: string, type: string, value: unknown) =>
    `Field "${name}" of type ${type} in ${CLASSES[origin.resourceType] ?? 'NodeConfig'} has invalid value ${pythonRepr(value)}`;
  if (persist !== undefined && persist !== null && (typeof persist !== 'object' || Array.isArray(persist))) {
    throw wrongKind(origin, 'persist_docs', field('persist_docs', 'Dict[str, Any]', persist));
  }
}

function wrongKind(origin: ConfigOrigin, key: string, message: string): SqError {
  const { file, at } = origin.of(key);
  const hint = at === undefined ? `it stands in ${file}` : undefined;
  return new SqError({ kind: 'Parsing', code: 'config-kind', message, at, hint });
}
