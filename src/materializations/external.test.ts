import { describe, expect, it } from 'vitest';
import type { SqError } from '../errors.ts';
import { drivePlan, planNode, planState } from '../testing/drive-plan.ts';
import { external } from './external.ts';

describe('materialized: external', () => {
  it('is a compile error where the engine writes no files', () => {
    let text = '';
    try {
      drivePlan(external.plan(planNode('x', 'select 1'), planState()));
    } catch (error) {
      text = (error as SqError).text;
    }
    expect(text).toBe(
      'Compilation Error\n  materialized: external of x cannot be used: the duckdb adapter cannot write files.\n' +
        '  hint: run this model on Redshift (--target), or make it a table or view here: external tables of other engines come with a later release of sq',
    );
  });
});
