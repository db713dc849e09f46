/** The methods of Python's list and tuple. */
import { equals } from '../values/equality.ts';
import { fail } from '../values/failure.ts';
import { listOf } from '../values/iteration.ts';
import { reverseFlag, sortBy } from '../values/order.ts';
import { repr } from '../values/text.ts';
import { type Callable, positional, splitArguments } from './arguments.ts';
import { bounds, indexOr } from './string-methods.ts';

type ListMethod = (list: unknown[], ...args: unknown[]) => unknown;

function method(name: string, least: number, most: number, run: ListMethod): Callable {
  return positional(name, least, most, run as Callable);
}

function count(list: unknown[], item: unknown): number {
  return list.filter((other) => other === item || equals(other, item)).length;
}

function index(list: unknown[], item: unknown, start?: unknown, stop?: unknown): number {
  const [from, to] = bounds(list.length, start, stop);
  for (let i = from; i < to; i++) if (list[i] === item || equals(list[i], item)) return i;
  return fail('ValueError', `${repr(item)} is not in list`);
}

function pop(list: unknown[], at?: unknown): unknown {
  const given = indexOr(at, -1);
  if (list.length === 0) fail('IndexError', 'pop from empty list');
  const position = given < 0 ? given + list.length : given;
  if (position < 0 || position >= list.length) fail('IndexError', 'pop index out of range');
  return list.splice(position, 1)[0];
}

/** `list.sort(*, key=None, reverse=False)`. */
const sort: Callable = (list, ...args) => {
  const { positional: given, keywords } = splitArguments(args);
  if (given.length > 0) fail('TypeError', 'sort() takes no positional arguments');
  for (const name of Object.keys(keywords)) {
    if (name !== 'key' && name !== 'reverse') {
      fail('TypeError', `'${name}' is an invalid keyword argument for sort()`);
    }
  }
  const { key } = keywords;
  const keyOf =
    typeof key === 'function'
      ? (item: unknown) => (key as (x: unknown) => unknown)(item)
      : (item: unknown) => item;
  sortBy(list as unknown[], keyOf, reverseFlag(keywords.reverse ?? false));
  return null;
};

export const tupleMethods: Readonly<Record<string, Callable>> = {
  __proto__: null as never,
  count: method('count', 1, 1, count),
  index: method('index', 1, 3, index),
};

export const listMethods: Readonly<Record<string, Callable>> = {
  __proto__: null as never,
  ...tupleMethods,
  append: method('append', 1, 1, (list, item) => {
    list.push(item);
    return null;
  }),
  clear: method('clear', 0, 0, (list) => {
    list.length = 0;
    return null;
  }),
  copy: method('copy', 0, 0, (list) => [...list]),
  extend: method('extend', 1, 1, (list, items) => {
    for (const item of listOf(items)) list.push(item);
    return null;
  }),
  insert: method('insert', 2, 2, (list, at, item) => {
    list.splice(indexOr(at, 0), 0, item);
    return null;
  }),
  pop: method('pop', 0, 1, pop),
  remove: method('remove', 1, 1, (list, item) => {
    const at = list.findIndex((other) => other === item || equals(other, item));
    if (at === -1) fail('ValueError', 'list.remove(x): x not in list');
    list.splice(at, 1);
    return null;
  }),
  reverse: method('reverse', 0, 0, (list) => {
    list.reverse();
    return null;
  }),
  sort,
};
