import { SqError } from '../errors.ts';
import type { Session } from './session.ts';

/** The text of `--inline`, or undefined when nodes are selected. Throws dbt's error when both are given. */
export function inlineText({ invocation }: Session): string | undefined {
  const { inline, select, selector } = invocation.flags.other;
  if (typeof inline !== 'string') return undefined;
  for (const [name, value] of Object.entries({ select, selector })) {
    if (value === undefined) continue;
    throw new SqError({
      kind: 'Usage',
      code: 'excluding-options',
      message: `inline: not allowed with argument ${name}`,
    });
  }
  return inline;
}
