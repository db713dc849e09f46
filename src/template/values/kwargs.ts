/**
 * The keyword arguments of a call: always the last argument, and only there when the call has some. `values`
 * has no prototype, so that `f(constructor=1)` and `f(__proto__=1)` are ordinary names.
 */
export class Kwargs {
  readonly values: Record<string, unknown>;

  constructor(values: Record<string, unknown>) {
    this.values = Object.getPrototypeOf(values) === null ? values : copyOf(values);
  }

  /** Fewest words for hosts: `Kwargs.of({ a: 1 })`. */
  static of(values: Record<string, unknown>): Kwargs {
    return new Kwargs(values);
  }
}

function copyOf(values: Record<string, unknown>): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(values)) {
    Object.defineProperty(copy, key, {
      value: values[key],
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy;
}
