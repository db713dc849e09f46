/**
 * The native library, loaded when the first database is opened. sq talks to it directly: the JavaScript layer
 * of @duckdb/node-api is 700 small modules (0.11 s of processor time), of which a run needs ten functions.
 */
import { createRequire } from 'node:module';
import type * as DuckDbBinding from '@duckdb/node-bindings';
import { SqError } from '../../errors.ts';

export type Binding = typeof DuckDbBinding;
export type { Connection, Database, Result } from '@duckdb/node-bindings';

/** Throws SqError kind Runtime where the platform's library is not installed. */
export function loadBinding(): Binding {
  const require = createRequire(import.meta.url);
  try {
    // the bindings are a dependency of node-api, so they are looked for from there
    return createRequire(require.resolve('@duckdb/node-api'))('@duckdb/node-bindings') as Binding;
  } catch (cause) {
    throw new SqError({
      kind: 'Runtime',
      code: 'duckdb-missing',
      message: `DuckDB's library for ${process.platform}-${process.arch} could not be loaded: ${reason(cause)}`,
      hint: 'run `npm install` again on this machine; the package @duckdb/node-api brings a library per platform',
      cause,
    });
  }
}

/** Values of the rarer types (lists, structs, intervals, ...) are read by @duckdb/node-api, loaded on use. */
export async function loadValueReader(): Promise<typeof import('@duckdb/node-api')> {
  return import('@duckdb/node-api');
}

function reason(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!;
}
