/** Redshift's rules for its processing units, said before AWS is asked for anything. */
import { SqError } from '../errors.ts';
import type { StackState, UpOptions } from './contract.ts';

/** Of the template, which has them from AWS. */
const BASES = [4, 8, 16, 24, 32, 64, 128];
const USUAL = { base: 8, max: 16 };

type Asked = Pick<UpOptions, 'baseCapacity' | 'maxCapacity'>;

/** Throws SqError for sizes that there are not, and for a base above the most. `before`: what is not asked for stays. */
export function checkCapacity({ baseCapacity, maxCapacity }: Asked, before?: StackState): void {
  if (baseCapacity !== undefined && !BASES.includes(baseCapacity)) {
    throw problem(
      `Redshift Serverless has no base capacity of ${baseCapacity} RPU.`,
      `--base-capacity is one of ${BASES.join(', ')}`,
    );
  }
  const base = baseCapacity ?? numberOf(before?.parameters.BaseCapacity) ?? USUAL.base;
  const max = maxCapacity ?? numberOf(before?.parameters.MaxCapacity) ?? USUAL.max;
  if (max >= base) return;
  throw problem(
    `The most that may be used at once (${max} RPU) is less than the base capacity (${base} RPU).`,
    `say --max-capacity ${base}, or more`,
  );
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}

function problem(message: string, hint: string): SqError {
  return new SqError({ kind: 'Runtime', code: 'infra-capacity', message, hint });
}
