import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expressionsIn } from './expression.ts';

const found = (sql: string) =>
  Object.fromEntries([...expressionsIn(sql)].map(([name, { start, end }]) => [name, sql.slice(start, end)]));

describe('the expression of a column', () => {
  it.each([
    [
      'a column, one with an alias, one of a table',
      'select a, b + 1 as c, t.d from t',
      { a: 'a', c: 'b + 1 as c', d: 't.d' },
    ],
    ['commas within a call', 'select coalesce(a, 0) x, b from t', { x: 'coalesce(a, 0) x', b: 'b' }],
    ['names in quotes and capitals', 'SELECT A AS "Ab", 1 AS B FROM t', { ab: 'A AS "Ab"', b: '1 AS B' }],
    ['distinct', 'select distinct a from t', { a: 'a' }],
    [
      'texts and comments with commas and words',
      "select 'a, from' as x, /* , */ y -- , z\nfrom t",
      { x: "'a, from' as x", y: 'y' },
    ],
    [
      'the outermost of several of a name',
      'with c as (select x + 1 as n from t) select upper(n) as n from c',
      { n: 'upper(n) as n' },
    ],
    [
      'a star leaves those within',
      'with c as (select x + 1 as n from t) select * from c',
      { n: 'x + 1 as n' },
    ],
    [
      'a query in an expression',
      'select (select max(b) as m from u) as k from t',
      { k: '(select max(b) as m from u) as k', m: 'max(b) as m' },
    ],
    [
      'a window',
      'select row_number() over (partition by a, b order by c) as n from t',
      { n: 'row_number() over (partition by a, b order by c) as n' },
    ],
    ['a query without from', 'select 1 as one', { one: '1 as one' }],
    ['no query', 'nothing here', {}],
  ])('%s', (_, sql, spans) => {
    expect(found(sql)).toEqual(spans);
  });

  it('lies within the text, whatever the text is', () => {
    const piece = fc.constantFrom(
      'select ',
      'from ',
      '(',
      ')',
      ',',
      "'",
      '"',
      '--',
      '/*',
      ' a',
      '\n',
      'as b',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string())).map((parts) => parts.join('')),
        (sql) => {
          for (const { start, end } of expressionsIn(sql).values()) {
            expect(start >= 0 && start < end && end <= sql.length).toBe(true);
          }
        },
      ),
    );
  });
});
