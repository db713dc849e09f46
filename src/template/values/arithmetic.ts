/** `+ - * / // % **` and unary signs, with Python's integers, floats, sequences and errors. */
import { percentFormat } from '../format/percent-format.ts';
import { DictView, PySet } from './collections.ts';
import { fail } from './failure.ts';
import { asFloat, PyFloat } from './float.ts';
import { floatPower, floorQuotient, ratio } from './float-arithmetic.ts';
import { callSpecial, isHost } from './host.ts';
import { isIterable, iterate } from './iteration.ts';
import { escapeHtml, Markup, stringOf } from './markup.ts';
import { toText } from './text.ts';
import { Tuple, tupleOf } from './tuple.ts';
import { isFloat, isInteger, isNumber, type Numeric, numeric, typeName } from './types.ts';
import { refuseUndefined } from './undefined.ts';

/** Longest string or list `*` may build: the sandbox must not let a template exhaust memory. */
const MAX_REPEAT = 100_000_000;

export function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isNumber(a) && isNumber(b)) {
    return integerOrFloat(
      a,
      b,
      (x, y) => x + y,
      (x, y) => x + y,
    );
  }
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    return a instanceof Tuple ? tupleOf([...a, ...b]) : [...a, ...b];
  }
  if (a instanceof Markup || b instanceof Markup) {
    const marked = addMarkup(a, b);
    if (marked !== undefined) return marked;
  }
  const special = fromHosts('add', a, b);
  if (special !== undefined) return special;
  if (typeof a === 'string') {
    refuseUndefined(b);
    return fail('TypeError', `can only concatenate str (not "${typeName(b)}") to str`);
  }
  if (Array.isArray(a)) {
    refuseUndefined(b);
    return fail('TypeError', `can only concatenate ${typeName(a)} (not "${typeName(b)}") to ${typeName(a)}`);
  }
  return unsupported('+', a, b);
}

/** Text added to Markup is escaped; the sum is Markup. */
function addMarkup(a: unknown, b: unknown): Markup | undefined {
  const [left, right] = [stringOf(a), stringOf(b)];
  if (left === undefined || right === undefined) return undefined;
  const safe = (value: unknown, text: string) => (value instanceof Markup ? text : escapeHtml(text));
  return new Markup(safe(a, left) + safe(b, right));
}

export function subtract(a: unknown, b: unknown): unknown {
  if (isNumber(a) && isNumber(b)) {
    return integerOrFloat(
      a,
      b,
      (x, y) => x - y,
      (x, y) => x - y,
    );
  }
  // a view of a dict takes any iterable from itself, a set only sets
  if (isSetLike(a) && (isSetLike(b) || (a instanceof DictView && isIterable(b)))) {
    const other = new PySet(iterate(b));
    return new PySet([...a].filter((item) => !other.has(item)));
  }
  return fromHosts('sub', a, b) ?? unsupported('-', a, b);
}

function isSetLike(value: unknown): value is PySet | DictView {
  return value instanceof PySet || (value instanceof DictView && value.kind !== 'dict_values');
}

export function multiply(a: unknown, b: unknown): unknown {
  if (isNumber(a) && isNumber(b)) {
    return integerOrFloat(
      a,
      b,
      (x, y) => x * y,
      (x, y) => x * y,
    );
  }
  if (isCount(b)) {
    const repeated = repeat(a, b);
    if (repeated !== undefined) return repeated;
  }
  if (isCount(a)) {
    const repeated = repeat(b, a);
    if (repeated !== undefined) return repeated;
  }
  const special = fromHosts('mul', a, b);
  if (special !== undefined) return special;
  refuseUndefined(a);
  refuseUndefined(b);
  for (const [sequence, other] of [
    [a, b],
    [b, a],
  ]) {
    if (stringOf(sequence) !== undefined || Array.isArray(sequence)) {
      return fail('TypeError', `can't multiply sequence by non-int of type '${typeName(other)}'`);
    }
  }
  return unsupported('*', a, b);
}

function isCount(value: unknown): value is number | bigint | boolean {
  return isInteger(value) || typeof value === 'boolean';
}

function repeat(sequence: unknown, by: number | bigint | boolean): unknown {
  const text = stringOf(sequence);
  if (text === undefined && !Array.isArray(sequence)) return undefined;
  if (typeof by === 'bigint') fail('OverflowError', "cannot fit 'int' into an index-sized integer");
  const times = Math.max(0, Number(numeric(by)));
  const size = (text ?? (sequence as unknown[])).length * times;
  if (size > MAX_REPEAT) fail('OverflowError', 'the repeated sequence is too long');
  if (text !== undefined)
    return sequence instanceof Markup ? new Markup(text.repeat(times)) : text.repeat(times);
  const items: unknown[] = [];
  for (let i = 0; i < times; i++) for (const item of sequence as unknown[]) items.push(item);
  return sequence instanceof Tuple ? tupleOf(items) : items;
}

export function divide(a: unknown, b: unknown): unknown {
  if (!isNumber(a) || !isNumber(b)) return fromHosts('truediv', a, b) ?? unsupported('/', a, b);
  const divisor = Number(numeric(b));
  if (divisor === 0)
    fail('ZeroDivisionError', isFloat(a) || isFloat(b) ? 'float division by zero' : 'division by zero');
  const [x, y] = [numeric(a), numeric(b)];
  // integers beyond a double's precision are divided exactly
  if (typeof x === 'bigint' || typeof y === 'bigint') {
    if (!isFloat(a) && !isFloat(b)) return asFloat(ratio(BigInt(x), BigInt(y)));
  }
  return asFloat(Number(x) / divisor);
}

export function floorDivide(a: unknown, b: unknown): unknown {
  if (!isNumber(a) || !isNumber(b)) return fromHosts('floordiv', a, b) ?? unsupported('//', a, b);
  const [x, y] = [numeric(a), numeric(b)];
  if (isFloat(a) || isFloat(b)) {
    if (Number(y) === 0) fail('ZeroDivisionError', 'float floor division by zero');
    return asFloat(floorQuotient(Number(x), Number(y)));
  }
  if (Number(y) === 0) fail('ZeroDivisionError', 'integer division or modulo by zero');
  const [p, q] = [BigInt(x), BigInt(y)];
  const quotient = p / q;
  return narrow(p % q !== 0n && p < 0n !== q < 0n ? quotient - 1n : quotient);
}

/** `%`: formatting when the left side is a string, else the remainder with the divisor's sign. */
export function modulo(a: unknown, b: unknown): unknown {
  const format = stringOf(a);
  if (format !== undefined) {
    if (!(a instanceof Markup)) return percentFormat(format, b);
    return new Markup(percentFormat(format, b, escapeHtml));
  }
  if (!isNumber(a) || !isNumber(b)) return fromHosts('mod', a, b) ?? unsupported('%', a, b);
  const [x, y] = [numeric(a), numeric(b)];
  if (isFloat(a) || isFloat(b)) {
    if (Number(y) === 0) fail('ZeroDivisionError', 'float modulo');
    return asFloat(floatRemainder(Number(x), Number(y)));
  }
  if (Number(y) === 0) fail('ZeroDivisionError', 'integer modulo by zero');
  const remainder = BigInt(x) % BigInt(y);
  return narrow(remainder !== 0n && remainder < 0n !== BigInt(y) < 0n ? remainder + BigInt(y) : remainder);
}

function floatRemainder(x: number, y: number): number {
  const remainder = x % y;
  if (remainder !== 0 && remainder < 0 !== y < 0) return remainder + y;
  return remainder === 0 ? (y < 0 ? -0 : 0) : remainder;
}

export function power(a: unknown, b: unknown): unknown {
  if (!isNumber(a) || !isNumber(b)) return fromHosts('pow', a, b) ?? unsupported('** or pow()', a, b);
  const [x, y] = [numeric(a), numeric(b)];
  if (isFloat(a) || isFloat(b) || y < 0) {
    if (Number(x) === 0 && y < 0) fail('ZeroDivisionError', '0.0 cannot be raised to a negative power');
    if (x < 0 && !Number.isInteger(Number(y)) && Number.isFinite(Number(y)) && Number.isFinite(Number(x))) {
      fail('ValueError', 'a negative number cannot be raised to a fractional power');
    }
    const result = floatPower(Number(x), Number(y));
    if (!Number.isFinite(result) && Number.isFinite(Number(x)) && Number.isFinite(Number(y))) {
      fail('OverflowError', "(34, 'Numerical result out of range')");
    }
    return asFloat(result);
  }
  const result = Number(x) ** Number(y);
  if (Number.isSafeInteger(result)) return result;
  // about ten thousand digits: more is a mistake or an attack, and Python would not print it either
  if (Number(y) * Math.log2(Math.abs(Number(x))) > 35_000) fail('OverflowError', 'the power is too large');
  return narrow(BigInt(x) ** BigInt(y));
}

export function negate(a: unknown): unknown {
  if (isNumber(a)) {
    const value = numeric(a);
    if (typeof value === 'bigint') return narrow(-value);
    if (!isFloat(a)) return 0 - value;
    return value === 0 ? new PyFloat(-value) : asFloat(-value);
  }
  return callSpecial(a, '__neg__') ?? badOperand('-', a);
}

export function affirm(a: unknown): unknown {
  if (isNumber(a)) return typeof a === 'boolean' ? numeric(a) : a;
  return callSpecial(a, '__pos__') ?? badOperand('+', a);
}

/** The operator `~`: every part as text. */
export function concatenate(parts: readonly unknown[]): string {
  let text = '';
  for (const part of parts) text += toText(part);
  return text;
}

function integerOrFloat(
  a: Numeric,
  b: Numeric,
  small: (x: number, y: number) => number,
  big: (x: bigint, y: bigint) => bigint,
): unknown {
  const [x, y] = [numeric(a), numeric(b)];
  if (isFloat(a) || isFloat(b)) return asFloat(small(toDouble(x), toDouble(y)));
  if (typeof x === 'number' && typeof y === 'number') {
    // + 0: JavaScript's 0 * -1 is -0
    const result = small(x, y) + 0;
    if (Number.isSafeInteger(result)) return result;
  }
  return narrow(big(BigInt(x), BigInt(y)));
}

/** An integer of any size as a double. */
function toDouble(value: number | bigint): number {
  const double = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(double))
    fail('OverflowError', 'int too large to convert to float');
  return double;
}

/** An integer as a plain number when it fits. */
export function narrow(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** `a.__op__(b)`, then `b.__rop__(a)`; undefined when neither knows the other. */
function fromHosts(operator: string, a: unknown, b: unknown): unknown {
  if (!isHost(a) && !isHost(b)) return undefined;
  return callSpecial(a, `__${operator}__`, b) ?? callSpecial(b, `__r${operator}__`, a);
}

function unsupported(operator: string, a: unknown, b: unknown): never {
  refuseUndefined(a);
  refuseUndefined(b);
  return fail(
    'TypeError',
    `unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`,
  );
}

function badOperand(operator: string, a: unknown): never {
  refuseUndefined(a);
  return fail('TypeError', `bad operand type for unary ${operator}: '${typeName(a)}'`);
}
