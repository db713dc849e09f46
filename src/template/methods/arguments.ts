/** Python's rules for matching arguments to parameters, for filters, methods and host functions. */
import { fail } from '../values/failure.ts';
import { Kwargs } from '../values/kwargs.ts';

/** The arguments of a call, taken apart. */
export interface SplitArguments {
  positional: unknown[];
  keywords: Record<string, unknown>;
}

/** Positional arguments and keyword arguments (a trailing Kwargs) of a call. */
export function splitArguments(args: readonly unknown[]): SplitArguments {
  const last = args[args.length - 1];
  if (last instanceof Kwargs) return { positional: args.slice(0, -1), keywords: last.values };
  return { positional: [...args], keywords: Object.create(null) as Record<string, unknown> };
}

export interface CallArgumentsOptions {
  /** Name of the function, for the messages. */
  name?: string;
  /** How many of the names must be given; default none. */
  required?: number;
}

/**
 * The arguments of a host function by parameter name; a parameter that was not given is absent. Raises Python's
 * TypeErrors (an SqError of kind Compilation for the author): too many, unknown, given twice, missing.
 *
 * @param args as the function received them, a trailing Kwargs included
 * @param names parameters in order
 */
export function callArguments(
  args: readonly unknown[],
  names: readonly string[],
  options: CallArgumentsOptions = {},
): Record<string, unknown> {
  const values = bind(options.name ?? 'function', names, options.required ?? 0, args);
  const given: Record<string, unknown> = Object.create(null);
  names.forEach((name, i) => {
    if (values[i] !== undefined) given[name] = values[i];
  });
  return given;
}

/** Values in the order of `names`, undefined where not given. */
export function bind(
  fn: string,
  names: readonly string[],
  required: number,
  args: readonly unknown[],
): unknown[] {
  const last = args[args.length - 1];
  const keywords = last instanceof Kwargs ? last.values : undefined;
  const count = keywords === undefined ? args.length : args.length - 1;
  if (count > names.length) tooMany(fn, names.length, required, count);
  const values = keywords === undefined ? [...args] : args.slice(0, -1);
  if (keywords !== undefined) {
    for (const name of Object.keys(keywords)) {
      const index = names.indexOf(name);
      if (index === -1) fail('TypeError', `${fn}() got an unexpected keyword argument '${name}'`);
      if (index < count) fail('TypeError', `${fn}() got multiple values for argument '${name}'`);
      values[index] = keywords[name];
    }
  }
  for (let i = 0; i < required; i++) {
    if (!(i in values))
      missing(
        fn,
        names.slice(0, required).filter((_, k) => !(k in values)),
      );
  }
  return values;
}

function tooMany(fn: string, most: number, required: number, given: number): never {
  const takes = required === most ? `${most}` : `from ${required} to ${most}`;
  const noun = most === 1 && required === most ? 'argument' : 'arguments';
  return fail(
    'TypeError',
    `${fn}() takes ${takes} positional ${noun} but ${given} ${given === 1 ? 'was' : 'were'} given`,
  );
}

function missing(fn: string, names: readonly string[]): never {
  const quoted = names.map((name) => `'${name}'`);
  const list = quoted.length === 1 ? quoted[0] : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
  const noun = names.length === 1 ? 'argument' : 'arguments';
  return fail('TypeError', `${fn}() missing ${names.length} required positional ${noun}: ${list}`);
}

/** A method or filter implementation: the value first, then its arguments, a trailing Kwargs if any. */
export type Callable = (self: unknown, ...args: unknown[]) => unknown;

/** A callable that takes `names` by position or keyword, `required` of them always. */
export function taking(
  fn: string,
  names: readonly string[],
  required: number,
  run: (self: unknown, ...args: unknown[]) => unknown,
): Callable {
  return (self, ...args) => run(self, ...bind(fn, names, required, args));
}

/** A callable whose arguments can only be given by position, as most methods of Python's built-in types. */
export function positional(
  fn: string,
  least: number,
  most: number,
  run: (self: unknown, ...args: unknown[]) => unknown,
): Callable {
  return (self, ...args) => {
    if (args.length > 0 && args[args.length - 1] instanceof Kwargs) {
      fail('TypeError', `${fn}() takes no keyword arguments`);
    }
    if (args.length < least || args.length > most) wrongCount(fn, least, most, args.length);
    return run(self, ...args);
  };
}

function wrongCount(fn: string, least: number, most: number, given: number): never {
  const plural = (count: number) => (count === 1 ? 'argument' : 'arguments');
  if (least === most) {
    const takes =
      most === 0 ? 'no arguments' : most === 1 ? 'exactly one argument' : `exactly ${most} arguments`;
    return fail('TypeError', `${fn}() takes ${takes} (${given} given)`);
  }
  if (given < least)
    return fail('TypeError', `${fn} expected at least ${least} ${plural(least)}, got ${given}`);
  return fail('TypeError', `${fn} expected at most ${most} ${plural(most)}, got ${given}`);
}
