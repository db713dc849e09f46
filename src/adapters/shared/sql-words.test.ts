import { describe, expect, it } from 'vitest';
import { statementWords } from './sql-words.ts';

describe('statementWords', () => {
  it.each([
    ['select 1', [['SELECT']]],
    ['  -- select\n/* a /* b */ c */ insert into t values (1)', [['INSERT', 'INTO', 'T', 'VALUES']]],
    [
      'select \'a;b\', "c;d" from x; drop table x;',
      [
        ['SELECT', 'FROM', 'X'],
        ['DROP', 'TABLE', 'X'],
      ],
    ],
    ['with a as (delete from t returning 1) select * from a', [['WITH', 'A', 'AS', 'SELECT', 'FROM', 'A']]],
    ['comment on table x is $doc$it; is (mine$doc$', [['COMMENT', 'ON', 'TABLE', 'X', 'IS']]],
    ["select 'it''s;' ", [['SELECT']]],
    ['-- nothing', []],
    ['', []],
    [';;', []],
  ])('%j', (sql, expected) => {
    expect(statementWords(sql)).toEqual(expected);
  });

  it('stops at the limit of each statement', () => {
    expect(statementWords('create table t as select a; drop view v', 2)).toEqual([
      ['CREATE', 'TABLE'],
      ['DROP', 'VIEW'],
    ]);
  });
});
