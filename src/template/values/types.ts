/** Python's type of a template value, and the tests on numbers that every operator needs. */
import { DictView, Lazy, Namespace, PySet, Range } from './collections.ts';
import { Dict } from './dict.ts';
import { PyFloat } from './float.ts';
import { labelOf } from './labels.ts';
import { Markup } from './markup.ts';
import { Tuple } from './tuple.ts';
import { Undefined } from './undefined.ts';

export type Numeric = number | bigint | boolean | PyFloat;

/** int, float or bool (a bool is an int in Python). */
export function isNumber(value: unknown): value is Numeric {
  const type = typeof value;
  return type === 'number' || type === 'boolean' || type === 'bigint' || value instanceof PyFloat;
}

export function isFloat(value: unknown): value is number | PyFloat {
  return value instanceof PyFloat || (typeof value === 'number' && !Number.isSafeInteger(value));
}

/** int without bool. */
export function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
}

/** The JavaScript number behind a Python number. */
export function numeric(value: Numeric): number | bigint {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof PyFloat ? value.value : value;
}

/** Python's list: an array that is not a tuple. */
export function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && !(value instanceof Tuple);
}

/** `type(value).__name__` as error messages say it. */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isSafeInteger(value) ? 'int' : 'float';
    case 'function':
      return labelOf(value)?.type ?? 'function';
    case 'undefined':
      return 'Undefined';
    default:
      return value === null ? 'NoneType' : objectType(value as object);
  }
}

function objectType(value: object): string {
  if (value instanceof PyFloat) return 'float';
  if (value instanceof Tuple) return 'tuple';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Dict) return 'dict';
  if (value instanceof DictView) return value.kind;
  if (value instanceof PySet) return 'set';
  if (value instanceof Markup) return 'Markup';
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof Range) return 'range';
  if (value instanceof Namespace) return 'Namespace';
  if (value instanceof Lazy) return 'generator';
  const name = (value as { constructor?: { name?: string } }).constructor?.name;
  return name === undefined || name === '' || name === 'Object' ? 'dict' : name;
}
