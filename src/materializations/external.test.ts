import { describe, expect, it } from 'vitest';
import { duckDbDialect } from '../adapters/duckdb/dialect.ts';
import type { SqError } from '../errors.ts';
import { drivePlan, planNode, planState } from '../testing/drive-plan.ts';
import { external } from './external.ts';

describe('materialized: external', () => {
  it('is a compile error where the engine writes no files', () => {
    const { unload: _, ...capabilities } = duckDbDialect.capabilities;
    const dialect = { ...duckDbDialect, type: 'postgres', capabilities };
    let text = '';
    try {
      drivePlan(external.plan(planNode('x', 'select 1'), planState({ dialect })));
    } catch (error) {
      text = (error as SqError).text;
    }
    expect(text).toBe(
      'Compilation Error\n  materialized: external of x cannot be used: the postgres adapter cannot write files.\n' +
        '  hint: run this model on DuckDB, Redshift or Spark (--target), or make it a table or view here',
    );
  });
});
