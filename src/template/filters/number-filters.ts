/** Filters on numbers: abs, filesizeformat, float, int, round, sum. */
import { fixed, roundInteger, roundTo } from '../format/rounding.ts';
import { strip } from '../methods/whitespace.ts';
import { add, divide, multiply, narrow, power } from '../values/arithmetic.ts';
import { fail } from '../values/failure.ts';
import { asFloat, PyFloat } from '../values/float.ts';
import { callSpecial } from '../values/host.ts';
import { iterate } from '../values/iteration.ts';
import { stringOf } from '../values/markup.ts';
import { toText } from '../values/text.ts';
import { isTruthy } from '../values/truth.ts';
import { isFloat, isInteger, isNumber, type Numeric, numeric, typeName } from '../values/types.ts';
import { refuseUndefined } from '../values/undefined.ts';
import { attributeGetter } from './attribute-path.ts';
import { type Filter, filter, simple } from './filter.ts';

/** `int(text, base)`; undefined where Python raises ValueError. */
export function parseInteger(text: string, base: number): number | bigint | undefined {
  const match = /^([+-]?)(?:0([xXoObB]))?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)$/.exec(
    strip(text).replace(/^([+-]?0[xXoObB])_/, '$1'),
  );
  if (match === null) return undefined;
  const [, sign, prefix, digits] = match as unknown as [string, string, string | undefined, string];
  const prefixBase = prefix && { x: 16, o: 8, b: 2 }[prefix.toLowerCase()];
  let radix = base;
  let body = digits.replaceAll('_', '').toLowerCase();
  if (base === 0) radix = prefixBase || 10;
  // a prefix that does not belong to the base is digits: int('0b1', 16)
  else if (prefixBase && prefixBase !== base) body = `0${prefix.toLowerCase()}${body}`;
  let value = 0n;
  for (const char of body) {
    const digit = Number.parseInt(char, 36);
    if (!(digit < radix)) return undefined;
    value = value * BigInt(radix) + BigInt(digit);
  }
  return narrow(sign === '-' ? -value : value);
}

/** `float(value)`; undefined where Python raises ValueError or TypeError. */
export function parseFloatValue(value: unknown): number | undefined {
  if (isNumber(value)) return Number(numeric(value));
  const text = stringOf(value);
  if (text !== undefined) return parseFloatText(text);
  refuseUndefined(value);
  const special = callSpecial(value, '__float__');
  return isNumber(special) ? Number(numeric(special)) : undefined;
}

function parseFloatText(text: string): number | undefined {
  const bare = strip(text);
  if (/^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/.test(bare)) {
    return Number(bare.replaceAll('_', ''));
  }
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(bare);
  if (special === null) return undefined;
  if (special[2]!.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? -Infinity : Infinity;
}

function truncate(value: number): number | bigint | undefined {
  return Number.isFinite(value) ? narrow(BigInt(Math.trunc(value))) : undefined;
}

const toInteger = filter('int', ['default', 'base'], 0, (_, value, otherwise = 0, base = 10) => {
  const text = stringOf(value);
  if (text !== undefined) {
    const whole = parseInteger(text, isNumber(base) ? Number(numeric(base)) : 10);
    if (whole !== undefined) return whole;
  } else if (isNumber(value)) {
    const number = numeric(value);
    if (number === Infinity || number === -Infinity) {
      return fail('OverflowError', 'cannot convert float infinity to integer');
    }
    return typeof number === 'bigint' ? number : (truncate(number) ?? otherwise);
  } else {
    refuseUndefined(value);
    const special = callSpecial(value, '__int__');
    if (isInteger(special)) return special;
  }
  // Jinja: "42.23"|int is 42
  const float = parseFloatValue(value);
  return (float === undefined ? undefined : truncate(float)) ?? otherwise;
});

const toFloat = filter('float', ['default'], 0, (_, value, otherwise = new PyFloat(0)) => {
  const float = parseFloatValue(value);
  return float === undefined ? otherwise : asFloat(float);
});

const absolute = simple('abs', (value) => {
  if (isNumber(value)) {
    const number = numeric(value);
    if (isFloat(value)) return asFloat(Math.abs(Number(number)));
    return number < 0 ? -number : number;
  }
  refuseUndefined(value);
  return (
    callSpecial(value, '__abs__') ?? fail('TypeError', `bad operand type for abs(): '${typeName(value)}'`)
  );
});

const round = filter('round', ['precision', 'method'], 0, (_, value, precision = 0, method = 'common') => {
  if (method !== 'common' && method !== 'ceil' && method !== 'floor') {
    fail('FilterArgumentError', 'method must be common, ceil or floor');
  }
  if (method !== 'common') {
    const unit = power(10, precision);
    const scaled = multiply(value, unit);
    if (!isNumber(scaled)) fail('TypeError', `must be real number, not ${typeName(value)}`);
    const number = numeric(scaled as Numeric);
    if (!isFloat(scaled)) return divide(number, unit);
    const whole = method === 'ceil' ? Math.ceil(Number(number)) : Math.floor(Number(number));
    if (!Number.isFinite(whole)) fail('OverflowError', `cannot convert float ${toText(scaled)} to integer`);
    return divide(narrow(BigInt(whole)), unit);
  }
  if (!isNumber(value)) {
    refuseUndefined(value);
    const special = callSpecial(value, '__round__', precision);
    return special ?? fail('TypeError', `type ${typeName(value)} doesn't define __round__ method`);
  }
  if (!isInteger(precision) && typeof precision !== 'boolean') {
    if (precision === null)
      return isFloat(value) ? narrow(BigInt(roundTo(Number(numeric(value)), 0))) : numeric(value);
    fail('TypeError', `'${typeName(precision)}' object cannot be interpreted as an integer`);
  }
  const digits = Number(numeric(precision as number));
  if (isFloat(value)) return asFloat(roundTo(Number(numeric(value)), digits));
  return narrow(roundInteger(BigInt(numeric(value)), digits));
});

const sum = filter('sum', ['attribute', 'start'], 0, (env, value, attribute = null, start = 0) => {
  if (stringOf(start) !== undefined) fail('TypeError', "sum() can't sum strings [use ''.join(seq) instead]");
  const read = attributeGetter(env, attribute);
  let total = start;
  for (const item of iterate(value)) total = add(total, read(item));
  return total;
});

const UNITS = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

const fileSize = filter('filesizeformat', ['binary'], 0, (_, value, binary = false) => {
  const bytes = parseFloatValue(value);
  if (bytes === undefined) return fail('ValueError', 'could not convert the value to float');
  const base = isTruthy(binary) ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  let power = 0;
  while (power < UNITS.length - 1 && !(bytes < base ** (power + 2))) power += 1;
  const unit = isTruthy(binary) ? `${UNITS[power]!.toUpperCase()}iB` : `${UNITS[power]}B`;
  return `${fixed((base * bytes) / base ** (power + 2), 1)} ${unit}`;
});

export const numberFilters: Readonly<Record<string, Filter>> = {
  abs: absolute,
  filesizeformat: fileSize,
  float: toFloat,
  int: toInteger,
  round,
  sum,
};
