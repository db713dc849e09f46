/** `format(value, spec)`: Python's format specification language for strings and numbers. */
import { fail } from '../values/failure.ts';
import { formatFloat } from '../values/float.ts';
import { callSpecial, isHost } from '../values/host.ts';
import { textLength } from '../values/iteration.ts';
import { stringOf } from '../values/markup.ts';
import { toText } from '../values/text.ts';
import { isFloat, isNumber, type Numeric, numeric, typeName } from '../values/types.ts';
import { exponential, fixed, general } from './rounding.ts';

const SPEC = /^(?:([\s\S])?([<>=^]))?([ +-])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u;

interface Spec {
  fill: string | undefined;
  align: string | undefined;
  sign: string | undefined;
  positiveZero: boolean;
  alternate: boolean;
  zero: boolean;
  width: number;
  grouping: string | undefined;
  precision: number | undefined;
  type: string | undefined;
}

/** Text of `value` for one replacement field. Raises ValueError and TypeError as Python. */
export function formatValue(value: unknown, spec: string): string {
  if (spec === '') return toText(value);
  if (isHost(value)) {
    const special = callSpecial(value, '__format__', spec);
    if (typeof special === 'string') return special;
  }
  const text = stringOf(value);
  if (text === undefined && !isNumber(value)) {
    fail('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`);
  }
  const parsed = parseSpec(spec, value);
  return text === undefined ? formatNumber(value as Numeric, parsed) : formatText(text, parsed);
}

function parseSpec(spec: string, value: unknown): Spec {
  const match = SPEC.exec(spec);
  if (match === null) {
    return fail('ValueError', `Invalid format specifier '${spec}' for object of type '${typeName(value)}'`);
  }
  const [, fill, align, sign, positiveZero, alternate, zero, width, grouping, precision, type] = match;
  return {
    fill,
    align,
    sign,
    positiveZero: positiveZero !== undefined,
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

function formatText(text: string, spec: Spec): string {
  if (spec.type !== undefined && spec.type !== 's') unknownCode(spec.type, 'str');
  if (spec.sign !== undefined) fail('ValueError', 'Sign not allowed in string format specifier');
  if (spec.positiveZero)
    fail('ValueError', 'Negative zero coercion (z) not allowed in format specifier with string');
  if (spec.alternate) fail('ValueError', 'Alternate form (#) not allowed in string format specifier');
  if (spec.align === '=') fail('ValueError', "'=' alignment not allowed in string format specifier");
  if (spec.grouping !== undefined) fail('ValueError', `Cannot specify '${spec.grouping}' with 's'.`);
  const cut = spec.precision === undefined ? text : [...text].slice(0, spec.precision).join('');
  return pad(cut, spec.width, spec.align ?? '<', spec.fill ?? (spec.zero ? '0' : ' '));
}

function formatNumber(value: Numeric, spec: Spec): string {
  const { type } = spec;
  if (type === 's') return unknownCode('s', typeName(value));
  const asInteger = type === undefined || type === 'n' ? !isFloat(value) : 'bcdoxX'.includes(type);
  if (asInteger && isFloat(value)) return unknownCode(type!, 'float');
  const number = numeric(value);
  const negative = number < 0 || Object.is(number, -0);
  if (spec.positiveZero && asInteger) {
    fail('ValueError', 'Negative zero coercion (z) not allowed in format specifier with integer');
  }
  const digits = asInteger ? integerDigits(number, spec) : floatDigits(Math.abs(Number(number)), spec);
  const isZero = spec.positiveZero && !/[1-9]/.test(digits.body.split(/[eE]/)[0]!);
  const sign = negative && !isZero ? '-' : spec.sign === '+' ? '+' : spec.sign === ' ' ? ' ' : '';
  return place(sign, digits, spec);
}

interface Digits {
  prefix: string;
  body: string;
}

function integerDigits(value: number | bigint, spec: Spec): Digits {
  if (spec.precision !== undefined) fail('ValueError', 'Precision not allowed in integer format specifier');
  const magnitude = BigInt(value) < 0n ? -BigInt(value) : BigInt(value);
  switch (spec.type) {
    case 'c':
      return { prefix: '', body: String.fromCodePoint(Number(magnitude)) };
    case 'b':
      return { prefix: spec.alternate ? '0b' : '', body: magnitude.toString(2) };
    case 'o':
      return { prefix: spec.alternate ? '0o' : '', body: magnitude.toString(8) };
    case 'x':
      return { prefix: spec.alternate ? '0x' : '', body: magnitude.toString(16) };
    case 'X':
      return { prefix: spec.alternate ? '0X' : '', body: magnitude.toString(16).toUpperCase() };
    default:
      return { prefix: '', body: magnitude.toString() };
  }
}

function floatDigits(value: number, spec: Spec): Digits {
  const precision = spec.precision ?? 6;
  const body = (() => {
    switch (spec.type) {
      case 'e':
        return exponential(value, precision);
      case 'E':
        return exponential(value, precision).toUpperCase();
      case 'f':
        return fixed(value, precision);
      case 'F':
        return fixed(value, precision).toUpperCase();
      case '%':
        return `${fixed(value * 100, precision)}%`;
      case 'g':
      case 'n':
        return general(value, precision, spec.alternate);
      case 'G':
        return general(value, precision, spec.alternate).toUpperCase();
      default:
        return plainFloat(value, spec);
    }
  })();
  return { prefix: '', body };
}

/** Without a type: like `g`, but with `.0` for integral values, and `repr` when no precision is given. */
function plainFloat(value: number, spec: Spec): string {
  if (spec.precision === undefined) return formatFloat(value);
  if (!Number.isFinite(value)) return formatFloat(value);
  const precision = Math.max(1, spec.precision);
  const [mantissa, exponent] = exponential(value, precision - 1).split('e') as [string, string];
  if (Number(exponent) < -4 || Number(exponent) >= precision - 1) {
    const trimmed = mantissa.includes('.') ? mantissa.replace(/0+$/, '').replace(/\.$/, '') : mantissa;
    return `${trimmed}e${exponent}`;
  }
  const text = general(value, precision, spec.alternate);
  return text.includes('.') ? text : `${text}.0`;
}

function place(sign: string, digits: Digits, spec: Spec): string {
  const align = spec.align ?? (spec.zero ? '=' : '>');
  const fill = spec.fill ?? (spec.zero ? '0' : ' ');
  const head = sign + digits.prefix;
  const zeroPadded = align === '=' && fill === '0' && spec.align === undefined;
  if (spec.grouping !== undefined) {
    const body = grouped(digits.body, spec, zeroPadded ? spec.width - head.length : 0);
    return align === '='
      ? head + pad(body, spec.width - head.length, '>', fill)
      : pad(head + body, spec.width, align, fill);
  }
  if (align === '=') return head + pad(digits.body, spec.width - head.length, '>', fill);
  return pad(head + digits.body, spec.width, align, fill);
}

/** Thousands separators (every four digits for binary, octal and hexadecimal); zero padding is grouped too. */
function grouped(body: string, spec: Spec, width: number): string {
  const size = 'boxX'.includes(spec.type ?? '-') ? 4 : 3;
  if (size === 4 && spec.grouping === ',') fail('ValueError', `Cannot specify ',' with '${spec.type}'.`);
  const whole = /^[0-9a-fA-F]+?(?=[.e%]|$)/.exec(body)?.[0] ?? '';
  if (whole === '' || !/^\d/.test(body)) return body;
  const rest = body.slice(whole.length);
  let padded = whole;
  let text = separate(padded, size, spec.grouping!);
  while (text.length + rest.length < width) {
    padded = `0${padded}`;
    text = separate(padded, size, spec.grouping!);
  }
  return text + rest;
}

function separate(digits: string, size: number, separator: string): string {
  const parts: string[] = [];
  for (let end = digits.length; end > 0; end -= size)
    parts.unshift(digits.slice(Math.max(0, end - size), end));
  return parts.join(separator);
}

function unknownCode(code: string, type: string): never {
  return fail('ValueError', `Unknown format code '${code}' for object of type '${type}'`);
}

/** Pads to a width in characters. `align` is `<`, `>` or `^`. */
export function pad(text: string, width: number, align: string, fill: string): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  if (align === '<') return text + fill.repeat(missing);
  if (align === '^') {
    const left = Math.floor(missing / 2);
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }
  return fill.repeat(missing) + text;
}
