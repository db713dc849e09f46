import { describe, expect, it } from 'vitest';
import { SqError } from '../errors.ts';
import { shopManifest, shortNames } from '../testing/shop-manifest.ts';
import { selectNodes } from './evaluate.ts';
import { resourceTypesOf } from './resource-types.ts';
import { parseSelection, type SelectionRequest } from './selection.ts';

const manifest = shopManifest();

function select(request: SelectionRequest, command?: string): string {
  const resourceTypes = command === undefined ? undefined : resourceTypesOf(command);
  return shortNames(
    selectNodes(manifest, parseSelection(request), { resourceTypes, projectRoot: '/home/ann/shop' }).selected,
  );
}

/** Without the tests that come along. */
const only = (...words: string[]) => select({ select: words, indirectSelection: 'empty' });

const ORDERS_TESTS =
  'not_null_orders_id orders positive_revenue rel_orders_users unique_orders_id unit_test:orders.sums_up';

describe('methods', () => {
  it.each([
    // fqn
    ['orders', 'orders'],
    ['fqn:orders', 'orders'],
    ['shop.marts.orders', 'orders unit_test:orders.sums_up'],
    ['marts.orders', 'orders unit_test:orders.sums_up'],
    ['orders.marts', ''],
    ['marts.orders.sums_up', 'unit_test:orders.sums_up'],
    ['lib', 'lib.rates'],
    ['lib.staging', 'lib.rates'],
    ['staging', 'lib.rates source_not_null_raw_orders_id stg_orders stg_users'],
    ['shop.staging', 'source_not_null_raw_orders_id stg_orders stg_users'],
    ['stag', ''],
    ['Orders', ''],
    // A pattern is held against the whole path, so a name alone needs a wildcard for its folders.
    ['stg_*', ''],
    ['*.stg_*', 'stg_orders stg_users'],
    ['*stg_*', 'stg_orders stg_users'],
    ['*.staging.*', 'lib.rates source_not_null_raw_orders_id stg_orders stg_users'],
    ['shop.*.orders', 'orders'],
    ['marts.*orders', 'orders'],
    ['staging.stg_user?', 'stg_users'],
    ['*.stg_[!o]*', 'stg_users'],
    ['shop.st*', 'source_not_null_raw_orders_id stg_orders stg_users'],
    ['dim', 'dim.v1 dim.v2 dim.v3'],
    ['dim.v2', 'dim.v2'],
    ['dim_v2', 'dim.v2'],
    ['marts.dim.v1', 'dim.v1'],
    ['shop.marts.dim', 'dim.v1 dim.v2 dim.v3'],
    ['marts.dim.v[12]', 'dim.v1 dim.v2'],
    ['v2', ''],
    ['not_null_orders_id', 'not_null_orders_id'],
    ['weekly', 'exposure:weekly'],
    ['raw', ''],
    // tag
    ['tag:hourly', 'orders'],
    ['tag:nightly', 'orders source:raw.orders stg_orders'],
    ['tag:*ly', 'orders source:raw.orders stg_orders'],
    ['tag:board', 'exposure:weekly'],
    // group, access
    ['group:finance', 'metric:total orders revenue'],
    ['group:f*', 'metric:total orders revenue'],
    ['access:public', 'orders'],
    ['access:private', 'revenue'],
    // source
    ['source:raw', 'source:raw.orders source:raw.users'],
    ['source:raw.users', 'source:raw.users'],
    ['source:shop.raw.orders', 'source:raw.orders'],
    ['source:*', 'source:ext.rates source:raw.orders source:raw.users'],
    ['source:*.*.*s', 'source:ext.rates source:raw.orders source:raw.users'],
    ['source:lib.*.*', 'source:ext.rates'],
    // path
    ['path:models/staging/stg_orders.sql', 'stg_orders'],
    ['models/marts/orders.sql', 'orders'],
    ['./models/marts/orders.sql', 'orders'],
    ['/home/ann/shop/models/marts/orders.sql', 'orders'],
    ['path:models/marts/dim_v?.sql', 'dim.v1 dim.v2 dim.v3'],
    [
      'path:models/staging/',
      'lib.rates source:raw.orders source:raw.users source_not_null_raw_orders_id stg_orders stg_users',
    ],
    ['path:models/staging/staging.yml', 'stg_orders stg_users'],
    [
      'path:models/marts/marts.yml',
      'not_null_orders_id rel_orders_users unique_orders_id unit_test:orders.sums_up',
    ],
    ['path:models/*/orders.sql', 'orders'],
    ['path:**/orders.sql', 'orders'],
    ['path:models/*.sql', ''],
    [
      'path:mod*/marts',
      'dim.v1 dim.v2 dim.v3 not_null_orders_id orders rel_orders_users revenue unique_orders_id unit_test:orders.sums_up users',
    ],
    ['path:model', ''],
    ['path:seeds', 'seed:countries'],
    // file
    ['file:orders.sql', 'orders'],
    ['orders.sql', 'orders'],
    ['countries.csv', 'seed:countries'],
    ['file:stg_orders', 'stg_orders'],
    ['file:stg_*', 'stg_orders stg_users'],
    // package
    ['package:lib', 'lib.rates source:ext.rates'],
    ['package:l?b', 'lib.rates source:ext.rates'],
    // config
    ['config.materialized:incremental', 'orders'],
    [
      'config.materialized:test',
      'not_null_orders_id positive_revenue rel_orders_users source_not_null_raw_orders_id unique_orders_id',
    ],
    ['config.meta.owner:ann', 'orders source:raw.orders'],
    ['config.meta.levels.top:3', 'orders'],
    ['config.meta.rank:3', 'orders'],
    ['config.meta.pii:True', 'orders'],
    ['config.meta.pii:false', 'revenue'],
    ['config.unique_key:line', 'orders'],
    ['config.grants.select:reporter', 'orders'],
    ['config.on_schema_change:ignore', 'revenue'],
    ['config.severity:WARN', 'unique_orders_id'],
    ['config.tags:hourly', 'orders'],
    ['config.nothing.here:x', ''],
    // tests
    ['test_name:not_null', 'not_null_orders_id source_not_null_raw_orders_id'],
    ['test_name:sums*', 'unit_test:orders.sums_up'],
    ['test_type:singular', 'positive_revenue'],
    ['test_type:unit', 'unit_test:orders.sums_up'],
    [
      'test_type:generic',
      'not_null_orders_id rel_orders_users source_not_null_raw_orders_id unique_orders_id',
    ],
    ['test_type:schema,test_name:unique', 'unique_orders_id'],
    [
      'test_type:data',
      'not_null_orders_id positive_revenue rel_orders_users source_not_null_raw_orders_id unique_orders_id',
    ],
    // the rest
    ['resource_type:seed', 'seed:countries'],
    ['resource_type:snapshot', 'snapshot:users_snapshot'],
    ['exposure:*', 'exposure:weekly'],
    ['exposure:shop.weekly', 'exposure:weekly'],
    ['exposure:lib.weekly', ''],
    ['metric:tot*', 'metric:total'],
    ['semantic_model:facts', 'semantic_model:facts'],
    ['saved_query:board', 'saved_query:board'],
    ['unit_test:sums_up', 'unit_test:orders.sums_up'],
    ['version:latest', 'dim.v2'],
    ['version:prerelease', 'dim.v3'],
    ['version:old', 'dim.v1'],
    ['version:none', 'lib.rates orders revenue stg_orders stg_users users'],
  ])('%s → %s', (word, expected) => {
    expect(only(word)).toBe(expected);
  });

  it('package:this is the root project', () => {
    expect(only('package:this,resource_type:model')).toBe(
      'dim.v1 dim.v2 dim.v3 orders revenue stg_orders stg_users users',
    );
  });
});

describe('operators', () => {
  it.each([
    [
      'orders+',
      'exposure:weekly metric:total not_null_orders_id orders positive_revenue rel_orders_users revenue saved_query:board semantic_model:facts unique_orders_id unit_test:orders.sums_up',
    ],
    [
      'orders+1',
      'not_null_orders_id orders positive_revenue rel_orders_users revenue unique_orders_id unit_test:orders.sums_up',
    ],
    ['+orders', 'orders seed:countries source:raw.orders source:raw.users stg_orders stg_users'],
    ['1+orders', 'orders seed:countries stg_orders stg_users'],
    ['0+orders', 'orders'],
    ['1+users+1', 'analysis:top_users rel_orders_users stg_users users'],
    ['+users+', 'analysis:top_users rel_orders_users source:raw.users stg_users users'],
    [
      '@users',
      'analysis:top_users orders rel_orders_users seed:countries source:raw.orders source:raw.users stg_orders stg_users users',
    ],
    ['source:raw.users+1', 'source:raw.users stg_users'],
    ['+tag:hourly', 'orders seed:countries source:raw.orders source:raw.users stg_orders stg_users'],
    ['orders users', 'orders users'],
    ['+users,+orders', 'source:raw.users stg_users'],
    ['staging,tag:nightly', 'stg_orders'],
    ['staging,tag:nightly users', 'stg_orders users'],
    ['tag:nightly,tag:hourly,resource_type:model', 'orders'],
    ['  orders   users ', 'orders users'],
  ])('%s → %s', (word, expected) => {
    expect(only(word)).toBe(expected);
  });

  it('arguments of their own and words in one argument mean the same', () => {
    expect(only('orders', 'users stg_users')).toBe('orders stg_users users');
  });

  it('a value in quotes may hold spaces and commas', () => {
    expect(parseSelection({ select: ['tag:"every, night"+ b'] }).spec).toMatchObject({
      components: [
        { components: [{ method: 'tag', value: 'every, night', children: true }] },
        { components: [{ method: 'fqn', value: 'b' }] },
      ],
    });
  });

  it('--exclude takes away, from everything or from what was selected', () => {
    expect(select({ select: ['staging'], exclude: ['stg_users'], indirectSelection: 'empty' })).toBe(
      'lib.rates source_not_null_raw_orders_id stg_orders',
    );
    expect(select({ exclude: ['source:*', 'resource_type:test', '+revenue', 'staging+'] })).toBe('');
    expect(select({ select: ['+orders'], exclude: ['tag:staging', 'seed*', 'path:seeds'] }, 'run')).toBe(
      'orders',
    );
  });
});

describe('tests that come along', () => {
  it.each([
    ['orders', 'eager', ORDERS_TESTS],
    ['orders', 'cautious', 'not_null_orders_id orders unique_orders_id unit_test:orders.sums_up'],
    ['orders', 'buildable', 'not_null_orders_id orders unique_orders_id unit_test:orders.sums_up'],
    ['orders', 'empty', 'orders'],
    ['users', 'eager', 'rel_orders_users users'],
    ['users', 'cautious', 'users'],
    // A second criterion brings the parent for which the test waited.
    [
      'orders users',
      'cautious',
      'not_null_orders_id orders rel_orders_users unique_orders_id unit_test:orders.sums_up users',
    ],
    [
      'orders revenue',
      'cautious',
      'not_null_orders_id orders revenue unique_orders_id unit_test:orders.sums_up',
    ],
    // Sources need not be selected for a buildable test, and neither does what stands above.
    ['revenue', 'cautious', 'revenue'],
    ['revenue', 'buildable', 'positive_revenue revenue'],
    [
      'orders revenue',
      'buildable',
      'not_null_orders_id orders positive_revenue revenue unique_orders_id unit_test:orders.sums_up',
    ],
    ['revenue', 'eager', 'positive_revenue revenue'],
    // A test that is named is selected in every mode.
    ['rel_orders_users', 'empty', 'rel_orders_users'],
    ['rel_orders_users', 'cautious', 'rel_orders_users'],
    // Both sides of an intersection bring their tests.
    ['tag:hourly,group:finance', 'eager', ORDERS_TESTS],
    ['orders,users', 'eager', 'rel_orders_users'],
    ['orders,users', 'cautious', ''],
    ['test_type:singular,orders', 'eager', 'positive_revenue'],
    ['source:raw', 'eager', 'source:raw.orders source:raw.users source_not_null_raw_orders_id'],
  ] as const)('%s, %s → %s', (word, indirectSelection, expected) => {
    expect(select({ select: [word], indirectSelection })).toBe(expected);
  });

  it('an excluded node takes its tests with it, in every mode as that mode sees them', () => {
    expect(select({ select: ['orders users'], exclude: ['users'] })).toBe(
      'not_null_orders_id orders positive_revenue unique_orders_id unit_test:orders.sums_up',
    );
    expect(select({ select: ['orders users'], exclude: ['users'], indirectSelection: 'cautious' })).toBe(
      'not_null_orders_id orders rel_orders_users unique_orders_id unit_test:orders.sums_up',
    );
  });
});

describe('resource types', () => {
  it.each([
    ['run', 'orders'],
    [
      'test',
      'not_null_orders_id positive_revenue rel_orders_users unique_orders_id unit_test:orders.sums_up',
    ],
    ['build', ORDERS_TESTS],
    ['seed', ''],
    ['compile', 'not_null_orders_id orders positive_revenue rel_orders_users unique_orders_id'],
  ])('%s takes of orders: %s', (command, expected) => {
    expect(select({ select: ['orders'] }, command)).toBe(expected);
  });

  it('without a selection a command takes all of its types', () => {
    expect(select({}, 'run')).toBe(
      'dim.v1 dim.v2 dim.v3 lib.rates orders revenue stg_orders stg_users users',
    );
    expect(select({}, 'freshness')).toBe('source:ext.rates source:raw.orders source:raw.users');
    expect(selectNodes(manifest, parseSelection({})).selected.size).toBe(manifest.index.size);
  });

  it('flags narrow and widen', () => {
    const types = (command: string, include: string[], exclude: string[] = []) =>
      [...resourceTypesOf(command, { include, exclude })].sort().join(' ');
    expect(types('ls', ['model seed'])).toBe('model seed');
    expect(types('ls', ['Model'])).toBe('model');
    expect(types('ls', ['all'], ['test', 'unit_test'])).toBe(
      'analysis exposure function metric model saved_query seed semantic_model snapshot source',
    );
    expect(types('build', [], ['test'])).toBe('exposure function model saved_query seed snapshot unit_test');
    expect(types('test', ['unit_test', 'model'])).toBe('unit_test');
    expect(types('build', ['default'], ['seed'])).toBe(
      'exposure function model saved_query snapshot test unit_test',
    );
  });

  it('refuses a word that is no type', () => {
    expect(errorOf(() => resourceTypesOf('ls', { include: ['models'] }))).toBe(
      [
        'Usage Error',
        "  Invalid value for '--resource-types' / '--resource-type': 'models' is not one of 'model', 'snapshot', 'seed', 'test', 'source', 'exposure', 'metric', 'saved_query', 'semantic_model', 'unit_test', 'function', 'analysis', 'default', 'all'.",
        "  hint: did you mean 'model'?",
      ].join('\n'),
    );
  });

  it('an empty file is listed and not run', () => {
    const empty = shopManifest();
    Object.assign(empty.index.get('model.shop.users') as object, { empty: true });
    const parsed = parseSelection({ select: ['users'], indirectSelection: 'empty' });
    expect(shortNames(selectNodes(empty, parsed).selected)).toBe('');
    expect(shortNames(selectNodes(empty, parsed, { includeEmpty: true }).selected)).toBe('users');
  });
});

describe('warnings', () => {
  const warningsOf = (request: SelectionRequest) => selectNodes(manifest, parseSelection(request)).warnings;

  it('one for each criterion that matches nothing, as it was written', () => {
    expect(
      warningsOf({ select: ['tag:none orders', 'orders,users,tag:none'], exclude: ['path:none'] }),
    ).toEqual([
      { name: 'NoNodesForSelectionCriteria', spec_raw: 'tag:none' },
      { name: 'NoNodesForSelectionCriteria', spec_raw: 'orders,users,tag:none' },
      { name: 'NoNodesForSelectionCriteria', spec_raw: 'path:none' },
    ]);
  });

  it('a bare name gets the nearest one as a hint', () => {
    expect(warningsOf({ select: ['+revenu+'] })).toEqual([
      { name: 'NoNodesForSelectionCriteria', spec_raw: '+revenu+', hint: "did you mean 'revenue'?" },
    ]);
  });

  it('an empty argument matches nothing and says so', () => {
    expect(warningsOf({ select: [''] })).toEqual([{ name: 'NoNodesForSelectionCriteria', spec_raw: '' }]);
  });

  it('none when nothing was asked for', () => {
    expect(warningsOf({})).toEqual([]);
  });
});

describe('errors', () => {
  it.each([
    [
      'foo:bar',
      "'foo' is not a valid method name",
      `methods are fqn, tag, group, access, source, path, file, package, config, test_name, test_type, resource_type, state, exposure, metric, result, source_status, version, semantic_model, saved_query, unit_test, selector`,
    ],
    ['tags:nightly', "'tags' is not a valid method name", "did you mean 'tag'?"],
    [
      '@orders+',
      'Invalid node spec @orders+ - "@" prefix and "+" suffix are incompatible',
      '"@" selects the children already: leave out the "+" at the end, or use "+" in place of "@"',
    ],
    ['a\nb', 'Invalid selector spec "a\nb"', undefined],
    [
      'source:a.b.c.d',
      'Invalid source selector value "a.b.c.d". Sources must be of the form `${source_name}`, `${source_name}.${target_name}`, or `${package_name}.${source_name}.${target_name}`',
      undefined,
    ],
    [
      'exposure:a.b.c',
      'Invalid exposure selector value "a.b.c". Exposures must be of the form ${exposure_name} or ${exposure_package.exposure_name}',
      undefined,
    ],
    [
      'test_type:foo',
      'Invalid test type selector foo: expected "generic", "singular", "unit", or "data"',
      undefined,
    ],
    [
      'test_type:constructor',
      'Invalid test type selector constructor: expected "generic", "singular", "unit", or "data"',
      undefined,
    ],
    [
      'version:newest',
      'Invalid version type selector newest: expected one of: "latest", "prerelease", "old", or "none"',
      undefined,
    ],
    ['resource_type:modle', 'Invalid resource_type selector "modle"', "did you mean 'model'?"],
    [
      'path:/etc/passwd',
      'Invalid path selector value "/etc/passwd". Paths must be relative to the project',
      'leave out the beginning, as in path:models/staging',
    ],
    ['selector:nightly', "Selector 'nightly' did not match any selector in selectors.yml", undefined],
    [
      'state:modified',
      'Got a state selector method, but no comparison manifest',
      "'state:' compares with the artefacts of another run: name their folder with --state",
    ],
  ])('%s: %s', (word, message, hint) => {
    const error = thrown(() => select({ select: [word] }));
    expect([error.kind, error.message, error.hint]).toEqual(['Runtime', message, hint]);
  });

  it('methods that need state are understood before they are asked', () => {
    expect(() => parseSelection({ select: ['state:modified+'] })).not.toThrow();
  });
});

function thrown(action: () => unknown): SqError {
  try {
    action();
  } catch (error) {
    if (error instanceof SqError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function errorOf(action: () => unknown): string {
  return thrown(action).text;
}
