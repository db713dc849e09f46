import { describe, expect, it } from 'vitest';
import { relation } from '../../manifest/relation.ts';
import { drivePlan, planNode, planState } from '../../testing/drive-plan.ts';
import type { PlanState, SeedFile } from '../contract.ts';
import { seed } from './seed.ts';

const file: SeedFile = {
  columns: [
    { name: 'id', dataType: 'integer' },
    { name: 'name', dataType: 'text' },
  ],
  rowCount: 2,
  find: () => undefined,
  batches: [
    [
      ['1', 'Ann'],
      ['2', null],
    ],
  ],
};
const long: SeedFile = { ...file, rowCount: 3, batches: [[['1', 'a']], [['2', 'b']], [['3', 'c']]] };
const INSERT = (table: string, ...rows: string[]) =>
  `insert into ${table} select cast(c1 as integer) as "id", cast(c2 as text) as "name" from (values\n${rows.join(',\n')}\n) as sq_rows (c1, c2)`;
const TARGET = '"db"."main"."people"';
const existing = relation('db', 'main', 'people', { type: 'table' });
const drive = (state: Partial<PlanState>, given = file) =>
  drivePlan(seed.plan(planNode('people', '', { materialized: 'seed' }), planState(state)), { seed: given });

describe('a seed', () => {
  it('is created and filled in one transaction', () => {
    const { steps, result } = drive({});
    expect(steps).toEqual([
      `run: create table ${TARGET} ("id" integer, "name" text) [main]; ${INSERT(TARGET, "('1', 'Ann')", "('2', null)")}`,
      'cache: +table people',
    ]);
    expect(result).toMatchObject({ message: 'INSERT 2', rowsAffected: 2, status: 'success' });
  });

  it('is made anew when it stands there, so that other columns need no full refresh', () => {
    expect(drive({ existing }).steps[0]).toContain(
      `run: create or replace table ${TARGET} ("id" integer, "name" text)`,
    );
  });

  it('says CREATE when a full refresh was asked for', () => {
    expect(drive({ existing, fullRefresh: true }).result.message).toBe('CREATE 2');
  });

  it('keeps no rows under --empty', () => {
    const { steps, result } = drive({ empty: true });
    expect(steps[0]).toBe(`run: create table ${TARGET} ("id" integer, "name" text) [main]`);
    expect(result.message).toBe('INSERT 0');
  });

  it('that is long is filled part by part in one transaction', () => {
    const { steps } = drive({ existing }, long);
    expect(steps).toEqual([
      'begin',
      `run: create or replace table ${TARGET} ("id" integer, "name" text) [main]; ${INSERT(TARGET, "('1', 'a')")}`,
      'fill',
      `run: ${INSERT(TARGET, "('2', 'b')")}`,
      `run: ${INSERT(TARGET, "('3', 'c')")}`,
      'commit',
      'cache: +table people',
    ]);
  });

  it('is audited beside like a table', () => {
    const steps = drive({ existing, audited: true }, long).steps.map((step) =>
      step.replace(/^run: (\w+ \w+).*/s, 'run: $1'),
    );
    expect(steps).toEqual([
      'begin',
      'run: create table',
      'fill',
      'run: insert into',
      'run: insert into',
      'commit',
      'audit: "db"."main"."people__sq_stage_00c0ffee"',
      'run: drop table',
      'cache: +table people',
    ]);
  });
});
