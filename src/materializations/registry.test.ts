import { describe, expect, it } from 'vitest';
import type { SqError } from '../errors.ts';
import { drivePlan, planNode, planState } from '../testing/drive-plan.ts';
import { materializationOf } from './registry.ts';

describe('materializationOf', () => {
  it.each(['table', 'view', 'incremental', 'ephemeral', 'seed', 'copy'])('knows %s', async (name) => {
    expect((await materializationOf(name, 'duckdb')).name).toBe(name);
  });

  it.each(['materialized_view'])('answers no-op for %s, with one notice', async (name) => {
    const plan = (await materializationOf(name, 'duckdb')).plan(planNode('x', ''), planState());
    expect(drivePlan(plan)).toEqual({
      steps: [`notice: model.shop.x: sq does not build '${name}' yet; nothing was done for it`],
      result: { message: 'NO-OP', rowsAffected: null, status: 'no-op', relations: [] },
    });
  });

  it("has dbt's text for a name that nobody knows", async () => {
    const error = (await materializationOf('tabel', 'duckdb').catch((thrown: unknown) => thrown)) as SqError;
    expect(error.text).toBe(
      "Compilation Error\n  No materialization 'tabel' was found for adapter duckdb! (searched types 'default' and 'duckdb')\n" +
        "  hint: did you mean 'table'? the materializations are: table, view, incremental, ephemeral, copy, materialized_view, snapshot, function, external, seed",
    );
  });

  it('sends nothing for an ephemeral model', async () => {
    const plan = (await materializationOf('ephemeral', 'duckdb')).plan(
      planNode('x', 'select 1'),
      planState(),
    );
    expect(drivePlan(plan).steps).toEqual([]);
  });
});
