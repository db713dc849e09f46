import { describe, expect, it } from 'vitest';
import { duckDbDialect } from '../adapters/duckdb/dialect.ts';
import type { SqError } from '../errors.ts';
import type { Column } from '../manifest/column.ts';
import type { NodeConfig } from '../manifest/nodes.ts';
import { type Relation, relation } from '../manifest/relation.ts';
import { type Answers, drivePlan, planNode, planState } from '../testing/drive-plan.ts';
import { incremental } from './incremental.ts';

const plays: Relation = relation('db', 'main', 'plays', { type: 'table' });
const column = (name: string, dataType = 'INTEGER'): Column => ({ name, dataType });
const TARGET = '"db"."main"."plays"';
const TEMPORARY = '"plays__sq_tmp_00c0ffee"';

function drive(
  config: Partial<NodeConfig>,
  answers: Answers = {},
  state: Parameters<typeof planState>[0] = {},
) {
  const input = planNode('plays', 'select 1 as id', { materialized: 'incremental', ...config });
  return drivePlan(incremental.plan(input, planState({ existing: plays, ...state })), {
    columns: { [TARGET]: [column('id')] },
    ...answers,
  });
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as SqError).text;
  }
  return 'no error';
}

describe('an incremental model', () => {
  it.each([
    ['nothing stands there', { existing: null }, 'create table'],
    ['a full refresh is asked for', { fullRefresh: true }, 'create or replace table'],
  ])('starts anew with one statement when %s', (_, state, words) => {
    expect(drive({}, {}, state).steps).toEqual([
      `run: ${words} ${TARGET} as (select 1 as id) [main]`,
      'cache: +table plays',
    ]);
  });

  it('starts anew when a view stands there', () => {
    const { steps } = drive({}, {}, { existing: { ...plays, type: 'view' } });
    expect(steps[0]).toContain(`drop view if exists ${TARGET}`);
  });

  it('adds rows in one transaction', () => {
    const { steps, result } = drive({});
    expect(steps).toEqual([
      'begin',
      `run: create temporary table ${TEMPORARY} as (select 1 as id)`,
      `columns: ${TARGET}`,
      `run: insert into ${TARGET} ("id") (select "id" from ${TEMPORARY}) [main]; drop table if exists ${TEMPORARY}`,
      'commit',
      'cache: +table plays',
    ]);
    expect(result).toMatchObject({ message: 'INSERT 1', rowsAffected: 1, status: 'success' });
  });

  it('replaces rows of a key', () => {
    const { steps } = drive({ incremental_strategy: 'delete+insert', unique_key: ['id', 'day'] });
    expect(steps).toContain(
      `run: delete from ${TARGET} where (id, day) in (select id, day from ${TEMPORARY}); insert into ${TARGET} ("id") (select "id" from ${TEMPORARY}) [main]; drop table if exists ${TEMPORARY}`,
    );
  });

  it('asks a strategy of the project by its name', () => {
    const state = { overridden: ['get_incremental_upsert_sql'] };
    expect(drive({ incremental_strategy: 'upsert' }, {}, state).steps.join('\n')).toContain(
      `insert into ${TARGET}`,
    );
  });

  it.each([
    [
      'upsert',
      'Runtime Error\n  dbt could not find an incremental strategy macro with the name "get_incremental_upsert_sql" in shop\n  hint: the strategies are: append, delete+insert, merge, microbatch',
    ],
    [
      'insert_overwrite',
      "Runtime Error\n  The incremental strategy 'insert_overwrite' is not valid for this adapter\n  hint: the strategies are: append, delete+insert, merge, microbatch",
    ],
    [
      'mergee',
      'Runtime Error\n  dbt could not find an incremental strategy macro with the name "get_incremental_mergee_sql" in shop\n  hint: did you mean \'merge\'? the strategies are: append, delete+insert, merge, microbatch',
    ],
  ])('refuses strategy %s', (incremental_strategy, message) => {
    expect(messageOf(() => drive({ incremental_strategy }))).toBe(message);
  });
});

describe('on_schema_change', () => {
  const columns = {
    [TARGET]: [column('id'), column('gone'), column('size')],
    [TEMPORARY]: [column('ID'), column('size', 'BIGINT'), column('fresh', 'VARCHAR')],
  };
  const altered = (config: Partial<NodeConfig>) =>
    drive(config, { columns }).steps.filter((step) => step.startsWith('run: alter'));

  it('ignore: writes the columns that the table has and looks no further', () => {
    const { steps } = drive({ on_schema_change: 'ignore' }, { columns });
    expect(steps.filter((step) => step.startsWith('columns'))).toEqual([`columns: ${TARGET}`]);
    expect(steps[3]).toContain('("id", "gone", "size")');
  });

  it('append_new_columns: adds, drops nothing, and writes the columns of the query', () => {
    expect(altered({ on_schema_change: 'append_new_columns' })).toEqual([
      `run: alter table ${TARGET} add column "fresh" VARCHAR`,
    ]);
    const { steps } = drive({ on_schema_change: 'append_new_columns' }, { columns });
    expect(steps.join('\n')).toContain(`insert into ${TARGET} ("ID", "size", "fresh")`);
  });

  it('sync_all_columns: adds, drops and changes types', () => {
    expect(altered({ on_schema_change: 'sync_all_columns' })).toEqual([
      `run: alter table ${TARGET} add column "fresh" VARCHAR; alter table ${TARGET} drop column "gone"; alter table ${TARGET} alter column "size" set data type BIGINT`,
    ]);
  });

  it('fail: says what differs', () => {
    expect(messageOf(() => drive({ on_schema_change: 'fail' }, { columns }))).toBe(
      'Compilation Error\n' +
        '  The source and target schemas on this incremental model are out of sync!\n' +
        '  Source columns not in target: fresh (VARCHAR)\n' +
        '  Target columns not in source: gone (INTEGER)\n' +
        '  New column types: size (BIGINT)\n' +
        '  hint: set on_schema_change to append_new_columns or sync_all_columns, run the model with --full-refresh, or alter the table by hand',
    );
  });

  it('fail: goes on when nothing differs', () => {
    const same = { [TARGET]: [column('id')], [TEMPORARY]: [column('id')] };
    expect(drive({ on_schema_change: 'fail' }, { columns: same }).result.status).toBe('success');
  });
});

describe('an audited incremental model', () => {
  const failures = [
    { uniqueId: 't1', name: 'unique_plays_id', failures: 2, sql: 'select id, n from dupes' },
    { uniqueId: 't2', name: 'plays_in_time', failures: 1, sql: 'select * from late' },
  ];

  it('is tested inside its transaction, then committed', () => {
    const { steps } = drive({}, {}, { audited: true });
    expect(steps.slice(3)).toEqual([
      `run: insert into ${TARGET} ("id") (select "id" from ${TEMPORARY}) [main]; drop table if exists ${TEMPORARY}`,
      `audit: ${TARGET} in its transaction`,
      'commit',
      'cache: +table plays',
    ]);
  });

  it('that is refused is rolled back, its failing rows kept', () => {
    const { steps, result } = drive(
      {},
      {
        verdict: { passed: false, failures },
        queryColumns: [column('id'), column('tags', 'VARCHAR[]')],
        rows: [
          [1, "['a']"],
          [null, null],
        ],
      },
      { audited: true },
    );
    const limited = (sql: string) => `select * from (\n${sql}\n) as sq_failing limit 1000`;
    expect(steps.slice(5)).toEqual([
      `query-columns: ${limited('select id, n from dupes')}`,
      `query: ${limited('select id, n from dupes')}`,
      `query-columns: ${limited('select * from late')}`,
      `query: ${limited('select * from late')}`,
      'rollback',
      `run: create table "db"."main"."plays__rejected" as (select cast(c1 as varchar) as "sq_test", cast(c2 as INTEGER) as "id", cast(c3 as varchar) as "tags" from (values\n` +
        `('unique_plays_id', '1', '[''a'']'),\n('unique_plays_id', null, null),\n('plays_in_time', '1', '[''a'']'),\n('plays_in_time', null, null)\n) as sq_rows (c1, c2, c3))`,
      'cache: +table plays__rejected',
    ]);
    expect(result.status).toBe('error');
    expect(result.message).toBe(
      '2 tests refused plays: what was published before is as it was\n  unique_plays_id: 2 failing rows\n  plays_in_time: 1 failing row\n' +
        `look at what was refused: sq show --inline 'select * from "db"."main"."plays__rejected"'`,
    );
  });

  it('is staged beside like a table when it starts anew', () => {
    expect(drive({}, {}, { audited: true, existing: null }).steps[1]).toBe(
      'audit: "db"."main"."plays__sq_stage_00c0ffee"',
    );
  });

  it('is refused with its reason where the engine cannot keep a transaction open', () => {
    const dialect = {
      ...duckDbDialect,
      type: 'spark',
      capabilities: { ...duckDbDialect.capabilities, interactiveTransactions: false },
    };
    expect(messageOf(() => drive({}, {}, { audited: true, dialect }))).toBe(
      'Compilation Error\n  An incremental model cannot be `publish: audited` on spark: the engine cannot keep a transaction open while its tests run.\n  hint: set `publish: immediate` for this model, or make it a table',
    );
  });
});
