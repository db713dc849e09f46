import type { RunRecord } from '../contract.ts';

/** As it would be typed. */
export function commandLine({ command, select, exclude }: RunRecord): string {
  const flag = (name: string, values: string[]) => (values.length === 0 ? [] : [name, ...values]);
  return ['sq', command, ...flag('--select', select), ...flag('--exclude', exclude)].join(' ');
}
