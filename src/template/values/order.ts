/** `<`, `<=`, `>`, `>=` and the order that sorting uses. */
import { PySet } from './collections.ts';
import { equals } from './equality.ts';
import { fail } from './failure.ts';
import { callSpecial, isHost } from './host.ts';
import { stringOf } from './markup.ts';
import { Tuple } from './tuple.ts';
import { isInteger, isNumber, numeric, typeName } from './types.ts';
import { refuseUndefined } from './undefined.ts';

type Operator = '<' | '<=' | '>' | '>=';

const SPECIAL = { '<': '__lt__', '<=': '__le__', '>': '__gt__', '>=': '__ge__' } as const;
const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** Compares two values; raises TypeError for values that Python does not order. */
export function ordered(operator: Operator, a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return decide(operator, a, b);
  if (typeof a === 'string' && typeof b === 'string') return decide(operator, codePointOrder(a, b), 0);
  if (isNumber(a) && isNumber(b)) return decide(operator, numeric(a), numeric(b));
  return orderedObjects(operator, a, b);
}

function orderedObjects(operator: Operator, a: unknown, b: unknown): boolean {
  const [left, right] = [stringOf(a), stringOf(b)];
  if (left !== undefined && right !== undefined) return decide(operator, codePointOrder(left, right), 0);
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    for (let i = 0; i < a.length && i < b.length; i++) {
      if (!equals(a[i], b[i])) return ordered(operator, a[i], b[i]);
    }
    return decide(operator, a.length, b.length);
  }
  if (a instanceof PySet && b instanceof PySet) return orderedSets(operator, a, b);
  if (isHost(a) || isHost(b)) {
    const answer = callSpecial(a, SPECIAL[operator], b) ?? callSpecial(b, SPECIAL[MIRRORED[operator]], a);
    if (typeof answer === 'boolean') return answer;
  }
  refuseUndefined(a);
  refuseUndefined(b);
  return fail(
    'TypeError',
    `'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
  );
}

function decide(operator: Operator, a: number | bigint, b: number | bigint): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

/** For sets the operators mean "is a (proper) subset or superset of". */
function orderedSets(operator: Operator, a: PySet, b: PySet): boolean {
  const subset = (x: PySet, y: PySet) => [...x].every((item) => y.has(item));
  switch (operator) {
    case '<':
      return a.size < b.size && subset(a, b);
    case '<=':
      return subset(a, b);
    case '>':
      return b.size < a.size && subset(b, a);
    default:
      return subset(b, a);
  }
}

/** Python compares code points, JavaScript UTF-16 units: they differ only above the basic plane. */
function codePointOrder(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    const [high, other] = [isSurrogate(x), isSurrogate(y)];
    return high === other ? x - y : high ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** Sorts in place the way Python does (stable, by `<` only); `reverse` keeps equal items in order. */
export function sortBy<T>(items: T[], key: (item: T) => unknown, reverse = false): T[] {
  const keyed = items.map((item) => ({ key: key(item), item }));
  if (keyed.length > 1) {
    keyed.sort((a, b) => (reverse ? rank(b.key, a.key) : rank(a.key, b.key)));
  }
  keyed.forEach((entry, i) => {
    items[i] = entry.item;
  });
  return items;
}

function rank(a: unknown, b: unknown): number {
  if (ordered('<', a, b)) return -1;
  return ordered('<', b, a) ? 1 : 0;
}

/** The argument `reverse` of a sort: Python takes integers and booleans only. */
export function reverseFlag(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (isInteger(value)) return Number(value) !== 0;
  refuseUndefined(value);
  return fail('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
}
