/** Iterating, counting and searching values as Python does. */
import { DictView, Lazy, PySet, Range } from './collections.ts';
import { Dict } from './dict.ts';
import { equals } from './equality.ts';
import { fail } from './failure.ts';
import { callSpecial, hostLength, isHost, isPlainObject } from './host.ts';
import { Markup, stringOf } from './markup.ts';
import { isNumber, numeric, typeName } from './types.ts';
import { refuseUndefined, Undefined } from './undefined.ts';

/** What a `for` goes over: items of a list, characters of a string, keys of a dict. Raises TypeError. */
export function iterate(value: unknown): Iterable<unknown> {
  if (Array.isArray(value) || typeof value === 'string') return value;
  if (value === undefined || value instanceof Undefined) return [];
  if (value instanceof Dict || value instanceof Lazy || value instanceof Range) return value;
  if (value instanceof DictView || value instanceof PySet) return value;
  if (value instanceof Markup) return value.text;
  if (isPlainObject(value)) return Object.keys(value);
  if (isHost(value) && typeof value[Symbol.iterator] === 'function') return value as Iterable<unknown>;
  return fail('TypeError', `'${typeName(value)}' object is not iterable`);
}

/** All items as a new array. */
export function listOf(value: unknown): unknown[] {
  return [...iterate(value)];
}

/** Number of characters, surrogate pairs counted once. */
export function textLength(text: string): number {
  return hasSurrogates(text) ? [...text].length : text.length;
}

export function hasSurrogates(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}

/** `len()`. */
export function lengthOf(value: unknown): number {
  const text = stringOf(value);
  if (text !== undefined) return textLength(text);
  if (Array.isArray(value)) return value.length;
  if (value === undefined || value instanceof Undefined) return 0;
  if (value instanceof Dict || value instanceof PySet) return value.size;
  if (value instanceof Range) return value.length;
  if (value instanceof DictView) return value.items.length;
  if (isPlainObject(value)) return Object.keys(value).length;
  const length = isHost(value) ? hostLength(value) : undefined;
  return length ?? fail('TypeError', `object of type '${typeName(value)}' has no len()`);
}

/** `item in container`. */
export function contains(item: unknown, container: unknown): boolean {
  const text = stringOf(container);
  if (text !== undefined) {
    const needle = stringOf(item);
    if (needle !== undefined) return text.includes(needle);
    return fail('TypeError', `'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (container instanceof Dict || container instanceof PySet) return container.has(item);
  if (container instanceof Range) return isNumber(item) && container.has(Number(numeric(item)));
  if (isPlainObject(container)) return typeof item === 'string' && Object.hasOwn(container, item);
  const special = callSpecial(container, '__contains__', item);
  if (typeof special === 'boolean') return special;
  if (!isIterable(container)) {
    if (container !== undefined) refuseUndefined(container);
    return fail('TypeError', `argument of type '${typeName(container)}' is not iterable`);
  }
  for (const found of iterate(container)) if (found === item || equals(item, found)) return true;
  return false;
}

/** True when `iterate` would accept the value. */
export function isIterable(value: unknown): boolean {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return false;
  try {
    iterate(value);
    return true;
  } catch {
    return false;
  }
}

/** Key-value pairs of a mapping or of an iterable of pairs, as `dict(x)` and `update(x)` take them. */
export function* pairsOf(value: unknown): IterableIterator<[unknown, unknown]> {
  if (value instanceof Dict) {
    yield* value.entries();
    return;
  }
  refuseUndefined(value);
  if (isPlainObject(value)) {
    yield* Object.entries(value);
    return;
  }
  let index = 0;
  for (const item of iterate(value)) {
    if (!isIterable(item)) {
      fail('TypeError', `cannot convert dictionary update sequence element #${index} to a sequence`);
    }
    const pair = listOf(item);
    if (pair.length !== 2) {
      fail(
        'ValueError',
        `dictionary update sequence element #${index} has length ${pair.length}; 2 is required`,
      );
    }
    yield [pair[0], pair[1]];
    index += 1;
  }
}
