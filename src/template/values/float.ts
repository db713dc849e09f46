/**
 * Python's float where JavaScript cannot tell it from an integer: `1.0` and `10 / 2` print with `.0`. Other
 * floats are plain numbers.
 */
export class PyFloat {
  constructor(readonly value: number) {}

  valueOf(): number {
    return this.value;
  }

  toString(): string {
    return formatFloat(this.value);
  }

  toJSON(): number {
    return this.value;
  }
}

/** A number as the template value of a Python float: boxed only when it would read as an integer. */
export function asFloat(value: number): number | PyFloat {
  return Number.isSafeInteger(value) ? new PyFloat(value) : value;
}

/** `repr()` of a float: shortest digits, exponent below 1e-4 and from 1e16 on. */
export function formatFloat(value: number): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  if (Number.isNaN(value)) return 'nan';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  const text = String(value);
  // JavaScript writes 1e-5 and 1e-6 as decimals too, so only the dot may be missing here
  return text.includes('.') ? text : `${text}.0`;
}
