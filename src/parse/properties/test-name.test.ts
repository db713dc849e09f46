import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../load/index.ts';
import { type TestNameInput, testHash, testNames } from './test-name.ts';

const model = (ref: string) => `{{ get_where_subquery(ref('${ref}')) }}`;

function uniqueId(pkg: string, input: TestNameInput): string {
  const { full } = testNames(input);
  return `test.${pkg}.${full}.${testHash(full, { namespace: input.namespace, name: input.name, kwargs: input.args }, input.isFloat)}`;
}

describe('unique ids that dbt gave', () => {
  it.each([
    [
      'test.jaffle_shop.not_null_customers_customer_id.5c9bf9911d',
      'not_null',
      'customers',
      { column_name: 'customer_id' },
    ],
    [
      'test.jaffle_shop.unique_customers_customer_id.c5af1ff4b1',
      'unique',
      'customers',
      { column_name: 'customer_id' },
    ],
    ['test.jaffle_shop.unique_orders_order_id.fed79b3a6e', 'unique', 'orders', { column_name: 'order_id' }],
    [
      'test.jaffle_shop.accepted_values_orders_status__placed__shipped__completed__return_pending__returned.be6b5b5ec3',
      'accepted_values',
      'orders',
      { values: ['placed', 'shipped', 'completed', 'return_pending', 'returned'], column_name: 'status' },
    ],
    [
      'test.jaffle_shop.relationships_orders_customer_id__customer_id__ref_customers_.c6ec7f58f2',
      'relationships',
      'orders',
      { to: "ref('customers')", field: 'customer_id', column_name: 'customer_id' },
    ],
  ])('%s', (id, name, target, args) => {
    expect(
      uniqueId('jaffle_shop', {
        name,
        namespace: null,
        target,
        isSource: false,
        args: { ...args, model: model(target) },
      }),
    ).toBe(id);
  });
});

describe('names', () => {
  const names = (input: Partial<TestNameInput>) =>
    testNames({ name: 'not_null', namespace: null, target: 'orders', isSource: false, args: {}, ...input });

  it('of a column', () => {
    const both = 'not_null_orders_order_id';
    expect(names({ args: { column_name: 'order_id' } })).toEqual({ full: both, short: both });
  });

  it('of a source', () => {
    expect(names({ isSource: true, target: 'raw_events', args: { column_name: 'id' } }).full).toBe(
      'source_not_null_raw_events_id',
    );
  });

  it('of a package on a source', () => {
    expect(
      names({ name: 'recency', namespace: 'dbt_utils', isSource: true, target: 'raw_events' }).full,
    ).toBe('dbt_utils_source_recency_raw_events_');
  });

  it('take arguments by name, lists and mappings by their items', () => {
    expect(names({ args: { b: { x: 1, y: ['a', true] }, a: [null, 'x y'], model: 'no' } }).full).toBe(
      'not_null_orders_None__x_y__1___a_True_',
    );
  });

  it('know a float that is written as one', () => {
    const document = parseYaml('min: 1.0\nmax: 2\nhalf: 0.5\n', 'a.yml');
    expect(
      names({
        args: document.value as Record<string, unknown>,
        isFloat: (at, key) => document.isFloat(at, key),
      }).full,
    ).toBe('not_null_orders_0_5__2__1_0');
  });

  it('are cut with a hash from 64 characters on', () => {
    expect(names({ args: { column_name: 'x'.repeat(63 - 'not_null_orders_'.length) } }).short).toHaveLength(
      63,
    );
    expect(names({ args: { column_name: 'x'.repeat(64 - 'not_null_orders_'.length) } }).short).toMatch(
      /^not_null_orders_[0-9a-f]{32}$/,
    );
    const args = {
      values: ['placed', 'shipped', 'completed', 'return_pending', 'returned'],
      column_name: 'status',
    };
    expect(names({ name: 'accepted_values', args }).short).toBe(
      'accepted_values_orders_1ce6ab157c285f7cd2ac656013faf758',
    );
  });
});
