/** Filters that apply another filter or test to every item: map, select, reject and their attribute forms. */
import { splitArguments } from '../methods/arguments.ts';
import { Lazy } from '../values/collections.ts';
import { fail } from '../values/failure.ts';
import { iterate } from '../values/iteration.ts';
import { Kwargs } from '../values/kwargs.ts';
import { repr, toText } from '../values/text.ts';
import { isTruthy } from '../values/truth.ts';
import { attributeGetter, type Getter } from './attribute-path.ts';
import type { Filter, FilterEnvironment } from './filter.ts';

const map: Filter = (env, value, ...args) => {
  function* mapped(): Iterable<unknown> {
    if (!isTruthy(value)) return;
    const change = mapper(env, args);
    for (const item of iterate(value)) yield change(item);
  }
  return new Lazy(mapped());
};

function mapper(env: FilterEnvironment, args: readonly unknown[]): Getter {
  const { positional, keywords } = splitArguments(args);
  if (positional.length === 0 && 'attribute' in keywords) {
    const { attribute, default: otherwise, ...rest } = keywords;
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) fail('FilterArgumentError', `Unexpected keyword argument ${repr(unknown)}`);
    return attributeGetter(env, attribute, undefined, otherwise);
  }
  if (positional.length === 0) fail('FilterArgumentError', 'map requires a filter argument');
  const apply = env.getFilter(toText(positional[0]));
  const rest = args.slice(1);
  return (item) => apply(env, item, ...rest);
}

/** select, reject, selectattr, rejectattr. */
function selection(keep: boolean, byAttribute: boolean): Filter {
  return (env, value, ...args) => {
    function* selected(): Iterable<unknown> {
      if (!isTruthy(value)) return;
      const test = tester(env, args, byAttribute);
      for (const item of iterate(value)) if (test(item) === keep) yield item;
    }
    return new Lazy(selected());
  };
}

function tester(
  env: FilterEnvironment,
  args: readonly unknown[],
  byAttribute: boolean,
): (item: unknown) => boolean {
  const given = args.filter((arg) => !(arg instanceof Kwargs));
  if (byAttribute && given.length === 0) fail('FilterArgumentError', 'Missing parameter for attribute name');
  const read: Getter = byAttribute ? attributeGetter(env, given[0]) : (item) => item;
  const at = byAttribute ? 1 : 0;
  if (given.length <= at) return (item) => isTruthy(read(item));
  const test = env.getTest(toText(given[at]));
  const rest = args.slice(at + 1);
  return (item) => isTruthy(test(env, read(item), ...rest));
}

export const selectFilters: Readonly<Record<string, Filter>> = {
  map,
  reject: selection(false, false),
  rejectattr: selection(false, true),
  select: selection(true, false),
  selectattr: selection(true, true),
};
