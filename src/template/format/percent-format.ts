import { Dict } from '../values/dict.ts';
import { fail } from '../values/failure.ts';
import { PyFloat } from '../values/float.ts';
import { isHost, isPlainObject } from '../values/host.ts';
import { Markup } from '../values/markup.ts';
import { repr, toText } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { isInteger, isNumber, numeric, typeName } from '../values/types.ts';
import { isUndefined, refuseUndefined, Undefined } from '../values/undefined.ts';
import { formatValue, pad } from './format-spec.ts';

/** One conversion: `%(key)-08.3f`. Length modifiers are read and ignored, as Python does. */
const CONVERSION =
  /%(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S])?/g;

/**
 * `format % argument`: a tuple gives one value per conversion, a dict is asked by `%(name)s`, anything else is
 * the only value. Raises TypeError and ValueError as Python. `escapeText` is applied to what `%s` inserts (Markup).
 */
export function percentFormat(
  format: string,
  argument: unknown,
  escapeText?: (text: string) => string,
): string {
  const values = new Values(argument);
  const text = format.replace(
    CONVERSION,
    (_, key?: string, flags = '', width?: string, precision?: string, type?: string) => {
      if (type === undefined) return fail('ValueError', 'incomplete format');
      const wide = width === '*' ? values.star() : Number(width ?? 0);
      const exact =
        precision === '*' ? values.star() : precision === undefined ? undefined : Number(precision);
      if (type === '%' && key === undefined) return '%';
      const left = flags.includes('-') || wide < 0;
      const value = type === '%' ? '%' : values.next(key);
      const converted = convert(type, value, flags, exact, escapeText);
      return align(converted, { wide: Math.abs(wide), left, zeros: flags.includes('0') && !left });
    },
  );
  values.finish();
  return text;
}

/** Hands out the values of the right side, one after the other or by key. */
class Values {
  private used = 0;
  private keyed = false;
  private readonly items: readonly unknown[];

  constructor(private readonly argument: unknown) {
    this.items = argument instanceof Tuple ? argument : [argument];
  }

  next(key: string | undefined): unknown {
    if (key !== undefined) return this.byKey(key);
    const value = this.items[this.used];
    if (this.used >= this.items.length) fail('TypeError', 'not enough arguments for format string');
    this.used += 1;
    return value;
  }

  star(): number {
    const value = this.next(undefined);
    return isInteger(value) || typeof value === 'boolean' ? Number(value) : fail('TypeError', '* wants int');
  }

  finish(): void {
    if (this.used >= this.items.length || this.keyed || this.isMapping()) return;
    fail('TypeError', 'not all arguments converted during string formatting');
  }

  private byKey(key: string): unknown {
    const { argument } = this;
    this.keyed = true;
    if (argument instanceof Dict && argument.has(key)) return argument.get(key);
    if (isPlainObject(argument) && Object.hasOwn(argument, key)) return argument[key];
    if (argument instanceof Undefined) argument.fail();
    if (!this.isMapping()) fail('TypeError', 'format requires a mapping');
    return fail('KeyError', repr(key));
  }

  /** Python takes everything that can be indexed, except strings and tuples, for a mapping here. */
  private isMapping(): boolean {
    const { argument } = this;
    if (argument instanceof Tuple) return false;
    if (Array.isArray(argument) || argument instanceof Dict) return true;
    return isPlainObject(argument) || isHost(argument) || argument instanceof Undefined;
  }
}

interface Converted {
  text: string;
  numeric: boolean;
}

function convert(
  type: string,
  value: unknown,
  flags: string,
  precision: number | undefined,
  escapeText: ((text: string) => string) | undefined,
): Converted {
  const cut = (text: string) => (precision === undefined ? text : [...text].slice(0, precision).join(''));
  const safe = (text: string) =>
    escapeText === undefined || value instanceof Markup ? text : escapeText(text);
  switch (type) {
    case '%':
      return { text: '%', numeric: false };
    case 's':
      return { text: cut(safe(toText(value))), numeric: false };
    case 'r':
    case 'a':
      return { text: cut(safe(type === 'a' ? asciiOnly(repr(value)) : repr(value))), numeric: false };
    case 'd':
    case 'i':
    case 'u':
      return signed(wholeDigits(type, value, precision), flags);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return signed(floatDigits(type, value, flags, precision), flags);
    case 'x':
    case 'X':
    case 'o':
      return signed(baseDigits(type, value, flags, precision), flags);
    case 'c':
      return { text: character(value), numeric: false };
    default:
      return fail(
        'ValueError',
        `unsupported format character '${type}' (0x${type.charCodeAt(0).toString(16)})`,
      );
  }
}

function wholeDigits(type: string, value: unknown, precision: number | undefined): string {
  if (!isNumber(value)) {
    if (isUndefined(value)) refuseUndefined(value);
    return fail('TypeError', `%${type} format: a real number is required, not ${typeName(value)}`);
  }
  const number = numeric(value);
  if (typeof number === 'number' && !Number.isFinite(number)) {
    fail(
      Number.isNaN(number) ? 'ValueError' : 'OverflowError',
      `cannot convert float ${Number.isNaN(number) ? 'NaN' : 'infinity'} to integer`,
    );
  }
  const whole = typeof number === 'bigint' ? number : BigInt(Math.trunc(number));
  return zeroFill(whole.toString(), precision);
}

function floatDigits(type: string, value: unknown, flags: string, precision: number | undefined): string {
  if (!isNumber(value)) {
    if (isUndefined(value)) refuseUndefined(value);
    return fail('TypeError', `must be real number, not ${typeName(value)}`);
  }
  const spec = `${flags.includes('#') ? '#' : ''}${precision === undefined ? '' : `.${precision}`}${type}`;
  return formatValue(new PyFloat(Number(numeric(value))), spec);
}

function baseDigits(type: string, value: unknown, flags: string, precision: number | undefined): string {
  if (!isInteger(value) && typeof value !== 'boolean') {
    return fail('TypeError', `%${type} format: an integer is required, not ${typeName(value)}`);
  }
  const number = numeric(value);
  const digits = zeroFill(formatValue(number, type), precision);
  if (!flags.includes('#')) return digits;
  return digits.replace(/^-?/, (sign) => `${sign}0${type}`);
}

function zeroFill(digits: string, precision: number | undefined): string {
  if (precision === undefined) return digits;
  return digits.startsWith('-')
    ? `-${digits.slice(1).padStart(precision, '0')}`
    : digits.padStart(precision, '0');
}

function signed(text: string, flags: string): Converted {
  if (text.startsWith('-')) return { text, numeric: true };
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return { text: sign + text, numeric: true };
}

function character(value: unknown): string {
  if (typeof value === 'string' && [...value].length === 1) return value;
  if (isInteger(value)) {
    if (value < 0 || value > 0x10ffff) fail('OverflowError', '%c arg not in range(0x110000)');
    return String.fromCodePoint(Number(value));
  }
  return fail('TypeError', '%c requires int or char');
}

function align(value: Converted, to: { wide: number; left: boolean; zeros: boolean }): string {
  const { text } = value;
  if (to.left) return pad(text, to.wide, '<', ' ');
  if (!to.zeros || !value.numeric) return pad(text, to.wide, '>', ' ');
  const prefix = /^[+\- ]?(?:0[xXo])?/.exec(text)![0];
  return prefix + text.slice(prefix.length).padStart(to.wide - prefix.length, '0');
}

/** Everything beyond ASCII as an escape, as `ascii()` writes it. */
export function asciiOnly(text: string): string {
  return text.replace(/[^\u0000-\u007f]/gu, (char) => {
    const code = char.codePointAt(0)!;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\U${code.toString(16).padStart(8, '0')}`;
  });
}
