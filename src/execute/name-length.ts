/** Names that the engine would cut without a word: two of them might become one. */
import type { Dialect } from '../adapters/contract.ts';
import { SqError } from '../errors.ts';
import type { Relation } from '../manifest/relation.ts';

/** Throws SqError kind Runtime, in dbt's words, for a name that is too long. */
export function assertNameFits(
  { identifier }: Relation,
  { type, maxIdentifierBytes, cutsLongNames }: Dialect,
): void {
  if (!cutsLongNames) return;
  const bytes = Buffer.byteLength(identifier ?? '');
  if (bytes <= maxIdentifierBytes) return;
  throw new SqError({
    kind: 'Runtime',
    code: 'name-length',
    message: `Relation name '${identifier}' is longer than ${maxIdentifierBytes} characters (it has ${bytes} bytes; ${type} would cut it without a word)`,
    hint: "give it a shorter name in the warehouse: {{ config(alias='...') }}",
  });
}
