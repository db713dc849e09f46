/** Float operations where JavaScript's answer differs from C's, which Python gives: all exactly rounded. */

/** A finite double as `mantissa * 2 ** exponent`. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  return { mantissa: value < 0 ? -mantissa : mantissa, exponent: (biased === 0 ? 1 : biased) - 1075 };
}

/** `numerator / denominator` of integers of any size, rounded once. The denominator is not zero. */
export function ratio(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return denominator < 0n ? -0 : 0;
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  // 66 bits of quotient: more than a double keeps, and the rest decides ties through the lowest bit
  const shift = 66 - (bitLength(n) - bitLength(d));
  const [top, bottom] = shift >= 0 ? [n << BigInt(shift), d] : [n, d << BigInt(-shift)];
  const quotient = top / bottom;
  const sticky = top % bottom === 0n ? quotient : quotient | 1n;
  const magnitude = scale(sticky, -shift);
  return negative ? -magnitude : magnitude;
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

/** `value * 2 ** exponent` without an intermediate overflow or underflow. */
function scale(value: bigint, exponent: number): number {
  const number = Number(value);
  const half = Math.trunc(exponent / 2);
  return number * 2 ** half * 2 ** (exponent - half);
}

/** `x // y` of floats, by way of the remainder: `1.0 // 0.1` is 9.0. The divisor is not zero. */
export function floorQuotient(x: number, y: number): number {
  let remainder = x % y;
  let quotient = (x - remainder) / y;
  if (remainder !== 0 && remainder < 0 !== y < 0) {
    remainder += y;
    quotient -= 1;
  }
  if (quotient === 0) return Object.is(x / y, -0) || x / y < 0 ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** `x ** y`: JavaScript's own power may be off by one in the last digit. */
export function floatPower(x: number, y: number): number {
  if (y === 0.5 && x > 0) return Math.sqrt(x);
  const isSmall = Number.isInteger(y) && Math.abs(y) <= 64;
  if (!isSmall || !Number.isFinite(x) || x === 0) return x ** y;
  const { mantissa, exponent } = parts(x);
  const times = BigInt(Math.abs(y));
  const power = mantissa ** times;
  const shift = exponent * Math.abs(y);
  const [top, bottom] = shift >= 0 ? [power << BigInt(shift), 1n] : [power, 1n << BigInt(-shift)];
  return y >= 0 ? ratio(top, bottom) : ratio(bottom, top);
}
