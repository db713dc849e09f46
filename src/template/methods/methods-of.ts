import { PySet } from '../values/collections.ts';
import { Dict } from '../values/dict.ts';
import { PyFloat } from '../values/float.ts';
import { Tuple } from '../values/tuple.ts';
import type { Callable } from './arguments.ts';
import { dictMethods } from './dict-methods.ts';
import { listMethods, tupleMethods } from './list-methods.ts';
import { floatMethods, intMethods } from './number-methods.ts';
import { setMethods } from './set-methods.ts';
import { stringMethods } from './string-methods.ts';

/** The method table of a value's type, or undefined for types without methods. */
export function methodsOf(value: unknown): Readonly<Record<string, Callable>> | undefined {
  switch (typeof value) {
    case 'string':
      return stringMethods;
    case 'number':
      return Number.isSafeInteger(value) ? intMethods : floatMethods;
    case 'boolean':
    case 'bigint':
      return intMethods;
    case 'object':
      return value === null ? undefined : objectMethods(value);
    default:
      return undefined;
  }
}

function objectMethods(value: object): Readonly<Record<string, Callable>> | undefined {
  if (value instanceof Dict) return dictMethods;
  if (Array.isArray(value)) return value instanceof Tuple ? tupleMethods : listMethods;
  if (value instanceof PyFloat) return floatMethods;
  return value instanceof PySet ? setMethods : undefined;
}
