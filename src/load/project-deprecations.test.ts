import { describe, expect, it } from 'vitest';
import { keyCheckFor, projectDeprecations } from './project-deprecations.ts';
import { parseYaml } from './yaml/document.ts';

const TEXT = [
  'name: shop',
  'modells: {}',
  'my-own: 1',
  'semantic_models: {}',
  'models:',
  '  shop:',
  '    materialized: view',
  '    +materialised: table',
  '    +publish: audited',
  '    meta: {anything: 1}',
  '    staging: {+my_own: 1}',
].join('\n');

const found = (text: string, check: 'all' | 'near') =>
  projectDeprecations({ document: parseYaml(text, 'dbt_project.yml') }, check).map((event) =>
    event.name === 'Deprecation' ? `${event.event_name}: ${event.msg}` : event.name,
  );

describe('dbt_project.yml', () => {
  it('is told what is near to a known key', () => {
    expect(found(TEXT, 'near')).toEqual([
      'CustomTopLevelKeyDeprecation: Unexpected top-level key modells in file `dbt_project.yml`. Did you mean `models`?\n  at dbt_project.yml:2:1',
      'CustomKeyInConfigDeprecation: Custom key `+materialised` found in `config` at path `shop.+materialised` in file `dbt_project.yml`. Custom config keys should move into the `config.meta`. Did you mean `+materialized`?\n  at dbt_project.yml:8:5',
    ]);
  });

  it('is told every unknown key where dbt checks', () => {
    expect(
      found(TEXT, 'all').map((one) => one.replace(/^(\w+): .*?(?:`|key )(\+?[\w-]+).*$/s, '$1 $2')),
    ).toEqual([
      'CustomTopLevelKeyDeprecation modells',
      'CustomTopLevelKeyDeprecation my-own',
      'MissingPlusPrefixDeprecation materialized',
      'CustomKeyInConfigDeprecation +materialised',
      'MissingPlusPrefixDeprecation meta',
      'CustomKeyInConfigDeprecation +my_own',
    ]);
  });

  it('is told of keys that stand twice', () => {
    expect(found('name: a\nname: b\n', 'near')).toEqual([
      'DuplicateYAMLKeysDeprecation: Duplicate key \'name\' in "<unicode string>", line 2, column 1 in file `dbt_project.yml`',
    ]);
  });
});

describe('which check', () => {
  it.each([
    ['redshift', undefined, 'all'],
    ['duckdb', undefined, 'near'],
    ['postgres', undefined, 'near'],
    ['postgres', 'bigquery,postgres', 'all'],
    ['redshift', 'postgres', 'near'],
  ])('%s with %s: %s', (type, variable, expected) => {
    expect(keyCheckFor(type, { SQ_TEST_JSONSCHEMA: variable })).toBe(expected);
  });
});
