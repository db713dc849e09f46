/** Filters that reorder, cut or summarise sequences. */
import { indexOr } from '../methods/string-methods.ts';
import { DictView, Lazy, PySet, Range } from '../values/collections.ts';
import { Dict } from '../values/dict.ts';
import { equals } from '../values/equality.ts';
import { fail } from '../values/failure.ts';
import { isPlainObject } from '../values/host.ts';
import { isIterable, iterate, lengthOf, listOf, pairsOf } from '../values/iteration.ts';
import { labelled } from '../values/labels.ts';
import { Markup, stringOf } from '../values/markup.ts';
import { ordered, reverseFlag, sortBy } from '../values/order.ts';
import { toText } from '../values/text.ts';
import { isTruthy } from '../values/truth.ts';
import { type Tuple, tuple, tupleOf } from '../values/tuple.ts';
import { typeName } from '../values/types.ts';
import { isUndefined, refuseUndefined } from '../values/undefined.ts';
import { attributeGetter, type Getter, multiAttributeGetter } from './attribute-path.ts';
import { type Filter, filter, ignoreCase, simple } from './filter.ts';

function caseChange(caseSensitive: unknown): Getter | undefined {
  return isTruthy(caseSensitive) ? undefined : ignoreCase;
}

const batch = filter('batch', ['linecount', 'fill_with'], 1, (_, value, count, fill = null) => {
  function* batches(): Iterable<unknown> {
    let group: unknown[] = [];
    for (const item of iterate(value)) {
      if (equals(group.length, count)) {
        yield group;
        group = [];
      }
      group.push(item);
    }
    if (group.length === 0) return;
    if (fill !== null) while (group.length < Number(count)) group.push(fill);
    yield group;
  }
  return new Lazy(batches());
});

const slices = filter('slice', ['slices', 'fill_with'], 1, (_, value, count, fill = null) => {
  function* parts(): Iterable<unknown> {
    const items = listOf(value);
    const parts = indexOr(count, 0);
    if (parts === 0) fail('ZeroDivisionError', 'integer division or modulo by zero');
    const size = Math.floor(items.length / parts);
    const longer = items.length % parts;
    let start = 0;
    for (let i = 0; i < parts; i++) {
      const end = start + size + (i < longer ? 1 : 0);
      const part = items.slice(start, end);
      if (fill !== null && i >= longer) part.push(fill);
      start = end;
      yield part;
    }
  }
  return new Lazy(parts());
});

const dictSort = filter(
  'dictsort',
  ['case_sensitive', 'by', 'reverse'],
  0,
  (_, value, caseSensitive = false, by = 'key', reverse = false) => {
    if (by !== 'key' && by !== 'value') {
      fail('FilterArgumentError', 'You can only sort by either "key" or "value"');
    }
    const change = caseChange(caseSensitive);
    const position = by === 'key' ? 0 : 1;
    const pairs = mappingItems(value, 'items');
    return sortBy(pairs, (pair) => (change ? change(pair[position]) : pair[position]), reverseFlag(reverse));
  },
);

function mappingItems(value: unknown, method: string): Tuple[] {
  refuseUndefined(value);
  if (!(value instanceof Dict) && !isPlainObject(value)) {
    fail('AttributeError', `'${typeName(value)}' object has no attribute '${method}'`);
  }
  return Array.from(pairsOf(value), tupleOf);
}

const items = simple('items', (value) => {
  function* pairs(): Iterable<unknown> {
    if (isUndefined(value)) return;
    if (!(value instanceof Dict) && !isPlainObject(value)) {
      fail('TypeError', 'Can only get item pairs from a mapping.');
    }
    for (const pair of pairsOf(value)) yield tupleOf(pair);
  }
  return new Lazy(pairs());
});

const first = simple('first', (value, env) => {
  for (const item of iterate(value)) return item;
  return env.missing(null, { hint: 'No first item, sequence was empty.' });
});

const last = simple('last', (value, env) => {
  if (!isReversible(value)) fail('TypeError', `'${typeName(value)}' object is not reversible`);
  const all = listOf(value);
  return all.length > 0 ? all.at(-1) : env.missing(null, { hint: 'No last item, sequence was empty.' });
});

function isReversible(value: unknown): boolean {
  return isIterable(value) && !(value instanceof Lazy) && !(value instanceof PySet);
}

const reverse = simple('reverse', (value) => {
  const text = stringOf(value);
  if (text !== undefined) {
    const reversed = [...text].reverse().join('');
    return value instanceof Markup ? new Markup(reversed) : reversed;
  }
  if (!isIterable(value)) fail('FilterArgumentError', 'argument must be iterable');
  const reversed = listOf(value).reverse();
  const isView = value instanceof DictView || value instanceof Range || value instanceof Dict;
  return Array.isArray(value) || isView ? new Lazy(reversed) : reversed;
});

const groupBy = filter(
  'groupby',
  ['attribute', 'default', 'case_sensitive'],
  1,
  (env, value, attribute, otherwise, caseSensitive = false) => {
    const change = caseChange(caseSensitive);
    const key = attributeGetter(env, attribute, change, otherwise);
    const shown = attributeGetter(env, attribute, undefined, otherwise);
    const groups: { key: unknown; members: unknown[] }[] = [];
    for (const item of sortBy(listOf(value), key)) {
      const of = key(item);
      const current = groups.at(-1);
      if (current && equals(current.key, of)) current.members.push(item);
      else groups.push({ key: of, members: [item] });
    }
    return groups.map(({ members }) => group(shown(members[0]), members));
  },
);

function group(grouper: unknown, list: unknown[]): Tuple {
  return labelled(tuple(grouper, list), { text: '', type: 'tuple', attributes: { grouper, list } });
}

function extreme(name: 'min' | 'max'): Filter {
  return filter(
    name,
    ['case_sensitive', 'attribute'],
    0,
    (env, value, caseSensitive = false, attribute = null) => {
      const key = attributeGetter(env, attribute, caseChange(caseSensitive));
      let best: { key: unknown; item: unknown } | undefined;
      for (const item of iterate(value)) {
        const of = key(item);
        if (best === undefined || ordered(name === 'min' ? '<' : '>', of, best.key)) best = { key: of, item };
      }
      if (best !== undefined) return best.item;
      return env.missing(null, { hint: 'No aggregated item, sequence was empty.' });
    },
  );
}

const sort = filter(
  'sort',
  ['reverse', 'case_sensitive', 'attribute'],
  0,
  (env, value, reversed = false, caseSensitive = false, attribute = null) =>
    sortBy(
      listOf(value),
      multiAttributeGetter(env, attribute, caseChange(caseSensitive)),
      reverseFlag(reversed),
    ),
);

const unique = filter(
  'unique',
  ['case_sensitive', 'attribute'],
  0,
  (env, value, caseSensitive = false, attribute = null) => {
    const key = attributeGetter(env, attribute, caseChange(caseSensitive));
    function* distinct(): Iterable<unknown> {
      const seen = new PySet();
      for (const item of iterate(value)) {
        const of = key(item);
        if (seen.has(of)) continue;
        seen.add(of);
        yield item;
      }
    }
    return new Lazy(distinct());
  },
);

const join = filter('join', ['d', 'attribute'], 0, (env, value, separator = '', attribute = null) => {
  const read = attributeGetter(env, attribute);
  const parts: string[] = [];
  for (const item of iterate(value)) parts.push(toText(read(item)));
  return parts.join(toText(separator));
});

const random = simple('random', (value, env) => {
  if (lengthOf(value) === 0) return env.missing(null, { hint: 'No random item, sequence was empty.' });
  const all = listOf(value);
  return all[Math.floor(Math.random() * all.length)];
});

export const sequenceFilters: Readonly<Record<string, Filter>> = {
  batch,
  count: simple('len', lengthOf),
  dictsort: dictSort,
  first,
  groupby: groupBy,
  items,
  join,
  last,
  length: simple('len', lengthOf),
  list: simple('list', listOf),
  max: extreme('max'),
  min: extreme('min'),
  random,
  reverse,
  slice: slices,
  sort,
  unique,
};
