/** Options, commands and selections that make no sense. */
import type { BadInput } from './contract.ts';

export const commandLine: readonly BadInput[] = [
  {
    name: 'an unknown flag',
    run: 'run --selct a',
    code: 2,
    stderr: `Usage: sq run [OPTIONS]
Try 'sq run --help' for help.

Error: No such option '--selct'. Did you mean '--select'?
`,
  },
  {
    name: 'an unknown command',
    run: 'biuld',
    code: 2,
    stderr: `Usage: sq [OPTIONS] COMMAND [ARGS]...
Try 'sq --help' for help.

Error: No such command 'biuld'. Did you mean 'build'?
`,
  },
  {
    name: 'an option without its value',
    run: 'run --select',
    code: 2,
    stderr: `Usage: sq run [OPTIONS]
Try 'sq run --help' for help.

Error: Option '--select' requires an argument.
`,
  },
  {
    name: 'an option whose value is of the wrong type',
    run: 'run --threads many',
    code: 2,
    stderr: `Usage: sq run [OPTIONS]
Try 'sq run --help' for help.

Error: Invalid value for '--threads': 'many' is not a valid integer.
`,
  },
  {
    name: 'an option whose value is none of its words',
    run: 'build --resource-type modle',
    code: 2,
    stderr: `Usage: sq build [OPTIONS]
Try 'sq build --help' for help.

Error: Invalid value for '--resource-types': 'modle' is not one of 'model', 'seed', 'snapshot', 'test', 'unit_test', 'source', 'exposure', 'metric', 'semantic_model', 'saved_query', 'analysis', 'function', 'default', 'all'. Did you mean 'model'?
`,
  },
  {
    name: 'a word too many: models are selected with -s',
    run: 'run songs',
    code: 2,
    stderr: `Usage: sq run [OPTIONS]
Try 'sq run --help' for help.

Error: Got unexpected extra argument (songs). Did you mean '--select songs'?
`,
  },
  {
    name: '--vars that are no YAML',
    run: ['run', '--vars', '{day: 1'],
    code: 2,
    stderr: `Usage: sq run [OPTIONS]
Try 'sq run --help' for help.

Error: Invalid value for '--vars': String '{day: 1' is not valid YAML (keys of one mapping stand in the same column; quotes and brackets need their end)
`,
  },
  {
    name: 'a project folder that is not there',
    run: 'run --project-dir nowhere',
    code: 2,
    stderr: `Usage: sq run [OPTIONS]
Try 'sq run --help' for help.

Error: Invalid value for '--project-dir': Path 'nowhere' does not exist.
`,
  },
  {
    name: 'no project',
    files: null,
    run: 'build',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  No dbt_project.yml found at expected path <project>/dbt_project.yml
  hint: go to a folder of a project, name one with --project-dir, or start one with sq init
`,
  },
  {
    name: 'a name that no project can have',
    run: 'init my-shop',
    code: 2,
    stderr: `Usage: sq init [OPTIONS]
Try 'sq init --help' for help.

Error: Invalid value for 'NAME': 'my-shop' is not a valid project name: only letters, digits and underscores, and no digit first.
`,
  },
  {
    name: '--inline and --select',
    files: {
      'models/a.sql': 'select 1 as n',
    },
    run: ['show', '--inline', 'select 1', '-s', 'a'],
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Usage Error
  inline: not allowed with argument select
`,
  },
  {
    name: 'an unknown selector method',
    files: {
      'models/a.sql': 'select 1 as n',
    },
    run: 'ls -s tagg:daily',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  'tagg' is not a valid method name
  hint: did you mean 'tag'?
`,
  },
  {
    name: '@ and + that exclude each other',
    files: {
      'models/a.sql': 'select 1 as n',
    },
    run: 'ls -s @a+',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Invalid node spec @a+ - "@" prefix and "+" suffix are incompatible
  hint: "@" selects the children already: leave out the "+" at the end, or use "+" in place of "@"
`,
  },
  {
    name: 'a selector that is not defined',
    files: {
      'models/a.sql': 'select 1 as n',
    },
    run: 'ls --selector nightly',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Could not find selector named nightly, expected one of []
  hint: selectors are defined in selectors.yml, beside dbt_project.yml
`,
  },
  {
    name: 'a selector that cannot be read',
    files: {
      'models/a.sql': 'select 1 as n',
      'selectors.yml': `selectors:
  - name: nightly
    definition:
      method: tagg
      value: daily
`,
    },
    run: 'ls --selector nightly',
    code: 2,
    stdout: `08:00:00  [ERROR]: Encountered an error:
Runtime Error
  Could not read selector file data: Runtime Error
    'tagg' is not a valid method name
  at selectors.yml
  hint: in selector 'nightly': did you mean 'tag'?
`,
  },
  {
    name: 'a selection that finds nothing',
    files: {
      'models/songs.sql': 'select 1 as n',
    },
    run: 'run -s sogns',
    code: 0,
    stdout: `08:00:00  [WARNING]: The selection criterion 'sogns' does not match any enabled nodes
            hint: did you mean 'songs'?
08:00:00  [WARNING]: Nothing to do. Try checking your model configs and model specification args
`,
  },
  {
    name: 'an empty project',
    run: 'build',
    code: 0,
    stdout: `08:00:00  [WARNING]: Nothing to do. Try checking your model configs and model specification args
`,
  },
];
