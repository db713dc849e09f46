/** References that lead nowhere, twice, in a circle, or where they may not. */
import type { BadInput } from './contract.ts';

export const graph: readonly BadInput[] = [
  {
    name: 'a cycle',
    files: {
      'models/a.sql': `select * from {{ ref('c') }}
`,
      'models/b.sql': `select * from {{ ref('a') }}
`,
      'models/c.sql': `select n
from {{ ref('b') }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  Found a cycle: model.shop.a --> model.shop.b --> model.shop.c
    model.shop.a reads model.shop.c at models/a.sql:1:18
    model.shop.b reads model.shop.a at models/b.sql:1:18
    model.shop.c reads model.shop.b at models/c.sql:2:9
  at models/a.sql:1:18
  hint: remove one of these references, or move what both sides need into a model of its own
`,
  },
  {
    name: 'a model that reads itself',
    files: {
      'models/a.sql': `select * from {{ ref('a') }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  Found a cycle: model.shop.a
    model.shop.a reads model.shop.a at models/a.sql:1:18
  at models/a.sql:1:18
  hint: remove one of these references, or move what both sides need into a model of its own
`,
  },
  {
    name: 'a missing ref that is near to a model',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/plays.sql': `select n
from {{ ref('sogns') }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  Model 'model.shop.plays' (models/plays.sql) depends on a node named 'sogns' which was not found
  at models/plays.sql:2:9
  hint: did you mean 'songs'?
`,
  },
  {
    name: 'a missing ref',
    files: {
      'models/plays.sql': `select n
from {{ ref('weather') }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  Model 'model.shop.plays' (models/plays.sql) depends on a node named 'weather' which was not found
  at models/plays.sql:2:9
  hint: a model is named after its file, without .sql; a seed after its file, without .csv
`,
  },
  {
    name: 'a ref to another package',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/plays.sql': `select * from {{ ref('shp', 'songs') }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  Model 'model.shop.plays' (models/plays.sql) depends on a node named 'songs' in package or project 'shp' which was not found
  at models/plays.sql:1:18
  hint: there is ref('shop', 'songs')
`,
  },
  {
    name: 'a missing source',
    files: {
      'models/raw.yml': `sources:
  - name: raw
    tables: [{name: events}]
`,
      'models/plays.sql': `select * from {{ source('raw', 'event') }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  Model 'model.shop.plays' (models/plays.sql) depends on a source named 'raw.event' which was not found
  at models/plays.sql:1:18
  hint: did you mean 'raw.events'?
`,
  },
  {
    name: 'a ref to a disabled model',
    files: {
      'models/songs.sql': `{{ config(enabled=false) }} select 1 as n
`,
      'models/plays.sql': `select * from {{ ref('songs') }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  Model 'model.shop.plays' (models/plays.sql) depends on a node named 'songs' which is disabled
  at models/plays.sql:1:18
  hint: enable 'songs' (config enabled: true), or disable what reads it too
`,
  },
  {
    name: 'a ref to a private model',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/plays.sql': `select * from {{ ref('songs') }}
`,
      'models/songs.yml': `groups:
  - {name: catalogue, owner: {name: Ann}}
models:
  - name: songs
    config: {group: catalogue, access: private}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Node model.shop.plays attempted to reference node model.shop.songs, which is not allowed because the referenced node is private to the 'catalogue' group.
  at models/plays.sql:1:18
  hint: put plays into the group 'catalogue', or give songs access: protected
`,
  },
  {
    name: 'a ref without a name',
    files: {
      'models/plays.sql': `select * from {{ ref() }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  ref() takes at most two arguments (0 given)
  at models/plays.sql:1:18
  1 | select * from {{ ref() }}
    |                  ^
  hint: write ref('model') or ref('package', 'model'), with v=2 for a version
`,
  },
  {
    name: 'a source without its table',
    files: {
      'models/plays.sql': `select * from {{ source('raw') }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in model plays (models/plays.sql)
  source() takes exactly two arguments (1 given)
  at models/plays.sql:1:18
  1 | select * from {{ source('raw') }}
    |                  ^
  hint: write source('source', 'table')
`,
  },
  {
    name: 'two models of one name',
    files: {
      'models/a/songs.sql': 'select 1 as n',
      'models/b/songs.sql': 'select 1 as n',
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  dbt found two models with the name "songs".

  Since these resources have the same name, dbt will be unable to find the correct resource
  when looking for ref("songs").

  To fix this, change the name of one of these resources:
  - model.shop.songs (models/a/songs.sql)
  - model.shop.songs (models/b/songs.sql)
`,
  },
  {
    name: 'two models of one place',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/titles.sql': `{{ config(alias='songs') }}
select 1 as n
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  dbt found two resources with the database representation ""shop"."main"."songs"".
  dbt cannot create two resources with identical database representations. To fix this,
  change the configuration of one of these resources:
  - model.shop.songs (models/songs.sql)
  - model.shop.titles (models/titles.sql)
`,
  },
  {
    name: 'two macros of one name',
    files: {
      'macros/a.sql': '{% macro m() %}1{% endmacro %}',
      'macros/b.sql': '{% macro m() %}1{% endmacro %}',
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  dbt found multiple macros named "m" in the project "shop".
   All macros require unique names, to fix this error rename or remove any
  duplicates. They can be found in these files:
      - macros/a.sql
      - macros/b.sql
`,
  },
  {
    name: 'a singular test of a missing model',
    files: {
      'tests/t.sql': `select * from {{ ref('songs') }}
`,
    },
    run: 'parse',
    code: 0,
    stdout: `08:00:00  [WARNING]: Test 'test.shop.t' (tests/t.sql) depends on a node named 'songs' which was not found
`,
  },
  {
    name: 'a Python model',
    files: {
      'models/a.py': `def model(dbt, session):
    return None
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model a (models/a.py)
08:00:00    Compilation Error in model a (models/a.py)
              Model a is a Python model; sq runs SQL only.
              hint: disable it for sq (enabled: false), or leave it out: --exclude a
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a file that is not UTF-8',
    files: {
      'models/a.sql': Buffer.from('select 1 as caf\xe9', 'latin1'),
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  models/a.sql is not a text in UTF-8
  at models/a.sql:1:16
  hint: save the file as UTF-8; a file that is no text does not belong there
`,
  },
];
