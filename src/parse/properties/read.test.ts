import { describe, expect, it } from 'vitest';
import { SqError } from '../../errors.ts';
import type { SqEvent } from '../../events.ts';
import {
  type GenericTest,
  type PropertyFile,
  type PropertyOptions,
  readPropertyFile,
  versionsOf,
} from './index.ts';

const PATH = 'models/marts/schema.yml';

function read(text: string, options: Partial<PropertyOptions> = {}): PropertyFile & { events: SqEvent[] } {
  const events: SqEvent[] = [];
  const file = readPropertyFile(text, PATH, 'marts/schema.yml', {
    packageName: 'shop',
    emit: (event) => events.push(event),
    quote: (column) => `"${column}"`,
    keyCheck: 'near',
    ...options,
  });
  return { ...file, events };
}

function failure(text: string, options: Partial<PropertyOptions> = {}): SqError {
  try {
    read(text, options);
  } catch (error) {
    if (error instanceof SqError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const names = (tests: readonly GenericTest[]) => tests.map((test) => test.fullName);
const deprecations = (events: SqEvent[]) =>
  events.flatMap((event) => (event.name === 'Deprecation' ? [`${event.event_name}: ${event.msg}`] : []));

describe('sections', () => {
  it('give their entries as written, with their places', () => {
    const file = read(
      [
        'version: 2',
        'models:',
        '  - name: orders',
        '    description: "{{ doc(\'orders\') }}"',
        'seeds: [{name: countries}]',
        'macros: [{name: cents, arguments: [{name: amount}]}]',
        'exposures:',
        '  - {name: board, type: dashboard, owner: {email: a@b.c}}',
        'groups: [{name: finance, owner: {name: x}}]',
        'unit_tests: [{name: t, model: orders, given: [], expect: {rows: []}}]',
        'data_tests: [{name: no_negative, description: d}]',
      ].join('\n'),
    );
    expect(file.patches.map(({ section, name, keys }) => [section, name, ...keys])).toEqual([
      ['models', 'orders', 'models', 0],
      ['seeds', 'countries', 'seeds', 0],
      ['macros', 'cents', 'macros', 0],
      ['data_tests', 'no_negative', 'data_tests', 0],
    ]);
    expect(file.resources.map(({ section, name }) => [section, name])).toEqual([
      ['exposures', 'board'],
      ['groups', 'finance'],
      ['unit_tests', 't'],
    ]);
    expect(file.patches[0]?.raw.description).toBe("{{ doc('orders') }}");
    expect(file.document.locate([...(file.patches[0]?.keys ?? []), 'description'])).toEqual({
      path: PATH,
      line: 4,
      column: 18,
    });
    expect(file.events).toEqual([]);
  });

  it('may be none', () => {
    expect(read('').patches).toEqual([]);
    expect(read('version: 2\n').patches).toEqual([]);
  });

  it('flatten sources to their tables', () => {
    const file = read(
      'sources:\n  - name: raw\n    schema: lake\n    tables:\n      - name: a\n      - {name: b, identifier: bb}\n  - name: empty\n',
    );
    expect(
      file.tables.map((table) => [table.source.name, table.name, table.source.raw.schema, table.keys]),
    ).toEqual([
      ['raw', 'a', 'lake', ['sources', 0, 'tables', 0]],
      ['raw', 'b', 'lake', ['sources', 0, 'tables', 1]],
    ]);
  });

  it('tell an override of a source of another package', () => {
    const file = read('sources:\n  - name: raw\n    overrides: other\n    schema: x\n');
    expect(file.overrides.map((one) => [one.package, one.declaration.name])).toEqual([['other', 'raw']]);
    expect(deprecations(file.events)).toEqual([
      'SourceOverrideDeprecation: The source property `overrides` is deprecated but was found on source `raw` in file `models/marts/schema.yml`. Instead, `enabled` should be used to disable the unwanted source.',
    ]);
  });
});

describe('generic tests', () => {
  it('of columns come before those of the model', () => {
    const file = read(
      'models:\n  - name: orders\n    data_tests: [a]\n    columns:\n      - {name: id, data_tests: [unique, not_null]}\n',
    );
    expect(names(file.tests)).toEqual(['unique_orders_id', 'not_null_orders_id', 'a_orders_']);
  });

  it('of a source table come before those of its columns', () => {
    const file = read(
      'sources:\n  - name: raw\n    tags: x\n    tables:\n      - name: t\n        tags: [y]\n        columns: [{name: id, tags: [z], tests: [unique]}]\n        tests: [nonempty]\n',
    );
    expect(names(file.tests)).toEqual(['source_nonempty_raw_t_', 'source_unique_raw_t_id']);
    expect(file.tests[1]).toMatchObject({
      target: { section: 'sources', source: 'raw', table: 't' },
      args: { column_name: 'id', model: "{{ get_where_subquery(source('raw', 't')) }}" },
      inheritedTags: ['x', ['y'], ['z']],
      keys: ['sources', 0, 'tables', 0, 'columns', 0, 'tests', 0],
    });
  });

  it('carry arguments, config, name and description apart', () => {
    const file = read(
      [
        'models:',
        '  - name: orders',
        '    columns:',
        '      - name: status',
        '        data_tests:',
        '          - accepted_values:',
        '              name: known_status',
        '              description: only these',
        '              arguments:',
        '                values: [a, b]',
        '              config:',
        '                severity: warn',
        '                where: "x = 1"',
        '                snowflake_warehouse: w',
      ].join('\n'),
    );
    expect(file.events).toEqual([]);
    expect(file.tests).toEqual([
      {
        target: { section: 'models', name: 'orders', version: null },
        name: 'accepted_values',
        namespace: null,
        args: { column_name: 'status', values: ['a', 'b'], model: "{{ get_where_subquery(ref('orders')) }}" },
        config: { severity: 'warn', where: 'x = 1', snowflake_warehouse: 'w' },
        description: 'only these',
        fullName: 'known_status',
        shortName: 'known_status',
        hash: expect.stringMatching(/^[0-9a-f]{10}$/),
        columnName: 'status',
        rawColumnName: 'status',
        inheritedTags: [],
        keys: ['models', 0, 'columns', 0, 'data_tests', 0],
      },
    ]);
  });

  it('keep the order in which dbt takes config: its own keys first', () => {
    const file = read(
      'models:\n  - name: m\n    data_tests:\n      - {test_name: t, config: {zed: 1, tags: [x], severity: warn}}\n',
      { keyCheck: 'all' },
    );
    expect(Object.keys(file.tests[0]?.config ?? {})).toEqual(['severity', 'tags', 'zed']);
  });

  it('may be of a package, and named by test_name', () => {
    const file = read(
      'models:\n  - name: m\n    data_tests:\n      - {test_name: dbt_utils.recency, arguments: {field: x}}\n',
    );
    expect(file.tests[0]).toMatchObject({
      name: 'recency',
      namespace: 'dbt_utils',
      fullName: 'dbt_utils_recency_m_x',
    });
  });

  it('warn of arguments that are not under arguments:', () => {
    const file = read(
      'models:\n  - name: m\n    columns:\n      - name: a\n        data_tests:\n          - accepted_values: {values: [1], severity: warn}\n',
    );
    expect(file.tests[0]?.config).toEqual({ severity: 'warn' });
    expect(deprecations(file.events)).toEqual([
      'PropertyMovedToConfigDeprecation: Found `severity` as a top-level property of `data_tests.accepted_values.severity` in file `models/marts/schema.yml`. The `severity` top-level property should be moved into the `config` of `data_tests.accepted_values.severity`.',
      "MissingArgumentsPropertyInGenericTestDeprecation: Found top-level arguments to test `accepted_values` defined on 'm' in package 'shop' (models/marts/schema.yml). Arguments to generic tests should be nested under the `arguments` property.",
    ]);
  });

  it('take arguments: as an argument where the project says so', () => {
    const file = read('models:\n  - name: m\n    data_tests:\n      - t: {arguments: {x: 1}}\n', {
      requireArguments: false,
    });
    expect(file.tests[0]?.args).toEqual({ arguments: { x: 1 }, model: "{{ get_where_subquery(ref('m')) }}" });
    expect(deprecations(file.events)).toEqual([
      expect.stringMatching(
        /^ArgumentsPropertyInGenericTestDeprecation: Found `arguments` property in test definition of `t` \(\{'x': 1\}\) /,
      ),
    ]);
  });

  it('quote the column where it is quoted', () => {
    const file = read(
      'seeds:\n  - name: s\n    quote_columns: true\n    columns:\n      - {name: "A b", tests: [unique]}\n      - {name: c, quote: false, tests: [unique]}\n',
    );
    expect(file.tests.map((test) => [test.columnName, test.rawColumnName, test.fullName])).toEqual([
      ['"A b"', 'A b', 'unique_s__A_b_'],
      ['c', 'c', 'unique_s_c'],
    ]);
  });

  it('cut a long name and keep the whole one for the unique id', () => {
    const [test] = read(
      'models:\n  - name: a_model_with_a_rather_long_name\n    columns:\n      - {name: a_column_with_a_rather_long_name, tests: [not_null]}\n',
    ).tests;
    expect(test?.fullName).toBe('not_null_a_model_with_a_rather_long_name_a_column_with_a_rather_long_name');
    expect(test?.shortName).toMatch(/^not_null_a_model_with_a_rather_[0-9a-f]{32}$/);
    expect(test?.config).toEqual({ alias: test?.shortName });
  });

  it.each([
    ['a number', '5', 'Parsing', "test must be dict or str, got <class 'int'> (value 5)"],
    [
      'two keys',
      '{a: , b: 1}',
      'Parsing',
      "test definition dictionary must have exactly one key, got [('a', None), ('b', 1)] instead (2 keys)",
    ],
    ['no mapping', '{a: [1]}', 'Parsing', "test arguments must be a dict, got <class 'list'> (value [1])"],
    [
      'config of another kind',
      '{a: {config: x}}',
      'Parsing',
      "'config' must be a dict, got <class 'str'> (value x)",
    ],
  ])('refuse %s', (_, entry, kind, message) => {
    const error = failure(
      `models:\n  - name: m\n    columns:\n      - name: c\n        data_tests:\n          - ${entry}\n`,
    );
    expect(error.kind).toBe(kind);
    expect(error.message).toBe(`Invalid test config given in ${PATH}:\n\t${message}\n\t@: model m, column c`);
    expect(error.at).toEqual({ path: PATH, line: 6, column: 13 });
  });

  it.each([
    [
      'an argument named model',
      '{a: {arguments: {model: x}}}',
      'Test arguments include "model", which is a reserved argument',
    ],
    [
      'config in two places',
      '{a: {severity: warn, config: {severity: error}}}',
      'Test cannot have the same key at the top-level and in config',
    ],
    ['a name that is none', '"1x"', 'Test name string did not match expected pattern: 1x'],
  ])('refuse %s', (_, entry, message) => {
    const error = failure(`models:\n  - name: m\n    data_tests:\n      - ${entry}\n`);
    expect(error.kind).toBe('Compilation');
    expect(error.message).toBe(
      `Invalid generic test configuration given in ${PATH}: \n${message}\n\t@: model m`,
    );
  });
});

describe('versions', () => {
  const text = [
    'models:',
    '  - name: m',
    '    latest_version: 2',
    '    columns: [{name: a, tests: [unique]}, {name: b}]',
    '    tests: [t]',
    '    versions:',
    '      - v: 1',
    '        columns:',
    '          - include: all',
    '            exclude: [a]',
    '          - {name: c, tests: [not_null]}',
    '      - v: 2',
    '        tests: []',
  ];

  it('have columns and tests of their own', () => {
    const file = read(text.join('\n').replace('tests: []', 'data_tests: []'));
    const [model] = file.patches;
    expect(
      model &&
        versionsOf(model, file.document).map(({ v, columns }) => [v, columns.map(({ raw }) => raw.name)]),
    ).toEqual([
      [1, ['b', 'c']],
      [2, ['a', 'b']],
    ]);
    expect(file.tests.map((test) => [test.fullName, test.args.model])).toEqual([
      ['not_null_m_v1_c', "{{ get_where_subquery(ref('m', version='1')) }}"],
      ['t_m_v1_', "{{ get_where_subquery(ref('m', version='1')) }}"],
      ['unique_m_v2_a', "{{ get_where_subquery(ref('m', version='2')) }}"],
    ]);
  });

  it.each([
    [
      'twice the same',
      'versions: [{v: 1}, {v: 1}]',
      "Found duplicate version: '1' in versions list of model 'm'",
    ],
    [
      'a latest that is none',
      "latest_version: 3\n    versions: [{v: 1}, {v: 'x'}]",
      "latest_version: 3 is not one of model 'm' versions: [1, 'x'] ",
    ],
    [
      'two rules',
      'versions: [{v: 1, columns: [{include: all}, {exclude: [a]}]}]',
      'version can have at most one include/exclude element',
    ],
  ])('refuse %s', (_, lines, message) => {
    expect(failure(`models:\n  - name: m\n    ${lines}\n`).message).toBe(message);
  });
});

describe('what is wrong', () => {
  it('with the YAML', () => {
    expect(failure('models:\n  - name: a\n   columns: []\n').text).toBe(
      [
        'Parsing Error',
        '  Error reading shop: marts/schema.yml - Runtime Error',
        '    Syntax error near line 3',
        '    ------------------------------',
        '    1  | models:',
        '    2  |   - name: a',
        '    3  |    columns: []',
        '    4  | ',
        '',
        '    Raw Error:',
        '    ------------------------------',
        '    expected a list item (- ...): the line stands in a column where nothing begins',
        '  at models/marts/schema.yml:3:4',
        '  hint: keys of one mapping stand in the same column; quotes and brackets need their end',
      ].join('\n'),
    );
  });

  it.each([
    [
      '- a\n',
      `Error reading shop: marts/schema.yml - Runtime Error\n  Contents of file '${PATH}' are not valid. Dictionary expected.`,
    ],
    ['models:\n', `The schema file at ${PATH} is invalid because the value of 'models' is not a list`],
    [
      'models: {name: a}\n',
      `The schema file at ${PATH} is invalid because the value of 'models' is not a list`,
    ],
    [
      'seeds: [a]\n',
      `The schema file at ${PATH} is invalid because a list element for 'seeds' is not a dictionary`,
    ],
    [
      'models: [{nam: a}]\n',
      `The schema file at ${PATH} is invalid because a list element for 'models' does not have a name attribute.`,
    ],
    ['groups: {a: b}\n', "groups must be a list, got <class 'dict'> instead: ({'a': 'b'})"],
    ['unit_tests: [{x: 1}]\n', 'Entry did not contain a name'],
    [
      'models: [{name: 1}]\n',
      `Invalid models config given in ${PATH} @ models: {'name': 1} - at path ['name']: 1 is not of type 'string'`,
    ],
    [
      'models: [{name: a, columns: [{nam: b}]}]\n',
      `Invalid models config given in ${PATH} @ models: {'name': 'a', 'columns': [{'nam': 'b'}]} - at path ['columns'][0]: 'name' is a required property`,
    ],
    [
      'models: [{name: a, data_tests: unique}]\n',
      `Invalid models config given in ${PATH} @ models: {'name': 'a', 'data_tests': 'unique'} - at path ['data_tests']: 'unique' is not of type 'array'`,
    ],
    [
      'models: [{name: a, tests: [x], data_tests: [y]}]\n',
      `Invalid models config given in ${PATH} @ models: {'name': 'a', 'tests': ['x'], 'data_tests': ['y']} - at path ['tests']: Invalid test config: cannot have both 'tests' and 'data_tests' defined`,
    ],
    [
      'models: [{name: a, meta: {x: 1}, config: {meta: {y: 1}}}]\n',
      `In ${PATH}: found meta dictionary in 'config' dictionary and as top-level key.\nRemove the top-level key and define it under 'config' dictionary only.`,
    ],
    [
      'exposures: [{name: a, type: table, owner: {name: x}}]\n',
      `Invalid exposures config given in ${PATH} @ exposures: {'name': 'a', 'type': 'table', 'owner': {'name': 'x'}} - at path ['type']: 'table' is not one of ['dashboard', 'notebook', 'analysis', 'ml', 'application']`,
    ],
    [
      'groups: [{name: a, owner: {slack: x}}]\n',
      `Invalid groups config given in ${PATH} @ groups: {'name': 'a', 'owner': {'slack': 'x'}} - at path ['owner']: Group owner must have at least one of 'name' or 'email'.`,
    ],
    [
      'sources: [{name: s, tables: [t]}]\n',
      `Invalid sources config given in ${PATH} @ sources: {'name': 's', 'tables': ['t']} - at path ['tables'][0]: 't' is not of type 'object'`,
    ],
    [
      'metrics: [{name: 1a b}]\n',
      `Invalid metrics config given in ${PATH} @ metrics: {'name': '1a b'} - at path ['name']: The metric name '1a b' is invalid.  It cannot contain spaces, must begin with a letter, must contain only letters, numbers and underscores`,
    ],
  ])('with %j', (text, message) => {
    const error = failure(text);
    expect([error.kind, error.message]).toEqual(['Parsing', message]);
  });

  it('points at the very value', () => {
    expect(failure('models:\n  - name: a\n    columns:\n      - name: b\n      - name: 12\n').at).toEqual({
      path: PATH,
      line: 5,
      column: 15,
    });
  });

  it('with a data_tests section is only told', () => {
    expect(read('data_tests: {x: 1}\n').events).toEqual([
      {
        name: 'Note',
        msg: expect.stringMatching(
          /^Unable to parse 'data_tests' section of file 'models\/marts\/schema.yml'\n/,
        ),
      },
    ]);
  });
});

describe('keys', () => {
  it('that stand twice', () => {
    expect(deprecations(read('models:\n  - name: a\n    name: b\n').events)).toEqual([
      'DuplicateYAMLKeysDeprecation: Duplicate key \'name\' in "<unicode string>", line 3, column 5 in file `models/marts/schema.yml`',
    ]);
  });

  const text = [
    'modells: []',
    'models:',
    '  - name: a',
    '    descripton: x',
    '    owner_team: y',
    '    tags: [z]',
    '    config: {materialised: table, my_own: 1, publish: audited}',
    '    columns: [{name: c, data_typ: int, anything: 1}]',
  ].join('\n');

  it('that are near to a known one, on every adapter', () => {
    expect(deprecations(read(text).events)).toEqual([
      'CustomTopLevelKeyDeprecation: Unexpected top-level key modells in file `models/marts/schema.yml`. Did you mean `models`?\n  at models/marts/schema.yml:1:1',
      'CustomKeyInObjectDeprecation: Custom key `descripton` found at `models[0]` in file `models/marts/schema.yml`. This may mean the key is a typo, or is simply not a key supported by the object. Did you mean `description`?\n  at models/marts/schema.yml:4:5',
      'CustomKeyInConfigDeprecation: Custom key `materialised` found in `config` at path `models[0].config` in file `models/marts/schema.yml`. Custom config keys should move into the `config.meta`. Did you mean `materialized`?\n  at models/marts/schema.yml:7:14',
      'CustomKeyInObjectDeprecation: Custom key `data_typ` found at `models[0].columns[0]` in file `models/marts/schema.yml`. This may mean the key is a typo, or is simply not a key supported by the object. Did you mean `data_type`?\n  at models/marts/schema.yml:8:25',
    ]);
  });

  it('that nobody knows, where dbt checks them', () => {
    const found = deprecations(read(text, { keyCheck: 'all' }).events).map((one) =>
      one.replace(/^(\w+): .*?`(\w+)`.*$/s, '$1 $2'),
    );
    expect(found.slice(1)).toEqual([
      'CustomKeyInObjectDeprecation descripton',
      'CustomKeyInObjectDeprecation owner_team',
      'PropertyMovedToConfigDeprecation tags',
      'CustomKeyInConfigDeprecation materialised',
      'CustomKeyInConfigDeprecation my_own',
      'CustomKeyInObjectDeprecation data_typ',
      'CustomKeyInObjectDeprecation anything',
    ]);
  });
});
