/** How a filter or test is written: the environment first, then the value, then its arguments. */

import type { FieldAccess } from '../format/str-format.ts';
import { bind } from '../methods/arguments.ts';
import { fail } from '../values/failure.ts';
import { Kwargs } from '../values/kwargs.ts';
import { Markup, stringOf } from '../values/markup.ts';
import { toText } from '../values/text.ts';
import type { UndefinedMaker } from '../values/undefined.ts';

/** What filters and tests may ask of the environment. */
export interface FilterEnvironment extends UndefinedMaker, FieldAccess {
  getFilter(name: string): Filter;
  getTest(name: string): Filter;
  hasFilter(name: string): boolean;
  hasTest(name: string): boolean;
}

/** `value | name(args)`, and `value is name(args)`. A trailing Kwargs holds keyword arguments. */
export type Filter = (env: FilterEnvironment, value: unknown, ...args: unknown[]) => unknown;

/** A filter with named parameters; the first `required` must be given. */
export function filter(
  name: string,
  parameters: readonly string[],
  required: number,
  run: (env: FilterEnvironment, value: unknown, ...args: unknown[]) => unknown,
): Filter {
  return (env, value, ...args) => run(env, value, ...bind(name, parameters, required, args));
}

/** A filter without parameters. */
export function simple(name: string, run: (value: unknown, env: FilterEnvironment) => unknown): Filter {
  return (env, value, ...args) => {
    if (args.length > 0) {
      const given = args[0] instanceof Kwargs ? 'keyword arguments' : `${args.length + 1} arguments`;
      fail('TypeError', `${name}() takes exactly one argument (${given} given)`);
    }
    return run(value, env);
  };
}

/** Applies a change of text and keeps Markup marked (Jinja's soft_str). */
export function soft(value: unknown, change: (text: string) => string): unknown {
  if (value instanceof Markup) return new Markup(change(value.text));
  return change(typeof value === 'string' ? value : toText(value));
}

/** Lower case for strings: how filters compare when they ignore case. */
export function ignoreCase(value: unknown): unknown {
  return stringOf(value)?.toLowerCase() ?? value;
}
