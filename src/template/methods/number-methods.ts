/** The few methods of Python's int and float that templates meet. */
import { asFloat } from '../values/float.ts';
import { isFloat, type Numeric, numeric } from '../values/types.ts';
import { type Callable, positional } from './arguments.ts';

const whole: Callable = positional('is_integer', 0, 0, (self) =>
  Number.isInteger(Number(numeric(self as Numeric))),
);

export const floatMethods: Readonly<Record<string, Callable>> = {
  __proto__: null as never,
  is_integer: whole,
  conjugate: positional('conjugate', 0, 0, (self) => self),
};

export const intMethods: Readonly<Record<string, Callable>> = {
  __proto__: null as never,
  bit_length: positional('bit_length', 0, 0, (self) => {
    const value = BigInt(numeric(self as Numeric));
    return value === 0n ? 0 : (value < 0n ? -value : value).toString(2).length;
  }),
  bit_count: positional('bit_count', 0, 0, (self) => {
    const value = BigInt(numeric(self as Numeric));
    return (value < 0n ? -value : value).toString(2).replaceAll('0', '').length;
  }),
  conjugate: positional('conjugate', 0, 0, (self) => numeric(self as Numeric)),
};

/** Data attributes of numbers: `real`, `imag`, `numerator`, `denominator`. */
export function numberAttribute(value: Numeric, name: string): unknown {
  const float = isFloat(value);
  switch (name) {
    case 'real':
      return float ? value : numeric(value);
    case 'imag':
      return float ? asFloat(0) : 0;
    case 'numerator':
      return float ? undefined : numeric(value);
    case 'denominator':
      return float ? undefined : 1;
    default:
      return undefined;
  }
}
