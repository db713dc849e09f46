import { DictView, PySet, Range } from './collections.ts';
import { Dict } from './dict.ts';
import { PyFloat } from './float.ts';
import { isHost, isPlainObject } from './host.ts';
import { Markup } from './markup.ts';
import { toText } from './text.ts';
import { isUndefined } from './undefined.ts';

/**
 * A plain JSON value as a template value, deeply: objects and Maps become Dict (key order kept), undefined
 * becomes None. Integral numbers stay integers. Template values and host objects pass unchanged.
 */
export function fromJs(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.constructor === Array ? value.map(fromJs) : value;
  if (value instanceof Map) return new Dict([...value].map(([key, item]) => [key, fromJs(item)] as const));
  if (!isPlainObject(value)) return value;
  const dict = new Dict();
  for (const key of Object.keys(value)) dict.set(key, fromJs(value[key]));
  return dict;
}

/**
 * A template value as a plain JSON value, deeply: Dict becomes an object (keys as text), tuples and sets become
 * arrays, floats and integers numbers, undefined null. Host objects and functions become their text.
 */
export function toJs(value: unknown): unknown {
  if (value === null || isUndefined(value)) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object') return typeof value === 'function' ? toText(value) : value;
  if (value instanceof PyFloat) return value.value;
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return Array.from(value, toJs);
  if (value instanceof Dict) return fromPairs(value.entries());
  if (value instanceof PySet || value instanceof DictView || value instanceof Range)
    return Array.from(value, toJs);
  if (!isHost(value) && isPlainObject(value)) return fromPairs(Object.entries(value));
  return toText(value);
}

function fromPairs(pairs: Iterable<readonly [unknown, unknown]>): Record<string, unknown> {
  return Object.fromEntries(Array.from(pairs, ([key, item]) => [toText(key), toJs(item)]));
}
