import type { Invocation } from '../invocation.ts';

/** `args` of run_results.json: every flag by dbt's name, what was called, and the vars. */
export function invocationArgs(invocation: Invocation): Record<string, unknown> {
  const { flags } = invocation;
  const { other, warnErrorOptions, ...members } = flags;
  const args: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) args[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = value;
  }
  return {
    ...args,
    ...other,
    warn_error_options: warnErrorOptions,
    vars: invocation.vars,
    invocation_command: ['sq', ...invocation.argv].join(' '),
  };
}
