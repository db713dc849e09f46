/** Jinja that cannot be read or rendered: the place in the file, and how it was reached. */
import type { BadInput } from './contract.ts';

export const templates: readonly BadInput[] = [
  {
    name: 'an error in a macro in a macro in a model',
    files: {
      'models/plays.sql': `select
  {{ dollars('x') }} as price
`,
      'macros/money.sql': `{% macro dollars(cents) %}
  {{ rounded(cents) }}
{% endmacro %}

{% macro rounded(number) %}
  {{ number.digits.two }}
{% endmacro %}
`,
    },
    run: 'compile',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  'str object' has no attribute 'digits'. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".
  at macros/money.sql:6:13
  6 |   {{ number.digits.two }}
    |             ^
  > in macro rounded (macros/money.sql:6:13)
  > called by macro dollars (macros/money.sql:2:6)
  > called by model plays (models/plays.sql:2:6)
`,
  },
  {
    name: 'an error that a macro raises',
    files: {
      'models/plays.sql': `select
  {{ dollars('x') }} as price
`,
      'macros/money.sql': `{% macro dollars(cents) %}
  {% do exceptions.raise_compiler_error('cents must be a number, got ' ~ cents) %}
{% endmacro %}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  cents must be a number, got x
  at macros/money.sql:2:20
  2 |   {% do exceptions.raise_compiler_error('cents must be a number, got ' ~ cents) %}
    |                    ^
  > in macro dollars (macros/money.sql:2:20)
  > called by model plays (models/plays.sql:2:6)
`,
  },
  {
    name: 'an undefined macro',
    files: {
      'models/plays.sql': `select
  {{ dolars(1) }} as price
`,
      'macros/money.sql': `{% macro dollars(cents) %}{{ cents }} / 100{% endmacro %}
`,
    },
    run: 'compile',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  'dolars' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".
  at models/plays.sql:2:6
  2 |   {{ dolars(1) }} as price
    |      ^
  hint: did you mean 'dollars'?
`,
  },
  {
    name: 'a macro of a package that is not there',
    files: {
      'models/plays.sql': `select
  {{ dbt_utils.star('x') }}
`,
    },
    run: 'compile',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  'dbt_utils' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".
  at models/plays.sql:2:6
  2 |   {{ dbt_utils.star('x') }}
    |      ^
`,
  },
  {
    name: 'a wrong keyword',
    files: {
      'models/plays.sql': `select
  {{ dollars(1, cnts=2) }} as price
`,
      'macros/money.sql': `{% macro dollars(number, cents) %}{{ cents }}{% endmacro %}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  macro 'dollars' takes no keyword argument 'cnts'
  at models/plays.sql:2:6
  2 |   {{ dollars(1, cnts=2) }} as price
    |      ^
  hint: did you mean 'cents'? its arguments are dollars(number, cents)
`,
  },
  {
    name: 'too many arguments',
    files: {
      'models/plays.sql': `select
  {{ dollars(1, 2) }} as price
`,
      'macros/money.sql': `{% macro dollars(cents) %}{{ cents }}{% endmacro %}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  macro 'dollars' takes not more than 1 argument(s)
  at models/plays.sql:2:6
  2 |   {{ dollars(1, 2) }} as price
    |      ^
  hint: its arguments are dollars(cents)
`,
  },
  {
    name: 'an override that takes too few arguments',
    files: {
      'models/a.sql': 'select 1 as n',
      'macros/g.sql': `{% macro generate_schema_name(name) %}{{ name }}{% endmacro %}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  macro 'generate_schema_name' takes not more than 1 argument(s)
  at macros/g.sql:1:1
  1 | {% macro generate_schema_name(name) %}{{ name }}{% endmacro %}
    | ^
  > in macro generate_schema_name (macros/g.sql:1:1)
  hint: its arguments are generate_schema_name(name)
`,
  },
  {
    name: 'a dispatch that finds nothing',
    files: {
      'models/plays.sql': `select {{ adapter.dispatch('dollars')(1) }} as price
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  In dispatch: No macro named 'dollars' found within namespace: 'None'
      Searched for: 'duckdb__dollars', 'default__dollars'
  at models/plays.sql:1:19
  1 | select {{ adapter.dispatch('dollars')(1) }} as price
    |                   ^
`,
  },
  {
    name: 'an expression that is not closed',
    files: {
      'models/plays.sql': `select n
from {{ ref('songs')
where n > 1
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  expected token 'end of print statement', got 'where'
  at models/plays.sql:3:1
  3 | where n > 1
    | ^
  hint: the \`{{\` at models/plays.sql:2:6 is not closed
`,
  },
  {
    name: 'a block that is not closed',
    files: {
      'models/plays.sql': `select 1 as n
{% if true %}
where n > 1
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.
  at models/plays.sql:3:12
  3 | where n > 1
    |            ^
  hint: the \`if\` at models/plays.sql:2:4 is not closed
`,
  },
  {
    name: 'a comment that is not closed',
    files: {
      'models/plays.sql': `select 1 as n
{# where n > 1
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  Missing end of comment tag
  at models/plays.sql:2:1
  2 | {# where n > 1
    | ^
`,
  },
  {
    name: 'an unknown tag',
    files: {
      'models/plays.sql': `select 1 as n
{% fi true %}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  Encountered unknown tag 'fi'.
  at models/plays.sql:2:4
  2 | {% fi true %}
    |    ^
`,
  },
  {
    name: 'a macro that is not closed',
    files: {
      'macros/money.sql': `
{% macro dollars(cents) %}
  {{ cents }} / 100
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  Reached EOF without finding a close tag for macro (searched from line 2)
  at macros/money.sql:2:1
  2 | {% macro dollars(cents) %}
    | ^
  hint: close the macro with {% endmacro %}
`,
  },
  {
    name: 'an unknown filter',
    files: {
      'models/plays.sql': `select {{ 'x' | uper }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  No filter named 'uper'.
  at models/plays.sql:1:17
  1 | select {{ 'x' | uper }}
    |                 ^
`,
  },
  {
    name: 'text and number added',
    files: {
      'models/plays.sql': `select {{ 'x' + 1 }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  can only concatenate str (not "int") to str
  at models/plays.sql:1:15
  1 | select {{ 'x' + 1 }}
    |               ^
`,
  },
  {
    name: 'a variable that nobody gives',
    files: {
      'models/plays.sql': `select '{{ var('day') }}' as day
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  Required var 'day' not found in config:
  Vars supplied to model plays = {}
  at models/plays.sql:1:12
  1 | select '{{ var('day') }}' as day
    |            ^
  hint: give it a value: --vars 'day: ...', or vars: in dbt_project.yml, or a default: var('day', ...)
`,
  },
  {
    name: 'an environment variable that is not set',
    files: {
      'models/plays.sql': `select '{{ env_var('SHOP_DAY') }}' as day
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error in model plays (models/plays.sql)
  Env var required but not provided: 'SHOP_DAY'
  at models/plays.sql:1:12
  1 | select '{{ env_var('SHOP_DAY') }}' as day
    |            ^
  hint: set SHOP_DAY, put it into .env, or give a default: env_var('SHOP_DAY', '...')
`,
  },
  {
    name: 'a secret where it must not be',
    files: {
      'models/plays.sql': `select '{{ env_var('DBT_ENV_SECRET_KEY') }}' as key
`,
    },
    env: { DBT_ENV_SECRET_KEY: 'hunter22hunter' },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error in model plays (models/plays.sql)
  Secret env vars are allowed only in profiles.yml or packages.yml. Found 'DBT_ENV_SECRET_KEY' referenced elsewhere.
  at models/plays.sql:1:12
  1 | select '{{ env_var('DBT_ENV_SECRET_KEY') }}' as key
    |            ^
`,
  },
  {
    name: 'a query of a template that fails',
    files: {
      'models/plays.sql': `{% set day = run_query('select today') %}
select '{{ day }}' as day
`,
    },
    run: 'compile',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error in model plays (models/plays.sql)
  Binder Error: Referenced column "today" was not found because the FROM clause is missing
  at models/plays.sql:1:14
  1 | {% set day = run_query('select today') %}
    |              ^
  > in macro statement (<sq>/macros/etc/statement.sql:5:39)
  > called by macro run_query (<sq>/macros/etc/statement.sql:23:12)
  > called by model plays (models/plays.sql:1:14)
`,
  },
];
