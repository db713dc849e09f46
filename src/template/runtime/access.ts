/**
 * Attributes and items of values, as Jinja's sandbox gives them: `.name` asks for a method or attribute first
 * and for an item then, `[key]` the other way round. Only what this file names can be reached: no constructor,
 * no prototype, no property of a JavaScript function.
 */
import { HOST_GET, HOST_ITEM } from '../contract.ts';
import { formatValue } from '../format/format-spec.ts';
import { type FieldAccess, strFormat } from '../format/str-format.ts';
import { type Callable, splitArguments } from '../methods/arguments.ts';
import { readingDictMethods } from '../methods/dict-methods.ts';
import { methodsOf } from '../methods/methods-of.ts';
import { numberAttribute } from '../methods/number-methods.ts';
import { escapedArgument, marked, marks, stringMethods } from '../methods/string-methods.ts';
import { DictView, Namespace, Range } from '../values/collections.ts';
import { Dict } from '../values/dict.ts';
import { Failure, fail } from '../values/failure.ts';
import { isHost, isPlainObject } from '../values/host.ts';
import { hasSurrogates, lengthOf, listOf, pairsOf } from '../values/iteration.ts';
import { labelled, labelOf } from '../values/labels.ts';
import { escapeHtml, Markup, stringOf } from '../values/markup.ts';
import { Slice, slice } from '../values/slice.ts';
import { toText } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { isInteger, isNumber, numeric, typeName } from '../values/types.ts';
import { isUndefined, Undefined, type UndefinedMaker } from '../values/undefined.ts';

/** What attribute and item access need of an environment. */
export type AccessEnvironment = UndefinedMaker & FieldAccess;

/** `value.name`. */
export function getAttribute(env: AccessEnvironment, value: unknown, name: string): unknown {
  if (isUndefined(value)) return attributeOfUndefined(env, value, name);
  if (builtinMethod(value, name) !== undefined) return boundMethod(env, value, name);
  // Python has these of every object, and the sandbox shows none
  const isSpecial = name.startsWith('__') && name.endsWith('__');
  const found = isSpecial ? undefined : dataAttribute(value, name);
  if (found !== undefined) return found;
  return env.missing(name, { owner: value, unsafe: name.startsWith('_') });
}

function attributeOfUndefined(env: AccessEnvironment, value: unknown, name: string): unknown {
  if (!(value instanceof Undefined)) return env.missing('?', { hint: 'the value is undefined' }).fail();
  if (!value.captures) return value.fail();
  if (name === 'name') return value.name ?? null;
  if (name === 'hint') return value.hint ?? null;
  return env.missing(name, value.hint === undefined ? {} : { hint: value.hint });
}

/** Attributes that are not methods. */
function dataAttribute(value: unknown, name: string): unknown {
  if (value instanceof Dict) return value.get(name);
  if (isHost(value)) {
    // special methods serve operators only
    if (name.startsWith('_')) return value[HOST_ITEM]?.(name);
    const member = value[HOST_GET](name);
    return member === undefined ? value[HOST_ITEM]?.(name) : member;
  }
  if (value instanceof Namespace) return value.attributes.get(name);
  if (isNumber(value)) return numberAttribute(value, name);
  if (typeof value === 'function') return labelOf(value)?.attributes?.[name];
  if (isPlainObject(value)) return Object.hasOwn(value, name) ? value[name] : undefined;
  if (value instanceof Tuple) return labelOf(value)?.attributes?.[name];
  if (value instanceof Range && (name === 'start' || name === 'stop' || name === 'step')) return value[name];
  return undefined;
}

/** `value[key]`. */
export function getItem(env: AccessEnvironment, value: unknown, key: unknown): unknown {
  if (value instanceof Dict) {
    const found = isUnhashable(key) ? undefined : value.get(key);
    if (found !== undefined) return found;
  } else if (isUndefined(value)) {
    if (value instanceof Undefined && value.captures) return value;
    return attributeOfUndefined(env, value, '?');
  } else if (
    typeof value === 'string' ||
    Array.isArray(value) ||
    value instanceof Range ||
    value instanceof Markup
  ) {
    if (isInteger(key) || typeof key === 'boolean') {
      return sequenceItem(value, Number(numeric(key))) ?? env.missing(key, { owner: value });
    }
    if (key instanceof Slice) return constantSlice(env, value, key);
  } else if (isHost(value)) {
    const found = value[HOST_ITEM]?.(key);
    if (found !== undefined) return found;
  } else if (isPlainObject(value) && typeof key === 'string' && Object.hasOwn(value, key)) {
    return value[key];
  }
  const name = stringOf(key);
  if (name !== undefined) return getAttribute(env, value, name);
  return env.missing(key, { owner: value });
}

/** A slice that Jinja computes ahead: what Python refuses is undefined there. */
function constantSlice(env: AccessEnvironment, value: unknown, key: Slice): unknown {
  try {
    return slice(value, key);
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.type === 'TypeError') return env.missing(key, { owner: value });
    throw thrown;
  }
}

function isUnhashable(key: unknown): boolean {
  return key instanceof Dict || key instanceof Slice || (Array.isArray(key) && !(key instanceof Tuple));
}

function sequenceItem(value: string | unknown[] | Range | Markup, index: number): unknown {
  const length = lengthOf(value);
  const position = index < 0 ? index + length : index;
  if (position < 0 || position >= length) return undefined;
  if (typeof value === 'string') return hasSurrogates(value) ? [...value][position] : value[position];
  if (value instanceof Markup) return new Markup([...value.text][position]!);
  return value instanceof Range ? value.at(position) : value[position];
}

/** Method `name` of a built-in type, taking the value first; undefined when the type has none of that name. */
export function builtinMethod(value: unknown, name: string): Callable | undefined {
  const methods = methodsOf(value);
  if (methods !== undefined) {
    const method = methods[name];
    if (method !== undefined) return method;
    return typeof value === 'string' && (name === 'format' || name === 'format_map')
      ? formatters[name]
      : undefined;
  }
  if (value instanceof Markup) return markupMethod(name);
  if (isPlainObject(value)) {
    const method = Object.hasOwn(value, name) ? undefined : readingDictMethods[name];
    return method && ((self, ...args) => method(new Dict(Object.entries(self as object)), ...args));
  }
  if (value instanceof DictView && value.kind !== 'dict_values' && name === 'isdisjoint') {
    return (self, other) => ![...(self as DictView)].some((item) => (other as unknown[]).includes(item));
  }
  return undefined;
}

const stringFormat: Callable = (self, env, ...args) => {
  const { positional, keywords } = splitArguments(args);
  return strFormat(self as string, { positional, keywords }, env as FieldAccess);
};

const stringFormatMap: Callable = (self, env, mapping, ...rest) => {
  if (mapping === undefined || rest.length > 0) {
    fail(
      'TypeError',
      `format_map() takes exactly one argument ${rest.length + (mapping === undefined ? 0 : 1)} given`,
    );
  }
  const keywords: Record<string, unknown> = Object.create(null);
  for (const [key, value] of pairsOf(mapping)) keywords[toText(key)] = value;
  return strFormat(self as string, { positional: [], keywords }, env as FieldAccess);
};

/** These two need the environment, which comes before their arguments. */
const formatters = { format: stringFormat, format_map: stringFormatMap };

/** A string method on Markup: plain text among the arguments is escaped, text in the answer is Markup. */
function markupMethod(name: string): Callable | undefined {
  if (name === 'format' || name === 'format_map') {
    return (self, env, ...args) => {
      const { positional, keywords } = splitArguments(args);
      const fieldText = (value: unknown, spec: string) =>
        value instanceof Markup ? formatValue(value, spec) : escapeHtml(formatValue(value, spec));
      return new Markup(
        strFormat((self as Markup).text, { positional, keywords }, env as FieldAccess, fieldText),
      );
    };
  }
  const method = stringMethods[name];
  if (method === undefined) return undefined;
  if (!marks(name)) return (self, ...args) => method((self as Markup).text, ...args);
  return (self, ...args) => {
    const safe = (value: unknown) => (typeof value === 'string' ? escapeHtml(value) : value);
    const at = escapedArgument[name];
    const escaped = args.map((arg, i) => {
      if (name === 'join' && i === 0) return listOf(arg).map(safe);
      return i === at ? safe(arg) : arg;
    });
    return marked(method((self as Markup).text, ...escaped));
  };
}

function needsEnvironment(value: unknown, name: string): boolean {
  return (name === 'format' || name === 'format_map') && stringOf(value) !== undefined;
}

/** A method as a value, for `{% set f = list.append %}`. */
function boundMethod(env: AccessEnvironment, value: unknown, name: string): unknown {
  return labelled((...args: unknown[]) => callMethod(env, value, name, args), {
    text: `<built-in method ${name} of ${typeName(value)} object>`,
    type: 'builtin_function_or_method',
  });
}

/** Calls a built-in type's method without making a bound one first. */
export function callMethod(
  env: AccessEnvironment,
  value: unknown,
  name: string,
  args: readonly unknown[],
): unknown {
  const method = builtinMethod(value, name)!;
  return needsEnvironment(value, name) ? method(value, env, ...args) : method(value, ...args);
}
