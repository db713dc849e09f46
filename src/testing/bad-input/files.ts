/** Files that cannot be loaded: which file, which line, which value. */
import type { BadInput } from './contract.ts';

export const files: readonly BadInput[] = [
  {
    name: 'a seed whose row is too long',
    files: {
      'seeds/songs.csv': `id,title
1,a
2,b,c
`,
    },
    run: 'seed',
    code: 1,
    stdout: `08:00:00  [ERROR]: in seed songs (seeds/songs.csv)
08:00:00    Runtime Error in seed songs (seeds/songs.csv)
              Row 1 has 3 values, but Table only has 2 columns.
              at seeds/songs.csv:3
              hint: put values that contain the delimiter into double quotes
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a seed whose value does not fit its type',
    files: {
      'seeds/songs.csv': `id,title
1,a
x,b
`,
      'seeds/songs.yml': `seeds:
  - name: songs
    config: {column_types: {id: int}}
`,
    },
    run: 'seed',
    code: 1,
    stdout: `08:00:00  [ERROR]: in seed songs (seeds/songs.csv)
08:00:00    Runtime Error in seed songs (seeds/songs.csv)
              Conversion Error: Could not convert string 'x' to INT32
              column id is declared int, its value here is 'x'
              at seeds/songs.csv:3
              hint: correct the value, or change the type of id in the config column_types
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'files that are not there',
    files: {
      'models/raw.yml': `sources:
  - name: raw
    tables:
      - name: events
        external: {location: data/evnts/, format: json}
        columns: [{name: id, data_type: int}, {name: at, data_type: timestamp}]
`,
      'data/events/1.json': `{"id": 1}
`,
      'models/events.sql': `{{ config(materialized='copy') }}
select * from {{ source('raw', 'events') }}
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model events (models/events.sql)
08:00:00    Compilation Error in model events (models/events.sql)
              Source raw.events has no files: there is no file or folder data/evnts.
              at models/raw.yml:5:20
              hint: did you mean data/events?
08:00:00    compiled code at target/compiled/shop/models/events.sql
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'malformed JSON in line 3 of a file',
    files: {
      'models/raw.yml': `sources:
  - name: raw
    tables:
      - name: events
        external: {location: data/, format: json}
        columns: [{name: id, data_type: int}, {name: at, data_type: timestamp}]
`,
      'data/1.json': `{"id": 1}
{"id": 2}
{"id": 3,,}
`,
      'models/events.sql': `{{ config(materialized='copy') }}
select * from {{ source('raw', 'events') }}
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model events (models/events.sql)
08:00:00    Runtime Error in model events (models/events.sql)
              Could not load 1 row into events: file data/1.json, line 3: not valid JSON: expected a key in double quotes, found ',' at character 10
              nothing was loaded
              hint: mend the file or the data_type of the column; load: {maxerror: n} leaves up to n rows out and keeps them in events__load_errors
08:00:00    compiled code at target/compiled/shop/models/events.sql
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a value that does not fit, in a file',
    files: {
      'models/raw.yml': `sources:
  - name: raw
    tables:
      - name: events
        external: {location: data/, format: json}
        columns: [{name: id, data_type: int}, {name: at, data_type: timestamp}]
`,
      'data/1.json': `{"id": 1}
{"id": "two"}
`,
      'models/events.sql': `{{ config(materialized='copy') }}
select * from {{ source('raw', 'events') }}
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model events (models/events.sql)
08:00:00    Runtime Error in model events (models/events.sql)
              Could not load 1 value into events: file data/1.json, line 2, column id (int): 'two' is not an integer
              nothing was loaded
              hint: mend the file or the data_type of the column; load: {maxerror: n} leaves up to n rows out and keeps them in events__load_errors
08:00:00    compiled code at target/compiled/shop/models/events.sql
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a copy model that is more than a copy',
    files: {
      'models/raw.yml': `sources:
  - name: raw
    tables:
      - name: events
        external: {location: data/, format: json}
        columns: [{name: id, data_type: int}, {name: at, data_type: timestamp}]
`,
      'data/1.json': `{"id": 1}
`,
      'models/events.sql': `{{ config(materialized='copy') }}
select * from {{ source('raw', 'events') }}
where id > 1
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model events (models/events.sql)
08:00:00    Compilation Error in model events (models/events.sql)
              The body of a copy model is \`select * from {{ source(...) }}\`, or names of columns in place of the star; found \`where\`.
              at models/events.sql:3:1
              hint: load everything as it is, and filter or change it in a model that selects from this one
08:00:00    compiled code at target/compiled/shop/models/events.sql
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'an unknown format of files',
    files: {
      'models/raw.yml': `sources:
  - name: raw
    tables:
      - name: events
        external: {location: data/, format: jsn}
        columns: [{name: id, data_type: int}, {name: at, data_type: timestamp}]
`,
      'data/1.json': `{"id": 1}
`,
      'models/events.sql': `{{ config(materialized='copy') }}
select * from {{ source('raw', 'events') }}
`,
    },
    run: 'run',
    code: 1,
    stdout: `08:00:00  [ERROR]: in model events (models/events.sql)
08:00:00    Compilation Error in model events (models/events.sql)
              Source raw.events has the format 'jsn', which is not known.
              at models/raw.yml:5:37
              hint: did you mean 'json'?
08:00:00    compiled code at target/compiled/shop/models/events.sql
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
];
