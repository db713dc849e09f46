/** Every option of every command. */
import { BACKFILL_OPTIONS } from './backfill/options.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { DOCS_OPTIONS } from './docs-options-specs.ts';
import { INFRA_OPTIONS } from './infra-options.ts';
import type { OptionSpec } from './option-spec.ts';
import { STATE_OPTIONS } from './state-options.ts';
import { WORK_OPTIONS } from './work-options.ts';

export const OPTION_SPECS: readonly OptionSpec[] = [
  ...WORK_OPTIONS,
  ...DOCS_OPTIONS,
  ...STATE_OPTIONS,
  ...INFRA_OPTIONS,
  ...BACKFILL_OPTIONS,
  ...COMMON_OPTIONS,
];

/** The options of one command, in the order of its help. */
export function optionsOf(command: string): readonly OptionSpec[] {
  return OPTION_SPECS.filter((spec) => spec.on === undefined || spec.on.includes(command));
}
