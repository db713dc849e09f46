/** What an incremental model does on engines with Redshift's rules, stated as capabilities. */
import { describe, expect, it } from 'vitest';
import { duckDbDialect } from '../adapters/duckdb/dialect.ts';
import type { SqError } from '../errors.ts';
import type { NodeConfig } from '../manifest/nodes.ts';
import { relation } from '../manifest/relation.ts';
import { type Answers, drivePlan, planNode, planState } from '../testing/drive-plan.ts';
import { incremental } from './incremental.ts';

const TARGET = '"db"."main"."plays"';
const TEMPORARY = '"plays__sq_tmp_00c0ffee"';
const dialect = {
  ...duckDbDialect,
  capabilities: {
    ...duckDbDialect.capabilities,
    widensTextsOutsideTransactions: true,
    mergeKeepsDuplicates: true,
  },
  describeType: (type: string) => {
    const size = /^varchar\((\d+)\)$/.exec(type)?.[1];
    return {
      ...duckDbDialect.describeType(type),
      ...(size === undefined ? {} : { isString: true, charSize: Number(size) }),
    };
  },
};
const columns = {
  [TARGET]: [
    { name: 'id', dataType: 'integer' },
    { name: 'title', dataType: 'varchar(10)' },
  ],
  [TEMPORARY]: [
    { name: 'id', dataType: 'integer' },
    { name: 'TITLE', dataType: 'varchar(40)' },
  ],
};

function drive(config: Partial<NodeConfig>, answers: Answers = {}) {
  const input = planNode('plays', 'select 1 as id', { materialized: 'incremental', ...config });
  const existing = relation('db', 'main', 'plays', { type: 'table' });
  return drivePlan(incremental.plan(input, planState({ existing, dialect })), { columns, ...answers }).steps;
}

describe('an engine that widens texts outside transactions', () => {
  it('gets its temporary table first, and the wider column before the transaction', () => {
    expect(drive({}).slice(0, 6)).toEqual([
      `run: drop table if exists ${TEMPORARY}`,
      `run: create temporary table ${TEMPORARY} as (select 1 as id)`,
      `columns: ${TARGET}`,
      `columns: ${TEMPORARY}`,
      'run: get_widen_column_sql("db"."main"."plays", title, varchar(40))',
      'begin',
    ]);
  });

  it('is left alone where a hook of the transaction comes first', () => {
    const hook = [{ sql: 'select 1', transaction: true }];
    expect(drive({ 'pre-hook': hook } as Partial<NodeConfig>).slice(0, 3)).toEqual([
      'begin',
      'hooks: pre',
      `run: create temporary table ${TEMPORARY} as (select 1 as id)`,
    ]);
  });
});

describe('a merge that would keep duplicates', () => {
  const config = { incremental_strategy: 'merge', unique_key: ['id', 'day'] };

  it('asks for them inside the transaction, before it writes', () => {
    expect(drive(config).find((step) => step.startsWith('query'))).toBe(
      `query: select id, day, count(*) as sq_rows from ${TEMPORARY} where id is not null and day is not null group by id, day having count(*) > 1 order by id, day limit 5`,
    );
  });

  it('is refused with the keys', () => {
    let message = '';
    try {
      drive(config, {
        rows: [
          [7, '2018-11-01', 2],
          [9, '2018-11-02', 3],
        ],
      });
    } catch (error) {
      message = (error as SqError).text;
    }
    expect(message).toBe(
      'Database Error\n  The new rows hold a unique_key (id, day) more than once, and a merge would add each of them:\n  (7, 2018-11-01): 2 rows\n  (9, 2018-11-02): 3 rows\n  hint: make unique_key name the whole key, or keep one row a key in the model: qualify row_number() over (partition by … order by … desc) = 1',
    );
  });
});
