/** Options of `sq backfill`. */
import type { OptionSpec } from '../option-spec.ts';

const BACKFILL = ['backfill'];

export const BACKFILL_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'from',
    kind: 'text',
    value: 'time',
    help: 'first moment: 2018-11-01, 2018-11-01T06:00+02:00; UTC without an offset',
    group: 'Doing',
    on: BACKFILL,
    env: false,
  },
  {
    name: 'to',
    kind: 'text',
    value: 'time',
    help: 'the moment before which it ends: 2018-12-01 is all of November',
    group: 'Doing',
    on: BACKFILL,
    env: false,
  },
  {
    name: 'batch',
    kind: 'text',
    choices: ['hour', 'day', 'month', 'year'],
    help: 'how much one build covers (default day)',
    group: 'Doing',
    on: BACKFILL,
    env: false,
  },
  {
    name: 'parallel',
    kind: 'integer',
    usual: 1,
    value: 'n',
    help: 'builds at a time (default 1), where models touch nothing but their interval',
    group: 'Doing',
    on: BACKFILL,
    env: false,
  },
  {
    name: 'restart',
    kind: 'flag',
    help: 'forget which batches an earlier backfill has done',
    group: 'Doing',
    on: BACKFILL,
    env: false,
  },
];
