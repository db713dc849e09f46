/** Rounding and digits of floats by their exact binary value, ties to even, as C's printf and Python do. */

/** `%.{digits}f` of a finite or infinite number, without sign handling of its own beyond a leading `-`. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const scaled = scaleRounded(Math.abs(value), digits);
  if (digits <= 0) return sign + scaled.toString();
  const text = scaled.toString().padStart(digits + 1, '0');
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `round(value, digits)`. */
export function roundTo(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 323) return value;
  if (digits >= 0) return Number(fixed(value, digits));
  const unit = 10n ** BigInt(-digits);
  const [numerator, denominator] = fraction(Math.abs(value));
  const rounded = Number(divideEven(numerator, denominator * unit) * unit);
  return value < 0 || Object.is(value, -0) ? -rounded : rounded;
}

/** `round(value, digits)` of an integer. */
export function roundInteger(value: bigint, digits: number): bigint {
  if (digits >= 0) return value;
  const unit = 10n ** BigInt(-digits);
  const rounded = divideEven(value < 0n ? -value : value, unit) * unit;
  return value < 0n ? -rounded : rounded;
}

/** The integer nearest to `value * 10 ** digits`, ties to even, computed exactly. */
function scaleRounded(value: number, digits: number): bigint {
  const [numerator, denominator] = fraction(value);
  return divideEven(numerator * 10n ** BigInt(Math.max(0, digits)), denominator);
}

/** A finite non-negative double as an exact fraction. */
function fraction(value: number): [bigint, bigint] {
  if (Number.isSafeInteger(value)) return [BigInt(value), 1n];
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n);
  const exponent = (biased === 0 ? 1 : biased) - 1075;
  return exponent >= 0 ? [mantissa << BigInt(exponent), 1n] : [mantissa, 1n << BigInt(-exponent)];
}

function divideEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}

/** `%.{digits}e`: one digit before the dot, at least two in the exponent. `value` is not negative. */
export function exponential(value: number, digits: number): string {
  if (!Number.isFinite(value)) return fixed(value, 0);
  if (value === 0) return `${digits > 0 ? `0.${'0'.repeat(digits)}` : '0'}e+00`;
  let exponent = Math.floor(Math.log10(value));
  let text = '';
  // log10 may be one off at powers of ten, and rounding may carry into another digit
  for (exponent -= 1; ; exponent++) {
    text = significant(value, digits - exponent).toString();
    if (text.length <= digits + 1) break;
  }
  const mantissa = digits > 0 ? `${text[0]}.${text.slice(1)}` : text;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** `value * 10 ** shift` rounded to an integer; `shift` may be negative. */
function significant(value: number, shift: number): bigint {
  const [numerator, denominator] = fraction(value);
  if (shift >= 0) return divideEven(numerator * 10n ** BigInt(shift), denominator);
  return divideEven(numerator, denominator * 10n ** BigInt(-shift));
}

/** `%.{precision}g` of a value that is not negative; `keepZeros` is the flag `#`. */
export function general(value: number, precision: number, keepZeros: boolean): string {
  if (!Number.isFinite(value)) return fixed(value, 0);
  const digits = precision === 0 ? 1 : precision;
  const [mantissa, exponentText] = exponential(value, digits - 1).split('e') as [string, string];
  const exponent = Number(exponentText);
  const trim = (text: string) =>
    keepZeros || !text.includes('.') ? text : text.replace(/0+$/, '').replace(/\.$/, '');
  if (exponent < -4 || exponent >= digits) return `${trim(mantissa)}e${exponentText}`;
  return trim(fixed(value, Math.max(0, digits - 1 - exponent)));
}
