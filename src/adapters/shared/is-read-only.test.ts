import { describe, expect, it } from 'vitest';
import { isReadOnlySql } from './is-read-only.ts';

const readers = new Set(['SELECT', 'WITH', 'EXPLAIN', 'SHOW', 'VALUES']);

describe('isReadOnlySql', () => {
  it.each([
    'select 1',
    '/* hint */ with a as (select 1) select * from a',
    'explain delete from t',
    'explain analyze select 1',
    "select 'insert into t' as x",
    'show tables; select 2;',
    '-- only a comment',
  ])('reads: %s', (sql) => {
    expect(isReadOnlySql(sql, readers)).toBe(true);
  });

  it.each([
    'create table t as select 1',
    'with a as (select 1) insert into t select * from a',
    'with a as (select 1) delete from t using a',
    'explain analyze insert into t values (1)',
    'select * into t from s',
    'select 1; drop table t',
    'vacuum',
  ])('writes: %s', (sql) => {
    expect(isReadOnlySql(sql, readers)).toBe(false);
  });
});
