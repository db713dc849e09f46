import { DictView, PySet, Range } from './collections.ts';
import { Dict } from './dict.ts';
import { PyFloat } from './float.ts';
import { callSpecial, hostLength, isHost, isPlainObject } from './host.ts';
import { Markup } from './markup.ts';
import { Undefined } from './undefined.ts';

/** Python's truth: empty strings, lists and dicts, zero, None and undefined are false; NaN is true. */
export function isTruthy(value: unknown): boolean {
  if (value === true) return true;
  if (!value) return typeof value === 'number' && Number.isNaN(value);
  return typeof value !== 'object' || objectTruth(value);
}

function objectTruth(value: object): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Undefined) return false;
  if (value instanceof Dict || value instanceof PySet) return value.size > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof Range) return value.length > 0;
  if (value instanceof DictView) return value.items.length > 0;
  if (value instanceof Markup) return value.text !== '';
  if (isHost(value)) {
    const special = callSpecial(value, '__bool__');
    return typeof special === 'boolean' ? special : hostLength(value) !== 0;
  }
  return !isPlainObject(value) || Object.keys(value).length > 0;
}
