/** `modules.itertools`: the functions that lists of bounded length can answer. */
import { Tuple } from '../../template/index.ts';
import { type Namespace, namespaceOf } from '../host.ts';
import { counting, cycling, Endless } from './endless.ts';

const items = (value: unknown): unknown[] => [...(value as Iterable<unknown>)];

function product(lists: unknown[][]): unknown[][] {
  return lists.reduce<unknown[][]>(
    (rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );
}

function combinations(list: unknown[], size: number, from = 0): unknown[][] {
  if (size === 0) return [[]];
  return list
    .slice(from)
    .flatMap((item, i) => combinations(list, size - 1, from + i + 1).map((rest) => [item, ...rest]));
}

function permutations(list: unknown[], size: number): unknown[][] {
  if (size === 0) return [[]];
  return list.flatMap((item, i) =>
    permutations([...list.slice(0, i), ...list.slice(i + 1)], size - 1).map((rest) => [item, ...rest]),
  );
}

const tuples = (rows: unknown[][]) => rows.map((row) => Tuple.from(row));

export function itertoolsModule(): Namespace {
  return namespaceOf('module itertools', {
    count: (start: unknown, step: unknown) => {
      const [from, by] = [Number(start ?? 0), Number(step ?? 1)];
      return new Endless(`count(${from}${by === 1 ? '' : `, ${by}`})`, counting(from, by));
    },
    cycle: (list: unknown) => new Endless('<itertools.cycle object>', cycling(items(list))),
    chain: (...lists: unknown[]) => lists.flatMap(items),
    product: (...lists: unknown[]) => tuples(product(lists.map(items))),
    combinations: (list: unknown, size: unknown) => tuples(combinations(items(list), Number(size))),
    permutations: (list: unknown, size: unknown) =>
      tuples(permutations(items(list), Number(size ?? items(list).length))),
    zip_longest: (...lists: unknown[]) => {
      const columns = lists.map(items);
      const length = Math.max(0, ...columns.map((column) => column.length));
      return Array.from({ length }, (_, i) => Tuple.from(columns.map((column) => column[i] ?? null)));
    },
    accumulate: (list: unknown) => {
      let sum = 0;
      return items(list).map((value) => (sum += Number(value)));
    },
    combinations_with_replacement: (list: unknown, size: unknown) => {
      const all = items(list);
      const places = product(Array.from({ length: Number(size) }, () => all.map((_, i) => i)));
      const ordered = places.filter((row) =>
        row.every((at, i) => i === 0 || (row[i - 1] as number) <= (at as number)),
      );
      return tuples(ordered.map((row) => row.map((at) => all[at as number])));
    },
    compress: (list: unknown, chosen: unknown) => {
      const selectors = items(chosen);
      return items(list).filter((_, i) => Boolean(selectors[i]));
    },
    starmap: (call: (...args: unknown[]) => unknown, rows: unknown) =>
      items(rows).map((row) => call(...items(row))),
    tee: (list: unknown, count: unknown) =>
      Tuple.from(Array.from({ length: Number(count ?? 2) }, () => items(list))),
    repeat: (value: unknown, times: unknown) => Array.from({ length: Number(times) }, () => value),
    islice: (list: unknown, start: unknown, stop: unknown) =>
      stop === undefined
        ? items(list).slice(0, Number(start))
        : items(list).slice(Number(start), Number(stop)),
  });
}
