/** Every test (`value is name`) of Jinja2 3.1. */

import { HOST_ITEM, HOST_MAPPING } from '../contract.ts';
import { positional } from '../methods/arguments.ts';
import { allCase } from '../methods/letters.ts';
import { modulo } from '../values/arithmetic.ts';
import { DictView, Lazy, PySet } from '../values/collections.ts';
import { Dict, hashKey } from '../values/dict.ts';
import { equals } from '../values/equality.ts';
import { hostLength, isCallable, isHost, isPlainObject } from '../values/host.ts';
import { contains, isIterable } from '../values/iteration.ts';
import { Markup, stringOf } from '../values/markup.ts';
import { ordered } from '../values/order.ts';
import { toText } from '../values/text.ts';
import { isFloat, isInteger, isNumber, numeric } from '../values/types.ts';
import { isUndefined, Undefined } from '../values/undefined.ts';
import type { Filter, FilterEnvironment } from './filter.ts';

function unary(name: string, test: (value: unknown) => boolean): Filter {
  const checked = positional(name, 0, 0, test);
  return (_, value, ...args) => checked(value, ...args);
}

function binary(name: string, test: (value: unknown, other: unknown) => boolean): Filter {
  const checked = positional(name, 1, 1, test as (value: unknown, ...args: unknown[]) => boolean);
  return (_, value, ...args) => checked(value, ...args);
}

/** `is`: the same object; numbers of one type are taken for the same object when equal. */
function sameObject(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return (
    isNumber(a) &&
    isNumber(b) &&
    typeof a === typeof b &&
    isFloat(a) === isFloat(b) &&
    numeric(a) === numeric(b)
  );
}

function isSequence(value: unknown): boolean {
  if (value instanceof DictView || value instanceof PySet || value instanceof Lazy) return false;
  if (isHost(value)) return value[HOST_ITEM] !== undefined && hostLength(value) !== undefined;
  return isIterable(value);
}

/** Whether a filter or test of that name exists. */
function known(name: string, has: (env: FilterEnvironment, name: string) => boolean): Filter {
  const checked = positional(name, 0, 0, (value) => value);
  return (env, value, ...args) => {
    hashKey(checked(value, ...args));
    return has(env, toText(value));
  };
}

const equal = binary('eq', equals);
const different = binary('ne', (a, b) => !equals(a, b));
const less = binary('lt', (a, b) => ordered('<', a, b));
const lessOrEqual = binary('le', (a, b) => ordered('<=', a, b));
const greater = binary('gt', (a, b) => ordered('>', a, b));
const greaterOrEqual = binary('ge', (a, b) => ordered('>=', a, b));

export const allTests: Readonly<Record<string, Filter>> = {
  '!=': different,
  '<': less,
  '<=': lessOrEqual,
  '==': equal,
  '>': greater,
  '>=': greaterOrEqual,
  boolean: unary('boolean', (value) => typeof value === 'boolean'),
  // Python: the class Undefined has a __call__, it only raises
  callable: unary('callable', (value) => isCallable(value) || value instanceof Undefined),
  defined: unary('defined', (value) => !isUndefined(value)),
  divisibleby: binary('divisibleby', (value, by) => equals(modulo(value, by), 0)),
  eq: equal,
  equalto: equal,
  escaped: unary('escaped', (value) => value instanceof Markup),
  even: unary('even', (value) => equals(modulo(value, 2), 0)),
  false: unary('false', (value) => value === false),
  filter: known('filter', (env, name) => env.hasFilter(name)),
  float: unary('float', isFloat),
  ge: greaterOrEqual,
  greaterthan: greater,
  gt: greater,
  in: binary('in', contains),
  integer: unary('integer', isInteger),
  iterable: unary('iterable', isIterable),
  le: lessOrEqual,
  lessthan: less,
  lower: unary('lower', (value) => allCase(toText(value), false)),
  lt: less,
  mapping: unary('mapping', isMapping),
  ne: different,
  none: unary('none', (value) => value === null),
  number: unary('number', isNumber),
  odd: unary('odd', (value) => equals(modulo(value, 2), 1)),
  sameas: binary('sameas', sameObject),
  sequence: unary('sequence', isSequence),
  string: unary('string', (value) => stringOf(value) !== undefined),
  test: known('test', (env, name) => env.hasTest(name)),
  true: unary('true', (value) => value === true),
  undefined: unary('undefined', isUndefined),
  upper: unary('upper', (value) => allCase(toText(value), true)),
};

function isMapping(value: unknown): boolean {
  return value instanceof Dict || (isHost(value) ? value[HOST_MAPPING] === true : isPlainObject(value));
}
