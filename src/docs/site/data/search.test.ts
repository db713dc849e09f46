import { describe, expect, it } from 'vitest';
import { search } from './search.ts';

const NAMES = ['stg_orders', 'orders', 'order_items', 'customers', 'int_order_payments', 'fct_daily_revenue'];
const found = (query: string) => search(NAMES, query, 10).map((i) => NAMES[i]);

describe('search', () => {
  it.each([
    ['the whole name first', 'orders', ['orders', 'stg_orders']],
    [
      'the beginning of a name before that of a word',
      'order',
      ['orders', 'order_items', 'stg_orders', 'int_order_payments'],
    ],
    ['letters strewn over a name', 'fdr', ['fct_daily_revenue']],
    ['blanks and capitals do not matter', 'Daily Revenue'.replace(' ', '_ '), ['fct_daily_revenue']],
    ['nothing for nothing', '  ', []],
    ['nothing where a letter is missing', 'ordersx', []],
  ])('%s', (_, query, names) => {
    expect(found(query).slice(0, names.length)).toEqual(names);
    if (names.length === 0) expect(found(query)).toEqual([]);
  });
});
