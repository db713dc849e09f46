import { describe, expect, it } from 'vitest';
import { duckDbDialect } from '../adapters/duckdb/dialect.ts';
import { type Relation, relation } from '../manifest/relation.ts';
import { drivePlan, planNode, planState } from '../testing/drive-plan.ts';
import type { AuditVerdict } from './contract.ts';
import { table } from './table.ts';
import { view } from './view.ts';

const standing = (type: 'table' | 'view', name = 'songs'): Relation => relation('db', 'main', name, { type });
const songs = planNode('songs', 'select 1 as id');
const hooked = planNode('songs', 'select 1 as id', {
  'pre-hook': [
    { sql: 'a', transaction: false, index: 0 },
    { sql: 'b', transaction: true, index: 1 },
  ],
  'post-hook': [
    { sql: 'c', transaction: true, index: 0 },
    { sql: 'd', transaction: false, index: 1 },
  ],
});
const pgLike = { ...duckDbDialect, capabilities: { ...duckDbDialect.capabilities, atomicReplace: false } };
const refused: AuditVerdict = {
  passed: false,
  failures: [
    { uniqueId: 'test.shop.unique_songs_id.1', name: 'unique_songs_id', failures: 3, sql: 'select 1' },
    { uniqueId: 'test.shop.not_null_songs_id.1', name: 'not_null_songs_id', failures: 1, sql: 'select 1' },
  ],
};

describe('a table that is published at once', () => {
  it('is one statement when it is new', () => {
    const { steps, result } = drivePlan(table.plan(songs, planState()));
    expect(steps).toEqual([
      'run: create table "db"."main"."songs" as (select 1 as id) [main]',
      'cache: +table songs',
    ]);
    expect(result).toMatchObject({ message: 'SELECT 1', rowsAffected: 1, status: 'success' });
  });

  it('is one statement when a table stands there and the engine can replace', () => {
    const { steps } = drivePlan(table.plan(songs, planState({ existing: standing('table') })));
    expect(steps).toEqual([
      'run: create or replace table "db"."main"."songs" as (select 1 as id) [main]',
      'cache: +table songs',
    ]);
  });

  it.each([
    ['the engine cannot replace', { dialect: pgLike, existing: standing('table') }],
    [
      'the project spells CREATE TABLE itself',
      { overridden: ['create_table_as'], existing: standing('table') },
    ],
  ])('is made beside and swapped in one transaction where %s', (_, state) => {
    const { steps } = drivePlan(table.plan(songs, planState(state)));
    expect(steps).toEqual([
      'run: create table "db"."main"."songs__sq_stage_00c0ffee" as (select 1 as id) [main]; ' +
        'drop table if exists "db"."main"."songs"; alter table "db"."main"."songs__sq_stage_00c0ffee" rename to "songs"',
      'cache: +table songs',
    ]);
  });

  it('takes the place of a view in one transaction', () => {
    const { steps } = drivePlan(table.plan(songs, planState({ existing: standing('view') })));
    expect(steps[0]).toBe(
      'run: create table "db"."main"."songs__sq_stage_00c0ffee" as (select 1 as id) [main]; ' +
        'drop view if exists "db"."main"."songs"; alter table "db"."main"."songs__sq_stage_00c0ffee" rename to "songs"',
    );
  });

  it("runs hooks in dbt's four positions, and opens a transaction only for those inside", () => {
    const { steps } = drivePlan(table.plan(hooked, planState()));
    expect(steps).toEqual([
      'hooks: pre, outside',
      'begin',
      'hooks: pre',
      'run: create table "db"."main"."songs" as (select 1 as id) [main]',
      'hooks: post',
      'commit',
      'cache: +table songs',
      'hooks: post, outside',
    ]);
  });

  it('makes its indexes when it stands under its name', () => {
    const indexed = planNode('songs', 'select 1 as id', { indexes: [{ columns: ['id'] }] });
    const { steps } = drivePlan(table.plan(indexed, planState()));
    expect(steps[0]).toBe(
      'run: create table "db"."main"."songs" as (select 1 as id) [main]; create index on "db"."main"."songs" {"columns":["id"]}',
    );
  });

  it('drops what a killed run and a refusal left', () => {
    const left = [
      standing('table', 'songs__sq_stage_deadbeef'),
      standing('table', 'songs__rejected'),
      standing('table', 'songs_2'),
    ];
    const { steps } = drivePlan(table.plan(songs, planState({ standing: left })));
    expect(steps.slice(0, 2)).toEqual([
      'run: drop table if exists "db"."main"."songs__rejected"; drop table if exists "db"."main"."songs__sq_stage_deadbeef"',
      'cache: -table songs__rejected -table songs__sq_stage_deadbeef',
    ]);
  });
});

describe('a view', () => {
  it('is one statement, new or again', () => {
    expect(drivePlan(view.plan(songs, planState())).steps).toEqual([
      'run: create view "db"."main"."songs" as (select 1 as id) [main]',
      'cache: +view songs',
    ]);
    expect(drivePlan(view.plan(songs, planState({ existing: standing('view') }))).steps[0]).toBe(
      'run: create or replace view "db"."main"."songs" as (select 1 as id) [main]',
    );
  });

  it('takes the place of a table in one transaction', () => {
    const { steps } = drivePlan(view.plan(songs, planState({ existing: standing('table') })));
    expect(steps[0]).toBe(
      'run: create view "db"."main"."songs__sq_stage_00c0ffee" as (select 1 as id) [main]; ' +
        'drop table if exists "db"."main"."songs"; alter view "db"."main"."songs__sq_stage_00c0ffee" rename to "songs"',
    );
  });
});

describe('a table that is audited', () => {
  const audited = (state: Parameters<typeof planState>[0] = {}) =>
    planState({ audited: true, existing: standing('table'), ...state });

  it('is tested beside and then swapped in one transaction', () => {
    const { steps, result } = drivePlan(table.plan(songs, audited()));
    expect(steps).toEqual([
      'run: create table "db"."main"."songs__sq_stage_00c0ffee" as (select 1 as id) [main]',
      'audit: "db"."main"."songs__sq_stage_00c0ffee"',
      'run: drop table if exists "db"."main"."songs"; alter table "db"."main"."songs__sq_stage_00c0ffee" rename to "songs"',
      'cache: +table songs',
    ]);
    expect(result).toMatchObject({ status: 'success', message: 'SELECT 1' });
  });

  it('does not stand under its name before its tests have passed, the first time too', () => {
    const { steps } = drivePlan(table.plan(songs, audited({ existing: null })));
    expect(steps.map((step) => step.split(' ')[0])).toEqual(['run:', 'audit:', 'run:', 'cache:']);
    expect(steps[2]).toBe('run: alter table "db"."main"."songs__sq_stage_00c0ffee" rename to "songs"');
  });

  it('that is refused stays as __rejected and what was published is not touched', () => {
    const { steps, result } = drivePlan(table.plan(songs, audited()), { verdict: refused });
    expect(steps.slice(2)).toEqual([
      'run: alter table "db"."main"."songs__sq_stage_00c0ffee" rename to "songs__rejected"',
      'cache: +table songs__rejected',
    ]);
    expect(result.status).toBe('error');
    expect(result.message).toBe(
      '2 tests refused songs: what was published before is as it was\n' +
        '  unique_songs_id: 3 failing rows\n' +
        '  not_null_songs_id: 1 failing row\n' +
        `look at what was refused: sq show --inline 'select * from "db"."main"."songs__rejected"'`,
    );
    expect(result.relations).toEqual([standing('table')]);
  });

  it('runs pre-hooks before it is built and post-hooks when it is published', () => {
    const { steps } = drivePlan(table.plan(hooked, audited()));
    expect(steps.map((step) => step.replace(/^(run|audit|cache): .*/, '$1'))).toEqual([
      'hooks: pre, outside',
      'begin',
      'hooks: pre',
      'run',
      'commit',
      'audit',
      'begin',
      'run',
      'hooks: post',
      'commit',
      'cache',
      'hooks: post, outside',
    ]);
  });
});
