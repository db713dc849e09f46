/** The methods of Python's set (sets come from hosts and from differences of dict views). */
import { PySet } from '../values/collections.ts';
import { fail } from '../values/failure.ts';
import { iterate, listOf } from '../values/iteration.ts';
import { repr } from '../values/text.ts';
import { type Callable, positional } from './arguments.ts';

type SetMethod = (set: PySet, ...args: unknown[]) => unknown;

function method(name: string, least: number, most: number, run: SetMethod): Callable {
  return positional(name, least, most, run as Callable);
}

function change(name: string, count: number, run: (set: PySet, ...args: unknown[]) => void): Callable {
  return method(name, count === Number.POSITIVE_INFINITY ? 0 : count, count, (set, ...args) => {
    run(set, ...args);
    return null;
  });
}

const ANY = Number.POSITIVE_INFINITY;
const asSet = (items: unknown) => (items instanceof PySet ? items : new PySet(iterate(items)));

export const setMethods: Readonly<Record<string, Callable>> = {
  __proto__: null as never,
  add: change('add', 1, (set, item) => set.add(item)),
  clear: change('clear', 0, (set) => set.items.clear()),
  copy: method('copy', 0, 0, (set) => new PySet(set)),
  difference: method('difference', 0, ANY, (set, ...others) => {
    const gone = others.map(asSet);
    return new PySet([...set].filter((item) => !gone.some((other) => other.has(item))));
  }),
  discard: change('discard', 1, (set, item) => set.delete(item)),
  intersection: method('intersection', 0, ANY, (set, ...others) => {
    const kept = others.map(asSet);
    return new PySet([...set].filter((item) => kept.every((other) => other.has(item))));
  }),
  isdisjoint: method('isdisjoint', 1, 1, (set, other) => listOf(other).every((item) => !set.has(item))),
  issubset: method('issubset', 1, 1, (set, other) => {
    const container = asSet(other);
    return [...set].every((item) => container.has(item));
  }),
  issuperset: method('issuperset', 1, 1, (set, other) => listOf(other).every((item) => set.has(item))),
  pop: method('pop', 0, 0, (set) => {
    const [first] = set;
    if (set.size === 0) fail('KeyError', "'pop from an empty set'");
    set.delete(first);
    return first;
  }),
  remove: change('remove', 1, (set, item) => {
    if (!set.delete(item)) fail('KeyError', repr(item));
  }),
  symmetric_difference: method('symmetric_difference', 1, 1, (set, other) => {
    const right = asSet(other);
    return new PySet([
      ...[...set].filter((item) => !right.has(item)),
      ...[...right].filter((item) => !set.has(item)),
    ]);
  }),
  union: method('union', 0, ANY, (set, ...others) => new PySet([...set, ...others.flatMap(listOf)])),
  update: change('update', ANY, (set, ...others) => {
    for (const other of others) for (const item of listOf(other)) set.add(item);
  }),
};
