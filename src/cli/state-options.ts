/** Options that look at another run: `--state`, `--defer` and their kin; and those of commands about sources and macros. */
import type { OptionSpec } from './option-spec.ts';

const COMPARING = [
  'run',
  'build',
  'test',
  'seed',
  'snapshot',
  'compile',
  'show',
  'ls',
  'docs generate',
  'source freshness',
  'clone',
  'retry',
];

export const STATE_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'state',
    kind: 'text',
    value: 'folder',
    help: 'artefacts of another run, for state:modified, result:error, --defer and retry',
    group: 'Selecting',
    on: COMPARING,
  },
  {
    name: 'defer',
    kind: 'switch',
    help: 'read parents that are not here from where the run of --state has built them',
    group: 'Selecting',
    on: COMPARING,
  },
  {
    name: 'defer_state',
    kind: 'text',
    value: 'folder',
    help: 'artefacts for --defer, when --state is another folder',
    group: 'Selecting',
    on: COMPARING,
  },
  {
    name: 'favor_state',
    kind: 'switch',
    help: 'with --defer: prefer the other run for all that is not selected',
    group: 'Selecting',
    on: COMPARING,
  },
  {
    name: 'output',
    kind: 'text',
    short: 'o',
    value: 'file',
    help: 'where sources.json is written',
    group: 'Doing',
    on: ['source freshness'],
    env: false,
  },
  {
    name: 'args',
    kind: 'yaml',
    value: 'yaml',
    help: "arguments of the macro: '{role: reporter}'",
    group: 'Doing',
    on: ['run-operation'],
    env: false,
  },
  {
    name: 'sql',
    kind: 'text',
    value: 'sql',
    help: 'a statement to run, in place of a macro; may hold Jinja',
    group: 'Doing',
    on: ['run-operation'],
    env: false,
  },
];
