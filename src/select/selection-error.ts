import { SqError } from '../errors.ts';

/** An error of a selection: kind Runtime, as dbt's. `hint` says what to type instead. */
export function selectionError(code: string, message: string, hint?: string): SqError {
  return new SqError({ kind: 'Runtime', code, message, hint });
}
