import { type Location, SqError } from '../errors.ts';

/** An error of installing packages: kind Dependency, or Runtime for a file that cannot be read. */
export function dependencyError(
  code: string,
  message: string,
  more: { hint?: string; at?: Location; cause?: unknown; kind?: 'Dependency' | 'Runtime' | 'Internal' } = {},
): SqError {
  return new SqError({ kind: 'Dependency', code, message, ...more });
}
