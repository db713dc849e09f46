import { DictView, PySet, Range } from './collections.ts';
import { Dict } from './dict.ts';
import { callSpecial, isHost, isPlainObject } from './host.ts';
import { stringOf } from './markup.ts';
import { Tuple } from './tuple.ts';
import { isNumber, numeric } from './types.ts';
import { Undefined } from './undefined.ts';

/** Python's `==`: numbers by value, lists, tuples and dicts deeply, never across those types. */
export function equals(a: unknown, b: unknown): boolean {
  if (a === b) return typeof a !== 'number' || !Number.isNaN(a);
  if (isNumber(a) && isNumber(b)) {
    const [x, y] = [numeric(a), numeric(b)];
    // the one place where JavaScript's loose comparison is Python's: number against bigint
    // biome-ignore lint/suspicious/noDoubleEquals: see above
    return x == y;
  }
  if (a === undefined || b === undefined) return a instanceof Undefined || b instanceof Undefined;
  if (a === null || b === null) return false;
  if (typeof a !== 'object' && typeof b !== 'object') return false;
  return objectsEqual(a, b);
}

function objectsEqual(a: unknown, b: unknown): boolean {
  const text = stringOf(a);
  if (text !== undefined && !isHost(b)) return text === stringOf(b);
  if (Array.isArray(a))
    return Array.isArray(b) && a instanceof Tuple === b instanceof Tuple && sameItems(a, b);
  if (a instanceof Dict || isPlainObject(a)) return sameDict(a, b);
  if (a instanceof Undefined) return b instanceof Undefined;
  if (a instanceof PySet) return setsEqual(a, b);
  if (a instanceof DictView) return a.kind !== 'dict_values' && setsEqual(new PySet(a), b);
  if (a instanceof Range) return b instanceof Range && sameItems([...a], [...b]);
  return hostsEqual(a, b) ?? hostsEqual(b, a) ?? false;
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i] || equals(item, b[i]));
}

function sameDict(a: Dict | Record<string, unknown>, b: unknown): boolean {
  if (!(b instanceof Dict) && !isPlainObject(b)) return hostsEqual(b, a) ?? false;
  const [left, right] = [asDict(a), asDict(b)];
  if (left.size !== right.size) return false;
  for (const [key, value] of left.entries()) {
    if (!right.has(key) || !equals(value, right.get(key))) return false;
  }
  return true;
}

function asDict(value: Dict | Record<string, unknown>): Dict {
  return value instanceof Dict ? value : new Dict(Object.entries(value));
}

function setsEqual(a: PySet, b: unknown): boolean {
  if (b instanceof DictView && b.kind === 'dict_values') return false;
  if (!(b instanceof PySet) && !(b instanceof DictView)) return false;
  const other = new PySet(b);
  return a.size === other.size && [...a].every((item) => other.has(item));
}

/** A host object's own idea of equality: its method `equals`, or the special method `__eq__`. */
function hostsEqual(a: unknown, b: unknown): boolean | undefined {
  if (!isHost(a)) return undefined;
  const { equals: own } = a as { equals?: unknown };
  if (typeof own === 'function') return (own as (other: unknown) => unknown).call(a, b) === true;
  const special = callSpecial(a, '__eq__', b);
  return typeof special === 'boolean' ? special : undefined;
}
