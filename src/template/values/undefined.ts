import { Failure } from './failure.ts';
import { repr } from './text.ts';
import { typeName } from './types.ts';

/** Stands for "no owner": the missing thing is a name, not an attribute or item of a value. */
const NO_OWNER: unique symbol = Symbol('no owner');

export interface UndefinedOptions {
  /** The value that lacks the attribute or item. */
  owner?: unknown;
  /** Replaces the message, e.g. `parameter 'x' was not provided`. */
  hint?: string | undefined;
  /** dbt's parse-time kind: attributes, items and calls answer an undefined again. */
  captures?: boolean;
  /** Reaching for an attribute that a template may not see. */
  unsafe?: boolean;
}

/**
 * A name, attribute or item that does not exist. It prints as nothing, is false and iterates empty; any other
 * use raises (Jinja's default Undefined).
 */
export class Undefined {
  readonly name: unknown;
  readonly hint: string | undefined;
  readonly captures: boolean;
  private readonly owner: unknown;
  private readonly unsafe: boolean;

  constructor(name: unknown, options: UndefinedOptions = {}) {
    this.name = name;
    this.owner = 'owner' in options ? options.owner : NO_OWNER;
    this.hint = options.hint;
    this.captures = options.captures ?? false;
    this.unsafe = options.unsafe ?? false;
  }

  get message(): string {
    if (this.hint !== undefined) return this.hint;
    if (this.owner === NO_OWNER) return `${repr(this.name)} is undefined`;
    const owner = this.owner === null ? 'None' : `${typeName(this.owner)} object`;
    if (typeof this.name !== 'string') return `${owner} has no element ${repr(this.name)}`;
    return `${repr(owner)} has no attribute ${repr(this.name)}`;
  }

  /** Raises because the value was used. */
  fail(): never {
    const isName = this.owner === NO_OWNER && this.hint === undefined && typeof this.name === 'string';
    throw new Failure(
      this.unsafe ? 'SecurityError' : 'UndefinedError',
      this.message,
      isName ? (this.name as string) : undefined,
    );
  }

  toString(): string {
    return '';
  }
}

/** Makes the undefined values of an environment: its mode decides their kind. */
export interface UndefinedMaker {
  missing(name: unknown, options?: UndefinedOptions): Undefined;
}

/** True for an Undefined and for JavaScript's undefined, which hosts may hand out. */
export function isUndefined(value: unknown): boolean {
  return value === undefined || value instanceof Undefined;
}

/** Raises Jinja's UndefinedError when `value` is undefined; operators ask this before they refuse a type. */
export function refuseUndefined(value: unknown): void {
  if (value instanceof Undefined) value.fail();
  if (value === undefined) new Undefined('?', { hint: 'the value is undefined' }).fail();
}
