import { describe, expect, it } from 'vitest';
import { synthesizeTestName, testHash } from './test-names.ts';

/** Ids of dbt's own jaffle_shop project. */
const KNOWN = [
  ['not_null', 'customers', { column_name: 'customer_id' }, 'not_null_customers_customer_id', '5c9bf9911d'],
  ['unique', 'orders', { column_name: 'order_id' }, 'unique_orders_order_id', 'fed79b3a6e'],
  ['unique', 'customers', { column_name: 'customer_id' }, 'unique_customers_customer_id', 'c5af1ff4b1'],
  [
    'accepted_values',
    'orders',
    { values: ['placed', 'shipped', 'completed', 'return_pending', 'returned'], column_name: 'status' },
    'accepted_values_orders_status__placed__shipped__completed__return_pending__returned',
    'be6b5b5ec3',
  ],
  [
    'relationships',
    'orders',
    { to: "ref('customers')", field: 'customer_id', column_name: 'customer_id' },
    'relationships_orders_customer_id__customer_id__ref_customers_',
    'c6ec7f58f2',
  ],
] as const;

describe('generic tests are named and numbered as dbt does', () => {
  it.each(KNOWN)('%s of %s', (test, model, args, name, hash) => {
    expect(synthesizeTestName(test, model, args).full).toBe(name);
    const kwargs = { ...args, model: `{{ get_where_subquery(ref('${model}')) }}` };
    expect(testHash(name, { namespace: null, name: test, kwargs })).toBe(hash);
  });

  it('cuts a long name to 30 characters and a hash', () => {
    const { short, full } = synthesizeTestName('accepted_values', 'orders', KNOWN[3][2]);
    expect(full).toHaveLength(83);
    expect(short).toMatch(/^accepted_values_orders_[0-9a-f]{32}$/);
  });
});
