/** Config values of a kind that dbt refuses, in its words. */
import type { BadInput } from './contract.ts';

export const configs: readonly BadInput[] = [
  {
    name: 'enabled is a text',
    files: {
      'models/songs.sql': "{{ config(enabled='yes please') }} select 1 as n",
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  at path ['enabled']: 'yes please' is not of type 'boolean'
  at models/songs.sql:1:11
`,
  },
  {
    name: 'persist_docs is a number',
    files: {
      'models/songs.sql': '{{ config(persist_docs=3) }} select 1 as n',
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Field "persist_docs" of type Dict[str, Any] in ModelConfig has invalid value 3
  at models/songs.sql:1:11
`,
  },
  {
    name: 'a period of freshness that there is not',
    files: {
      'models/s.yml': `sources:
  - name: raw
    freshness: {warn_after: {count: 1, period: week}}
    tables: [{name: songs}]
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error
  Field "warn_after" of type Optional[Time] in FreshnessThreshold has invalid value {'count': 1, 'period': 'week'}
  at models/s.yml:4:14
  hint: 'week' is not a valid TimePeriod: period is minute, hour, day
`,
  },
  {
    name: 'a union of selectors that is no list',
    files: {
      'selectors.yml': `selectors:
  - name: nightly
    definition: {union: 3}
`,
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Could not read selector file data: Runtime Error
    Invalid value for key "union". Expected a list.
  at selectors.yml:3:17
  hint: each part of it begins with a dash
`,
  },
  {
    name: 'a group that is not there',
    files: {
      'models/songs.sql': "{{ config(group='music') }} select 1 as n",
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Parsing Error in model songs (models/songs.sql)
  Invalid group 'music', expected one of []
  hint: groups are declared in property files, under \`groups:\`
`,
  },
  {
    name: 'a model whose name has a space',
    files: {
      'models/my songs.sql': 'select 1 as n',
    },
    run: 'parse',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Resource names cannot contain spaces:
    * 'model.shop.my songs' (models/my songs.sql)
  Please rename the invalid model(s) so that their name(s) do not contain any spaces.
  at models/my songs.sql
`,
  },
];
