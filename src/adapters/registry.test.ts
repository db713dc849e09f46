import { describe, expect, it } from 'vitest';
import type { SqError } from '../errors.ts';
import { adapterOf } from './registry.ts';

const textOf = (type: string) =>
  adapterOf(type).then(
    () => 'found',
    (error: SqError) => error.text,
  );

describe('adapterOf', () => {
  it('loads an adapter by the type of a profile', async () => {
    expect((await adapterOf('duckdb')).dialect.type).toBe('duckdb');
  });

  it.each([
    [
      'duckbd',
      "Runtime Error\n  Could not find adapter type duckbd!\n  hint: did you mean 'duckdb'? the adapters are: duckdb, postgres, redshift, spark",
    ],
    [
      'snowflake',
      'Runtime Error\n  Could not find adapter type snowflake!\n  hint: the adapters are: duckdb, postgres, redshift, spark',
    ],
    [
      'toString',
      'Runtime Error\n  Could not find adapter type toString!\n  hint: the adapters are: duckdb, postgres, redshift, spark',
    ],
  ])('refuses %s', async (type, text) => {
    expect(await textOf(type)).toBe(text);
  });
});
