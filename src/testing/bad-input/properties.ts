/** Property files that YAML, dbt or sq cannot read, and config that would silently do nothing. */
import type { BadInput } from './contract.ts';

export const properties: readonly BadInput[] = [
  {
    name: 'a line in the wrong column',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    columns:
      - name: n
       description: text
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Error reading shop: songs.yml - Runtime Error
    Syntax error near line 5
    ------------------------------
    2  |   - name: songs
    3  |     columns:
    4  |       - name: n
    5  |        description: text
    6  | 

    Raw Error:
    ------------------------------
    expected a list item (- ...): the line stands in a column where nothing begins
  at models/songs.yml:5:8
  hint: keys of one mapping stand in the same column; quotes and brackets need their end
`,
  },
  {
    name: 'a quote that is never closed',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    description: "text
    config: {}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Error reading shop: songs.yml - Runtime Error
    Syntax error near line 3
    ------------------------------
    1  | models:
    2  |   - name: songs
    3  |     description: "text
    4  |     config: {}
    5  | 

    Raw Error:
    ------------------------------
    while scanning a quoted scalar, found unexpected end of stream
  at models/songs.yml:3:18
  hint: the quote that begins here has no end
`,
  },
  {
    name: 'a colon within a text',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    description: what: it is
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Error reading shop: songs.yml - Runtime Error
    Syntax error near line 3
    ------------------------------
    1  | models:
    2  |   - name: songs
    3  |     description: what: it is
    4  | 

    Raw Error:
    ------------------------------
    mapping values are not allowed here
  at models/songs.yml:3:18
  hint: a text that holds ": " needs quotes; a key needs ": " behind it
`,
  },
  {
    name: 'a tab',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
	description: text
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Error reading shop: songs.yml - Runtime Error
    Syntax error near line 3
    ------------------------------
    1  | models:
    2  |   - name: songs
    3  | 	description: text
    4  | 

    Raw Error:
    ------------------------------
    Tabs are not allowed as indentation
  at models/songs.yml:3:1
  hint: indent with spaces, not with tabs
`,
  },
  {
    name: 'a template without quotes',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    description: {{ doc("songs") }}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Error reading shop: songs.yml - Runtime Error
    Syntax error near line 3
    ------------------------------
    1  | models:
    2  |   - name: songs
    3  |     description: {{ doc("songs") }}
    4  | 

    Raw Error:
    ------------------------------
    while constructing a mapping, found unhashable key
  at models/songs.yml:3:19
  hint: a value that begins with {{ needs quotes: "{{ ... }}"
`,
  },
  {
    name: 'an unknown key',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    descripton: text
`,
    },
    run: 'parse',
    code: 0,
    stdout: `08:00:00  [WARNING][CustomKeyInObjectDeprecation]: Deprecated functionality
Custom key \`descripton\` found at \`models[0]\` in file \`models/songs.yml\`. This may mean the key is a typo, or is simply not a key supported by the object. Did you mean \`description\`?
  at models/songs.yml:3:5
08:00:00  [WARNING][DeprecationsSummary]: Deprecated functionality
Summary of encountered deprecations:
- CustomKeyInObjectDeprecation: 1 occurrence
To see every occurrence and not only the first of each kind, run the command again with \`--show-all-deprecations\`; some are met only while parsing, then add \`--no-partial-parse\`.
`,
  },
  {
    name: 'an unknown config key',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    config:
      materialised: table
`,
    },
    run: 'parse',
    code: 0,
    stdout: `08:00:00  [WARNING][CustomKeyInConfigDeprecation]: Deprecated functionality
Custom key \`materialised\` found in \`config\` at path \`models[0].config\` in file \`models/songs.yml\`. Custom config keys should move into the \`config.meta\`. Did you mean \`materialized\`?
  at models/songs.yml:4:7
08:00:00  [WARNING][DeprecationsSummary]: Deprecated functionality
Summary of encountered deprecations:
- CustomKeyInConfigDeprecation: 1 occurrence
To see every occurrence and not only the first of each kind, run the command again with \`--show-all-deprecations\`; some are met only while parsing, then add \`--no-partial-parse\`.
`,
  },
  {
    name: 'an unknown config key in config()',
    files: {
      'models/songs.sql': `{{ config(materialised='table') }}
select 1 as n
`,
    },
    run: 'parse',
    code: 0,
    stdout: `08:00:00  [WARNING][CustomKeyInConfigDeprecation]: Deprecated functionality
Custom key \`materialised\` found in \`config\` at path \`config\` in file \`models/songs.sql\`. Custom config keys should move into the \`config.meta\`. Did you mean \`materialized\`?
  at models/songs.sql:1:11
08:00:00  [WARNING][DeprecationsSummary]: Deprecated functionality
Summary of encountered deprecations:
- CustomKeyInConfigDeprecation: 1 occurrence
To see every occurrence and not only the first of each kind, run the command again with \`--show-all-deprecations\`; some are met only while parsing, then add \`--no-partial-parse\`.
`,
  },
  {
    name: 'an unknown key under --warn-error',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    descripton: text
`,
    },
    run: 'parse --warn-error',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  [WARNING][CustomKeyInObjectDeprecation]: Deprecated functionality
  Custom key \`descripton\` found at \`models[0]\` in file \`models/songs.yml\`. This may mean the key is a typo, or is simply not a key supported by the object. Did you mean \`description\`?
    at models/songs.yml:3:5
  hint: a warning stops this command because of --warn-error or --warn-error-options
`,
  },
  {
    name: 'a config value that is none of its words',
    files: {
      'models/songs.sql': `{{ config(publish='audted') }}
select 1 as n
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Invalid model config given in models/songs.sql: at path ['publish']: 'audted' is not one of ['immediate', 'audited']
  at models/songs.sql:1:11
  hint: did you mean 'audited'?
`,
  },
  {
    name: 'a severity that is none',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    columns:
      - name: n
        data_tests:
          - unique: {config: {severity: eror}}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Invalid test config given in models/songs.yml: at path ['severity']: 'eror' is not one of ['error', 'warn']
  at models/songs.yml:6:41
  hint: did you mean 'error'?
`,
  },
  {
    name: 'a model without a name',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - description: text
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  The schema file at models/songs.yml is invalid because a list element for 'models' does not have a name attribute.
  at models/songs.yml:2:5
  hint: the line under the dash is indented as far as the text behind it
`,
  },
  {
    name: 'a model described twice',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/a.yml': `models:
  - name: songs
`,
      'models/b.yml': `models:
  - name: songs
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  dbt found two schema.yml entries for the same resource named songs. Resources and their associated columns may only be described a single time. To fix this, remove the resource entry for songs in one of these files:
   - models/b.yml
  models/a.yml
  at models/b.yml:2:5
`,
  },
  {
    name: 'properties of a model that is not there',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: sogns
`,
    },
    run: 'parse',
    code: 0,
    stdout: `08:00:00  [WARNING]: Did not find matching node for patch with name 'sogns' in the 'models' section of file 'models/songs.yml'
`,
  },
  {
    name: 'a test that nobody knows',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    columns:
      - name: n
        data_tests:
          - unqiue
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error in test unqiue_songs_n (models/songs.yml)
  'test_unqiue' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".
  at models/songs.yml:6:13
  hint: did you mean the test 'unique'?
`,
  },
  {
    name: 'an argument that a test does not take',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    columns:
      - name: n
        data_tests:
          - accepted_values:
              arguments: {vals: [1]}
`,
    },
    run: 'test',
    code: 1,
    stdout: `08:00:00  [ERROR]: in test accepted_values_songs_n__1 (models/songs.yml)
08:00:00    Compilation Error in test accepted_values_songs_n__1 (models/songs.yml)
              macro 'test_accepted_values' takes no keyword argument 'vals'
              at models/songs.yml:6:13
              hint: its arguments are test_accepted_values(model, column_name, values, quote)
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
  },
  {
    name: 'a docs block that is not there',
    files: {
      'models/songs.sql': 'select 1 as n',
      'models/songs.yml': `models:
  - name: songs
    description: "{{ doc('songs') }}"
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Compilation Error
  Documentation for 'model.shop.songs' depends on doc 'songs'  which was not found
  at models/songs.yml:3:18
  hint: add {% docs songs %} ... {% enddocs %} to a .md file under the model paths
`,
  },
];
