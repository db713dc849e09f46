import { describe, expect, it } from 'vitest';
import { SqError } from '../errors.ts';
import type { SelectorDefinition } from '../manifest/manifest.ts';
import { shopManifest, shortNames } from '../testing/shop-manifest.ts';
import { selectNodes } from './evaluate.ts';
import { parseSelection, type SelectionRequest } from './selection.ts';

function selectorsOf(
  definitions: Record<string, unknown>,
  defaults: Record<string, boolean | string> = {},
): ReadonlyMap<string, SelectorDefinition> {
  return new Map(
    Object.entries(definitions).map(([name, definition]) => [
      name,
      { name, definition, description: null, default: defaults[name] ?? false },
    ]),
  );
}

const manifest = shopManifest();
const select = (request: SelectionRequest) =>
  shortNames(selectNodes(manifest, parseSelection(request)).selected);

/** What a definition selects, without the tests that come along. */
const define = (definition: unknown, more: Record<string, unknown> = {}) =>
  select({ selector: 'x', selectors: selectorsOf({ ...more, x: definition }), indirectSelection: 'empty' });

describe('definitions', () => {
  it.each([
    ['a criterion as on the command line', '1+orders', 'orders seed:countries stg_orders stg_users'],
    ['one key', { tag: 'hourly' }, 'orders'],
    ['method and value', { method: 'config.materialized', value: 'incremental' }, 'orders'],
    ['parents', { method: 'fqn', value: 'users', parents: true }, 'source:raw.users stg_users users'],
    [
      'parents to a depth',
      { method: 'fqn', value: 'users', parents: true, parents_depth: 1 },
      'stg_users users',
    ],
    [
      'children to a depth',
      { method: 'source', value: 'raw.users', children: 'true', children_depth: '1' },
      'source:raw.users stg_users',
    ],
    [
      'the parents of the children',
      {
        method: 'fqn',
        value: 'rates',
        childrens_parents: true,
        exclude: ['exposure:*', 'metric:*', 'saved_query:*', 'semantic_model:*', 'test_type:data'],
      },
      'lib.rates orders revenue seed:countries source:ext.rates source:raw.orders source:raw.users stg_orders stg_users',
    ],
    [
      'tests of its own mind',
      { method: 'fqn', value: 'orders', indirect_selection: 'cautious' },
      'not_null_orders_id orders unique_orders_id unit_test:orders.sums_up',
    ],
    [
      'exclude',
      { method: 'fqn', value: 'staging', exclude: [{ tag: 'nightly' }, 'lib'] },
      'source_not_null_raw_orders_id stg_users',
    ],
    ['union', { union: ['orders', { method: 'fqn', value: 'users' }] }, 'orders users'],
    [
      'intersection',
      { intersection: [{ tag: 'nightly' }, 'resource_type:model', { exclude: [{ tag: 'hourly' }] }] },
      'stg_orders',
    ],
    [
      'one inside the other',
      { union: [{ intersection: [{ tag: 'staging' }, { tag: 'nightly' }] }, 'users'] },
      'stg_orders users',
    ],
    [
      'a part with a method and an exclude',
      { union: [{ method: 'tag', value: 'nightly', exclude: ['orders'] }, 'users'] },
      'source:raw.orders stg_orders users',
    ],
    ['spaces in a value', { tag: 'every night' }, ''],
    ['a boolean', { method: 'config.meta.pii', value: true }, 'orders'],
    ['a number', { method: 'config.meta.rank', value: 3 }, 'orders'],
  ])('%s', (_, definition, expected) => {
    expect(define(definition)).toBe(expected);
  });

  it('a selector may build on others, by name and by pattern', () => {
    const others = { base_a: 'orders users', base_b: { union: ['orders', 'users'] }, base_c: 'revenue' };
    expect(define({ method: 'selector', value: 'base_b', exclude: ['orders'] }, others)).toBe('users');
    expect(define({ method: 'selector', value: 'base_[bc]' }, others)).toBe('orders revenue users');
    expect(define({ method: 'selector', value: 'base_b', children: true, children_depth: 1 }, others)).toBe(
      'analysis:top_users not_null_orders_id orders positive_revenue rel_orders_users revenue unique_orders_id unit_test:orders.sums_up users',
    );
  });

  it('tests that a selector excludes stay away when another builds on it', () => {
    const selectors = selectorsOf({
      quiet: { method: 'fqn', value: 'orders', exclude: ['test_name:unique'] },
    });
    expect(select({ select: ['selector:quiet'], selectors })).toBe(
      'not_null_orders_id orders positive_revenue rel_orders_users unit_test:orders.sums_up',
    );
  });
});

describe('the default', () => {
  const selectors = selectorsOf({ a: 'orders', b: 'users' }, { b: 'True' });
  const indirectSelection = 'empty';

  it('holds when nothing else was asked for', () => {
    expect(select({ selectors, indirectSelection })).toBe('users');
    expect(parseSelection({ selectors }).defaultSelector).toBe('b');
    expect(select({ selectors, indirectSelection, select: ['revenue'] })).toBe('revenue');
    expect(select({ selectors, indirectSelection, selector: 'a' })).toBe('orders');
    expect(select({ selectors, indirectSelection, exclude: ['source:*', '*'] })).toBe('');
  });

  it('is one', () => {
    expect(
      errorOf(() => parseSelection({ selectors: selectorsOf({ a: 'x', b: 'y' }, { a: true, b: true }) })),
    ).toBe(
      [
        'Runtime Error',
        '  Error when parsing the selector file. Found multiple selectors with `default: true`: a and b',
        '  at selectors.yml',
        '  hint: keep `default: true` on one of them',
      ].join('\n'),
    );
  });
});

describe('errors', () => {
  const file = (kind: string, message: string, hint = '') =>
    [
      'Runtime Error',
      `  Could not read selector file data: ${kind} Error`,
      ...message.split('\n').map((line) => `    ${line}`),
      '  at selectors.yml',
      `  hint: in selector 'x'${hint}`,
    ].join('\n');

  it.each([
    [
      'an unknown method',
      { tags: 'a' },
      file('Runtime', "'tags' is not a valid method name", ": did you mean 'tag'?"),
    ],
    [
      'a list',
      ['a'],
      file(
        'Validation',
        'Expected to find union, intersection, str or dict, instead found list: ["a"]',
        ': a definition is a criterion such as "tag:nightly+", or a mapping with "method" and "value", "union" or "intersection"',
      ),
    ],
    [
      'two operators',
      { union: ['a'], intersection: ['b'] },
      file(
        'Validation',
        "Only a single 'union' or 'intersection' key is allowed in a root level selector definition; found union,intersection.",
        ': move "intersection" into the list under "union"',
      ),
    ],
    [
      'no list',
      { union: 'a' },
      file('Validation', 'Invalid value for key "union". Expected a list.', ': write each part after a "-"'),
    ],
    [
      'a number in a list',
      { union: [1] },
      file('Validation', 'Invalid value type number in key "union", expected dict or str (value: 1).'),
    ],
    [
      'no value',
      { method: 'tag', children: true },
      file(
        'Validation',
        `Expected either 1 key or else "method" and "value" keys, but got ['method', 'children']`,
      ),
    ],
    [
      'two exclusions',
      { union: ['a', { exclude: ['b'] }, { exclude: ['c'] }] },
      file(
        'Validation',
        'You cannot provide multiple exclude arguments to the same selector set operator:\n{"exclude":["c"]}',
        ': put all exclusions into the list of one "exclude"',
      ),
    ],
    [
      'an unknown mode',
      { method: 'tag', value: 'a', indirect_selection: 'cautios' },
      file('Runtime', "'cautios' is not a valid IndirectSelection", ": did you mean 'cautious'?"),
    ],
    [
      'a depth that is none',
      { method: 'tag', value: 'a', parents: true, parents_depth: 'two' },
      file('Runtime', 'Invalid node spec - could not handle parent depth two'),
    ],
    [
      '@ and children',
      { method: 'tag', value: 'a', childrens_parents: true, children: true },
      file(
        'Runtime',
        'Invalid node spec {"method":"tag","value":"a","childrens_parents":true,"children":true} - "@" prefix and "+" suffix are incompatible',
        ': "@" selects the children already: leave out the "+" at the end, or use "+" in place of "@"',
      ),
    ],
  ])('%s', (_, definition, expected) => {
    expect(errorOf(() => define(definition))).toBe(expected);
  });

  it('a broken selector stops every command, as in dbt', () => {
    expect(
      errorOf(() => parseSelection({ select: ['a'], selectors: selectorsOf({ x: { foo: 1, bar: 2 } }) })),
    ).toBe(
      file('Validation', `Expected either 1 key or else "method" and "value" keys, but got ['foo', 'bar']`),
    );
  });

  it('selectors that refer to each other in a circle', () => {
    const circle = { a: { method: 'selector', value: 'b' }, b: { union: ['orders', 'selector:a'] } };
    expect(errorOf(() => define('selector:a', circle))).toBe(
      [
        'Runtime Error',
        '  Circular dependency detected in selector: a --> b --> a',
        '  hint: remove one of these "method: selector" from selectors.yml',
      ].join('\n'),
    );
  });

  it('a name that no selector has', () => {
    expect(
      errorOf(() =>
        parseSelection({ selector: 'nightl', selectors: selectorsOf({ nightly: 'a', weekly: 'b' }) }),
      ),
    ).toBe(
      [
        'Runtime Error',
        "  Could not find selector named nightl, expected one of ['nightly', 'weekly']",
        "  hint: did you mean 'nightly'?",
      ].join('\n'),
    );
    expect(errorOf(() => parseSelection({ selector: 'nightly' }))).toBe(
      [
        'Runtime Error',
        '  Could not find selector named nightly, expected one of []',
        '  hint: selectors are defined in selectors.yml, beside dbt_project.yml',
      ].join('\n'),
    );
  });
});

function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SqError) return error.text;
    throw error;
  }
  throw new Error('nothing was thrown');
}
