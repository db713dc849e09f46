/** Options of `sq infra`. */
import type { OptionSpec } from './option-spec.ts';

const ALL = ['infra up', 'infra status', 'infra down'];

export const INFRA_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'name',
    kind: 'text',
    value: 'name',
    help: 'of the workgroup (default: the name of the project); the stack is sq-<name>',
    group: 'Doing',
    on: ALL,
    env: false,
  },
  {
    name: 'region',
    kind: 'text',
    value: 'region',
    help: 'of AWS (default: AWS_REGION, or that of the AWS profile)',
    group: 'Doing',
    on: ALL,
    env: false,
  },
  {
    name: 'base_capacity',
    kind: 'integer',
    value: 'rpu',
    help: 'Redshift processing units while a query runs: 4, 8, 16, 24, 32, 64 or 128 (default 8)',
    group: 'Doing',
    on: ['infra up'],
    env: false,
  },
  {
    name: 'max_capacity',
    kind: 'integer',
    value: 'rpu',
    help: 'never more than this at once (default 16)',
    group: 'Doing',
    on: ['infra up'],
    env: false,
  },
  {
    name: 'yes',
    kind: 'flag',
    help: 'do not ask: needed where there is nobody to ask',
    group: 'Doing',
    on: ['infra up', 'infra down'],
    env: false,
  },
  {
    name: 'delete_data',
    kind: 'flag',
    help: 'empty and delete the bucket too',
    group: 'Doing',
    on: ['infra down'],
    env: false,
  },
  {
    name: 'final_snapshot',
    kind: 'switch',
    help: 'keep the tables of the warehouse for 30 days as a snapshot (default)',
    group: 'Doing',
    on: ['infra down'],
    env: false,
  },
];
