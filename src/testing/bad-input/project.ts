/** What is wrong with dbt_project.yml and the packages. */
import type { BadInput } from './contract.ts';

export const project: readonly BadInput[] = [
  {
    name: 'bad YAML',
    files: {
      'dbt_project.yml': `name: shop
models:
  shop:
    +materialized: table
   +schema: marts
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Syntax error near line 5
  ------------------------------
  2  | models:
  3  |   shop:
  4  |     +materialized: table
  5  |    +schema: marts
  6  | 

  Raw Error:
  ------------------------------
  expected a key: the line stands in a column where nothing begins
  at dbt_project.yml:5:4
  hint: keys of one mapping stand in the same column; quotes and brackets need their end
`,
  },
  {
    name: 'no name',
    files: {
      'dbt_project.yml': `version: 1.0.0
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Required "name" field not present in project
  at dbt_project.yml:1:1
  hint: add a line to dbt_project.yml: name: my_project
`,
  },
  {
    name: 'a name that is none',
    files: {
      'dbt_project.yml': `name: my-shop
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  at path ['name']: 'my-shop' does not match '^[^\\\\d\\\\W]\\\\w*$'
  at dbt_project.yml:1:7
  hint: a project name holds letters, digits and underscores and begins with a letter or underscore
`,
  },
  {
    name: 'a value of the wrong type',
    files: {
      'dbt_project.yml': `name: shop
model-paths: models
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  at path ['model-paths']: 'models' is not of type 'array', 'null'
  at dbt_project.yml:2:14
  hint: write a list: model-paths: [models]
`,
  },
  {
    name: 'an unknown key',
    files: {
      'dbt_project.yml': `name: shop
model-path: [models]
`,
    },
    run: 'parse',
    code: 0,
    stdout: `08:00:00  [WARNING][CustomTopLevelKeyDeprecation]: Deprecated functionality
Unexpected top-level key model-path in file \`dbt_project.yml\`. Did you mean \`model-paths\`?
  at dbt_project.yml:2:1
08:00:00  [WARNING][DeprecationsSummary]: Deprecated functionality
Summary of encountered deprecations:
- CustomTopLevelKeyDeprecation: 1 occurrence
To see every occurrence and not only the first of each kind, run the command again with \`--show-all-deprecations\`; some are met only while parsing, then add \`--no-partial-parse\`.
`,
  },
  {
    name: 'an unknown config key of a folder',
    files: {
      'dbt_project.yml': `name: shop
models:
  shop:
    +materialised: table
`,
      'models/a.sql': 'select 1 as n',
    },
    run: 'parse',
    code: 0,
    stdout: `08:00:00  [WARNING][CustomKeyInConfigDeprecation]: Deprecated functionality
Custom key \`+materialised\` found in \`config\` at path \`shop.+materialised\` in file \`dbt_project.yml\`. Custom config keys should move into the \`config.meta\`. Did you mean \`+materialized\`?
  at dbt_project.yml:4:5
08:00:00  [WARNING][DeprecationsSummary]: Deprecated functionality
Summary of encountered deprecations:
- CustomKeyInConfigDeprecation: 1 occurrence
To see every occurrence and not only the first of each kind, run the command again with \`--show-all-deprecations\`; some are met only while parsing, then add \`--no-partial-parse\`.
`,
  },
  {
    name: 'config of a folder that is not there',
    files: {
      'dbt_project.yml': `name: shop
models:
  shop:
    mrats:
      +materialized: table
`,
      'models/marts/a.sql': 'select 1 as n',
    },
    run: 'parse',
    code: 0,
    stdout: `08:00:00  [WARNING]: Configuration paths exist in your dbt_project.yml file which do not apply to any resources.
          There are 1 unused configuration paths:
          - models.shop.mrats
`,
  },
  {
    name: 'another version of dbt required',
    files: {
      'dbt_project.yml': `name: shop
require-dbt-version: ">=3.0.0"
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  This version of dbt is not supported with the 'shop' package.
    Installed version of dbt: =1.12.3
    Required version of dbt for 'shop': ['>=3.0.0']
  Check for a different version of the 'shop' package, or run dbt again with --no-version-check

  at dbt_project.yml:2:22
  hint: sq behaves as dbt 1.12.3; require-dbt-version in dbt_project.yml asks for another
`,
  },
  {
    name: 'a variable that nobody gives',
    files: {
      'dbt_project.yml': `name: shop
models:
  +schema: "{{ var('where') }}"
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  Required var 'where' not found in config:
  Vars supplied to <Configuration> = {}
  at dbt_project.yml:3:12
  hint: dbt_project.yml and profiles.yml see variables of --vars and vars.yml only; give a default: var('where', ...)
`,
  },
  {
    name: 'packages that are not installed',
    files: {
      'packages.yml': `packages:
  - package: dbt-labs/dbt_utils
    version: 1.3.0
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  dbt expects 1 package(s) based on packages specified in packages.yml, but found only 0 package(s) installed in dbt_packages. Run "dbt deps" to install package dependencies.
  hint: run \`sq deps\`
`,
  },
];
