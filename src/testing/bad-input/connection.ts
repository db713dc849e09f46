/** What is wrong with profiles.yml, the database it names, and the places that sq writes to. */
import type { BadInput } from './contract.ts';

export const connection: readonly BadInput[] = [
  {
    name: 'a profile without the target it names',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: prod
  outputs:
    dev:
      type: duckdb
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  The profile 'shop' does not have a target named 'prod'. The valid target names for this profile are:
   - dev
  at profiles.yml:2:11
  hint: choose one with --target, or with a line \`target: dev\` in the profile
`,
  },
  {
    name: 'a target that is misspelt',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: production
  outputs:
    production:
      type: duckdb
`,
    },
    run: 'parse --target prodution',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  The profile 'shop' does not have a target named 'prodution'. The valid target names for this profile are:
   - production
  at profiles.yml:3:3
  hint: did you mean 'production'?
`,
  },
  {
    name: 'a profile that nobody has',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: dev
  outputs:
    dev:
      type: duckdb
`,
    },
    run: 'parse --profile shopp',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Could not find profile named 'shopp'
  hint: did you mean 'shop'? looked for profiles.yml in <project>, <home>/.dbt
`,
  },
  {
    name: 'an adapter that nobody has',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: dev
  outputs:
    dev:
      type: duckbd
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Could not find adapter type duckbd!
  at profiles.yml:5:13
  hint: did you mean 'duckdb'? the adapters are: duckdb, postgres, redshift, spark
`,
  },
  {
    name: 'no adapter',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: dev
  outputs:
    dev:
      path: shop.duckdb
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  required field "type" not found in profile shop and target dev
  at profiles.yml:4:5
  hint: add type: duckdb, or another adapter
`,
  },
  {
    name: 'an unknown key of a profile',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      pth: shop.duckdb
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Credentials in profile "shop", target "dev" invalid: Additional properties are not allowed ('pth' was unexpected)
  at profiles.yml:6:12
  hint: did you mean 'path'?
`,
  },
  {
    name: 'a value of the wrong type in a profile',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      threads: four
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Credentials in profile "shop", target "dev" invalid: 'threads' is "four", it must be a number
  at profiles.yml:6:16
`,
  },
  {
    name: 'bad YAML in profiles.yml',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: dev
  outputs: {dev: {type: duckdb
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error

  dbt encountered an error while trying to read your profiles.yml file.

  Runtime Error
    Syntax error near line 4
    ------------------------------
    1  | shop:
    2  |   target: dev
    3  |   outputs: {dev: {type: duckdb
    4  | 

    Raw Error:
    ------------------------------
    Flow map in block collection must be sufficiently indented and end with a }

  at profiles.yml:4:1
  hint: keys of one mapping stand in the same column; quotes and brackets need their end
`,
  },
  {
    name: 'an environment variable that is not set',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: "{{ env_var('SHOP_DB') }}"
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Env var required but not provided: 'SHOP_DB'
  at profiles.yml:6:13
  hint: set SHOP_DB, put it into .env, or give a default: env_var('SHOP_DB', '...')
`,
  },
  {
    name: 'a secret in the text of an error',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: "nowhere/{{ env_var('DBT_ENV_SECRET_DB') }}.duckdb"
`,
      'models/a.sql': 'select 1 as n',
    },
    env: { DBT_ENV_SECRET_DB: 'hunter22hunter' },
    run: 'run',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  nowhere/*****.duckdb could not be opened: the folder nowhere does not exist.
  hint: create it: mkdir -p nowhere
`,
  },
  {
    name: 'a database in a folder that is not there',
    files: {
      'dbt_project.yml': `name: shop
profile: shop
`,
      'profiles.yml': `shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: nowhere/shop.duckdb
`,
      'models/a.sql': 'select 1 as n',
    },
    run: 'run',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  nowhere/shop.duckdb could not be opened: the folder nowhere does not exist.
  hint: create it: mkdir -p nowhere
`,
  },
  {
    name: 'a database that is none',
    files: {
      'shop.duckdb': 'This is a text.\n'.repeat(300),
      'models/a.sql': 'select 1 as n',
    },
    run: 'run',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  shop.duckdb is not a DuckDB database.
  hint: name another file in \`path\`; sq does not overwrite what it did not write
`,
  },
  {
    name: 'a target path that is a file',
    files: {
      target: '',
      'models/a.sql': 'select 1 as n',
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  target/.sq_parse: a part of this path is a file, not a folder
  hint: rename or remove that file
`,
  },
];
