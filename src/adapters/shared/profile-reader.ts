/** Reads the values of a profile's output one by one, with dbt's error when one is wrong. */
import { nearest, SqError } from '../../errors.ts';
import type { SettingsContext } from '../contract.ts';

/** Keys that every output may have; they belong to dbt, not to an adapter. */
const COMMON_KEYS = ['type', 'threads', 'schema', 'database', 'dbname'];

export class ProfileReader {
  constructor(
    private readonly output: Readonly<Record<string, unknown>>,
    private readonly context: Pick<SettingsContext, 'profileName' | 'targetName' | 'locate'>,
  ) {}

  /** Throws for the first key that is neither common nor in `known`. */
  allowOnly(known: readonly string[]): void {
    const allowed = new Set([...COMMON_KEYS, ...known]);
    for (const key of Object.keys(this.output)) {
      if (allowed.has(key)) continue;
      const near = nearest(key, allowed);
      throw this.invalid(
        `Additional properties are not allowed ('${key}' was unexpected)`,
        near === undefined ? `the keys are: ${[...allowed].sort().join(', ')}` : `did you mean '${near}'?`,
        key,
      );
    }
  }

  has(key: string): boolean {
    return this.output[key] !== undefined && this.output[key] !== null;
  }

  /** Text; a number is taken as its digits (`schema: 2024`). */
  text(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number') return String(value);
    if (typeof value !== 'string') throw this.wrongType(key, value, 'a text');
    return value;
  }

  /** A whole number from `least` on; digits in quotes are taken too (`env_var` answers text). */
  integer(key: string, least: number): number | undefined {
    const number = this.number(key, least);
    if (number !== undefined && !Number.isInteger(number))
      throw this.wrongType(key, number, 'a whole number');
    return number;
  }

  /** A number from `least` on. */
  number(key: string, least: number): number | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw this.wrongType(key, value, 'a number');
    if (number < least)
      throw this.invalid(`'${key}' is ${number}, it must be at least ${least}`, undefined, key);
    return number;
  }

  /** true, false, or those words as text (`env_var` answers text). */
  flag(key: string): boolean | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
    const shown = isRecord(value) ? 'a mapping' : JSON.stringify(value);
    throw this.invalid(`'${key}' is ${shown}, it must be true or false`, undefined, key);
  }

  /** A mapping; empty when absent. */
  record(key: string): Record<string, unknown> {
    const value = this.value(key);
    if (value === undefined) return {};
    if (!isRecord(value)) throw this.wrongType(key, value, 'a mapping');
    return value;
  }

  /** A list; empty when absent. */
  list(key: string): unknown[] {
    const value = this.value(key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.wrongType(key, value, 'a list');
    return value;
  }

  /** `key`: the one that is wrong, for its place. */
  invalid(what: string, hint?: string, key?: string): SqError {
    const { profileName, targetName, locate } = this.context;
    return new SqError({
      kind: 'Runtime',
      code: 'invalid-credentials',
      message: `Credentials in profile "${profileName}", target "${targetName}" invalid: ${what}`,
      at: locate?.(key === undefined ? [] : [key]),
      hint,
    });
  }

  private value(key: string): unknown {
    const value = this.output[key];
    return value === null ? undefined : value;
  }

  private wrongType(key: string, value: unknown, wanted: string): SqError {
    return this.invalid(`'${key}' is ${JSON.stringify(value)}, it must be ${wanted}`, undefined, key);
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
