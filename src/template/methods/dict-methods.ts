/** The methods of Python's dict. Those that only read serve plain objects of the host too. */
import { DictView } from '../values/collections.ts';
import { Dict } from '../values/dict.ts';
import { fail } from '../values/failure.ts';
import { iterate, pairsOf } from '../values/iteration.ts';
import { repr } from '../values/text.ts';
import { tuple, tupleOf } from '../values/tuple.ts';
import { type Callable, positional, splitArguments } from './arguments.ts';

type DictMethod = (dict: Dict, ...args: unknown[]) => unknown;

function method(name: string, least: number, most: number, run: DictMethod): Callable {
  return positional(name, least, most, run as Callable);
}

/** `dict(mapping_or_pairs, **kwargs)` into an existing dict. */
export function fill(name: string, dict: Dict, args: readonly unknown[]): Dict {
  const { positional: given, keywords } = splitArguments(args);
  if (given.length > 1) fail('TypeError', `${name} expected at most 1 argument, got ${given.length}`);
  if (given.length === 1) for (const [key, value] of [...pairsOf(given[0])]) dict.set(key, value);
  for (const key of Object.keys(keywords)) dict.set(key, keywords[key]);
  return dict;
}

/** `dict.fromkeys(iterable, value=None)`. */
export const fromKeys: Callable = positional('fromkeys', 1, 2, (_, keys, value = null) => {
  const dict = new Dict();
  for (const key of iterate(keys)) dict.set(key, value);
  return dict;
});

const reading: Readonly<Record<string, Callable>> = {
  copy: method('copy', 0, 0, (dict) => new Dict(dict.entries())),
  get: method('get', 1, 2, (dict, key, fallback = null) => {
    const value = dict.get(key);
    return value !== undefined || dict.has(key) ? value : fallback;
  }),
  items: method('items', 0, 0, (dict) => new DictView('dict_items', Array.from(dict.entries(), tupleOf))),
  keys: method('keys', 0, 0, (dict) => new DictView('dict_keys', [...dict.keys()])),
  values: method('values', 0, 0, (dict) => new DictView('dict_values', [...dict.values()])),
};

/** Methods that a plain object of the host answers through a copy. */
export const readingDictMethods: Readonly<Record<string, Callable>> = {
  __proto__: null as never,
  ...reading,
};

export const dictMethods: Readonly<Record<string, Callable>> = {
  __proto__: null as never,
  ...reading,
  clear: method('clear', 0, 0, (dict) => {
    dict.clear();
    return null;
  }),
  fromkeys: fromKeys,
  pop: method('pop', 1, 2, (dict, key, fallback) => {
    if (dict.has(key)) {
      const value = dict.get(key);
      dict.delete(key);
      return value;
    }
    return fallback === undefined ? fail('KeyError', repr(key)) : fallback;
  }),
  popitem: method('popitem', 0, 0, (dict) => {
    const key = [...dict.keys()].at(-1);
    if (dict.size === 0) fail('KeyError', "'popitem(): dictionary is empty'");
    const value = dict.get(key);
    dict.delete(key);
    return tuple(key, value);
  }),
  setdefault: method('setdefault', 1, 2, (dict, key, fallback = null) => {
    if (!dict.has(key)) dict.set(key, fallback);
    return dict.get(key);
  }),
  update: (dict, ...args) => {
    fill('update', dict as Dict, args);
    return null;
  },
};
