import { describe, expect, it } from 'vitest';
import { cteOf, firstToken, injectCtes } from './ephemeral.ts';

const cte = cteOf('model.p.a', 'a', 'select 1 as id');

describe('ephemeral parents in front of a query', () => {
  it('leaves a query without them as it is', () => {
    expect(injectCtes('select 1', [])).toBe('select 1');
  });

  it('puts a with clause before the first token', () => {
    expect(injectCtes('select * from __dbt__cte__a', [cte])).toBe(
      'with __dbt__cte__a as (\nselect 1 as id\n) select * from __dbt__cte__a',
    );
  });

  it('puts them in front of comments, as dbt does', () => {
    expect(injectCtes('\n-- with care\n/* with */ select 2', [cte])).toBe(
      '\nwith __dbt__cte__a as (\nselect 1 as id\n) -- with care\n/* with */ select 2',
    );
  });

  it('joins a with clause that the query has', () => {
    expect(injectCtes('WITH b as (select 2) select * from b', [cte])).toBe(
      'WITH __dbt__cte__a as (\nselect 1 as id\n), b as (select 2) select * from b',
    );
  });

  it('keeps `recursive` in its place', () => {
    expect(injectCtes('with recursive b as (select 2) select 1', [cte])).toBe(
      'with recursive __dbt__cte__a as (\nselect 1 as id\n), b as (select 2) select 1',
    );
  });

  it('is not fooled by a name that begins with "with"', () => {
    expect(injectCtes('withdrawals', [cte])).toBe('with __dbt__cte__a as (\nselect 1 as id\n) withdrawals');
  });

  it('separates several by commas in their order', () => {
    const other = cteOf('model.p.b', 'b', 'select 2');
    expect(injectCtes('select 1', [cte, other])).toBe(
      'with __dbt__cte__a as (\nselect 1 as id\n),  __dbt__cte__b as (\nselect 2\n) select 1',
    );
  });

  it('finds no token in text of comments only', () => {
    expect(firstToken('-- nothing')).toBe('-- nothing'.length);
    expect(firstToken('/* open')).toBe('/* open'.length);
  });
});
