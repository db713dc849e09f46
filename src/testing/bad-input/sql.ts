/** What the engine refuses: the line of the author, not of the compiled text. */
import type { BadInput } from './contract.ts';

export const sql: readonly BadInput[] = [
  {
    name: 'an unknown column, below a config and a CTE',
    files: {
      'models/songs.sql': `select 1 as title
`,
      'models/plays.sql': `{{ config(materialized='table') }}
with named as (
  select * from {{ ref('songs') }}
)
select
  tilte
from named
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model plays (models/plays.sql)
08:00:00    Runtime Error in model plays (models/plays.sql)
              Binder Error: Referenced column "tilte" not found in FROM clause!
              Candidate bindings: "title"
              compiled code at target/compiled/shop/models/plays.sql
              at models/plays.sql:6:3
              6 |   tilte
                |   ^
08:00:00  Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
`,
  },
  {
    name: 'an unknown column of an ephemeral model',
    files: {
      'models/songs.sql': `{{ config(materialized='ephemeral') }}
select
  tilte
from (select 1 as title)
`,
      'models/plays.sql': `select *
from {{ ref('songs') }}
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model plays (models/plays.sql)
08:00:00    Runtime Error in model plays (models/plays.sql)
              Binder Error: Referenced column "tilte" not found in FROM clause!
              Candidate bindings: "title"
              compiled code at target/compiled/shop/models/plays.sql
              at models/songs.sql:3:3
              3 |   tilte
                |   ^
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'bad syntax',
    files: {
      'models/songs.sql': `select
  1 as n,,
  2 as m
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model songs (models/songs.sql)
08:00:00    Runtime Error in model songs (models/songs.sql)
              Parser Error: syntax error at or near ","
              compiled code at target/compiled/shop/models/songs.sql
              at models/songs.sql:2:10
              2 |   1 as n,,
                |          ^
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a semicolon at the end',
    files: {
      'models/songs.sql': `select 1 as n;
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model songs (models/songs.sql)
08:00:00    Runtime Error in model songs (models/songs.sql)
              Parser Error: syntax error at or near ";"
              compiled code at target/compiled/shop/models/songs.sql
              at models/songs.sql:1:14
              1 | select 1 as n;
                |              ^
              hint: leave out the \`;\` at the end: the query becomes a part of another statement
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'nothing but comments',
    files: {
      'models/songs.sql': `-- nothing yet
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model songs (models/songs.sql)
08:00:00    Runtime Error in model songs (models/songs.sql)
              Parser Error: syntax error at or near ")"
              compiled code at target/compiled/shop/models/songs.sql
              hint: its SQL holds comments only
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a table that nobody made',
    files: {
      'models/plays.sql': `select *
from nowhere
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model plays (models/plays.sql)
08:00:00    Runtime Error in model plays (models/plays.sql)
              Catalog Error: Table with name nowhere does not exist!
              compiled code at target/compiled/shop/models/plays.sql
              at models/plays.sql:2:6
              2 | from nowhere
                |      ^
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a model read by its bare name',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/plays.sql': `select *
from songs
`,
    },
    run: 'run -s plays',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model plays (models/plays.sql)
08:00:00    Runtime Error in model plays (models/plays.sql)
              Catalog Error: Table with name songs does not exist!
              compiled code at target/compiled/shop/models/plays.sql
              at models/plays.sql:2:6
              2 | from songs
                |      ^
              hint: songs is a model: read it as {{ ref('songs') }}, so that it is built before
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a model that was not built',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/plays.sql': `select *
from {{ ref('songs') }}
`,
    },
    run: 'run -s plays',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model plays (models/plays.sql)
08:00:00    Runtime Error in model plays (models/plays.sql)
              Catalog Error: Table with name songs does not exist!
              compiled code at target/compiled/shop/models/plays.sql
              at models/plays.sql:2:6
              2 | from {{ ref('songs') }}
                |      ^
              hint: model songs is not there yet: build it first, sq build --select songs
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a source that was not loaded',
    files: {
      'models/raw.yml': `sources:
  - name: raw
    schema: main
    tables: [{name: events}]
`,
      'models/plays.sql': `select *
from {{ source('raw', 'events') }}
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model plays (models/plays.sql)
08:00:00    Runtime Error in model plays (models/plays.sql)
              Catalog Error: Table with name events does not exist!
              compiled code at target/compiled/shop/models/plays.sql
              at models/plays.sql:2:6
              2 | from {{ source('raw', 'events') }}
                |      ^
              hint: source raw.events is not there: load it, or correct its database, schema or identifier in models/raw.yml
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'SQL that a macro wrote',
    files: {
      'macros/m.sql': `{% macro cents(c) %}
{{ c }} / hundred
{% endmacro %}`,
      'models/songs.sql': `select
  {{ cents('x') }} as n
from (select 1 as x)
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model songs (models/songs.sql)
08:00:00    Runtime Error in model songs (models/songs.sql)
              Binder Error: Referenced column "hundred" not found in FROM clause!
              Candidate bindings: "x"
              compiled code at target/compiled/shop/models/songs.sql
              at models/songs.sql:2:3
              2 |   {{ cents('x') }} as n
                |   ^
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a singular test',
    files: {
      'models/songs.sql': 'select 1 as n',
      'tests/t.sql': `select *
from {{ ref('songs') }}
where m > 1
`,
    },
    run: 'build',
    code: 1,
    stdout: `08:00:00  [ERROR]: in test t (tests/t.sql)
08:00:00    Runtime Error in test t (tests/t.sql)
              Binder Error: Referenced column "m" not found in FROM clause!
              Candidate bindings: "n"
              compiled code at target/compiled/shop/tests/t.sql
              at tests/t.sql:3:7
              3 | where m > 1
                |       ^
08:00:00  Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
`,
  },
  {
    name: 'a generic test',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    columns:
      - name: m
        data_tests:
          - unique
`,
    },
    run: 'build',
    code: 1,
    stdout: `08:00:00  [ERROR]: in test unique_songs_m (models/songs.yml)
08:00:00    Runtime Error in test unique_songs_m (models/songs.yml)
              Binder Error: Referenced column "m" not found in FROM clause!
              Candidate bindings: "n"
              compiled code at target/compiled/shop/models/songs.yml/unique_songs_m.sql
              at models/songs.yml:6:13
08:00:00  Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2
`,
  },
  {
    name: 'a hook',
    files: {
      'models/songs.sql': `{{ config(post_hook='insert into nowhere values (1)') }}
select 1 as n
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model songs (models/songs.sql)
08:00:00    Runtime Error in model songs (models/songs.sql)
              Catalog Error: Table with name nowhere does not exist!
              in post-hook: insert into nowhere values (1)
              at models/songs.sql:1:22
              1 | {{ config(post_hook='insert into nowhere values (1)') }}
                |                      ^
08:00:00    compiled code at target/compiled/shop/models/songs.sql
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a hook of the project',
    files: {
      'dbt_project.yml': `name: shop
on-run-start:
  - "select 1"
  - "insert into nowhere values (1)"
`,
      'models/songs.sql': 'select 1 as n',
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in operation shop-on-run-start-1 (./dbt_project.yml)
08:00:00    shop.on-run-start.1 failed, error:
             Catalog Error: Table with name nowhere does not exist!
             at dbt_project.yml:4:5
08:00:00  Done. PASS=2 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=3
`,
  },
  {
    name: 'an inline query',
    files: {
      'models/songs.sql': 'select 1 as n',
    },
    run: ['show', '--inline', `select n from {{ ref('songs') }}`],
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error in sql_operation inline_query (from remote system.sql)
  Catalog Error: Table with name songs does not exist!
  at --inline:1:15
  1 | select n from {{ ref('songs') }}
    |               ^
  hint: model songs is not there yet: build it first, sq build --select songs
`,
  },
  {
    name: 'a materialization that nobody knows',
    files: {
      'models/songs.sql': `{{ config(materialized='tabel') }}
select 1 as n
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model songs (models/songs.sql)
08:00:00    Compilation Error in model songs (models/songs.sql)
              No materialization 'tabel' was found for adapter duckdb! (searched types 'default' and 'duckdb')
              hint: did you mean 'table'? the materializations are: table, view, incremental, ephemeral, copy, materialized_view, snapshot, function, external, seed
08:00:00    compiled code at target/compiled/shop/models/songs.sql
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a secret in SQL',
    files: {
      'models/songs.sql': `{{ config(materialized='table') }}
select '{{ env_var('SQ_SECRET_KEY') }}'::int as n
`,
    },
    env: { SQ_SECRET_KEY: 'hunter22hunter' },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model songs (models/songs.sql)
08:00:00    Runtime Error in model songs (models/songs.sql)
              Conversion Error: Could not convert string '*****' to INT32
              compiled code at target/compiled/shop/models/songs.sql
              at models/songs.sql:2:40
              2 | select '{{ env_var('SQ_SECRET_KEY') }}'::int as n
                |                                        ^
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
];
