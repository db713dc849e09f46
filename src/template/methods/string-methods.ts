/** The methods of Python's str. Every entry takes the text first. */
import { pad } from '../format/format-spec.ts';
import { Dict } from '../values/dict.ts';
import { fail } from '../values/failure.ts';
import { iterate, textLength } from '../values/iteration.ts';
import { Markup, stringOf } from '../values/markup.ts';
import { Tuple, tuple } from '../values/tuple.ts';
import { isInteger, numeric, typeName } from '../values/types.ts';
import { type Callable, positional, taking } from './arguments.ts';
import { allCase, capitalize, characterTests, isTitle, swapCase, title } from './letters.ts';
import { split, splitRight } from './split.ts';
import { isSpace, splitLines, strip, stripEnd, stripStart } from './whitespace.ts';

type TextMethod = (text: string, ...args: unknown[]) => unknown;

/** A number that an argument must be, or a default when it was not given. */
export function indexOr(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value === 'bigint') fail('OverflowError', 'Python int too large to convert to C ssize_t');
  if (isInteger(value) || typeof value === 'boolean') return Number(numeric(value));
  return fail('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** Bounds may be None, and of any size. */
function boundOr(value: unknown, otherwise: number): number {
  if (value === null) return otherwise;
  return typeof value === 'bigint' ? Number(value) : indexOr(value, otherwise);
}

export function requireText(value: unknown, where: string): string {
  const text = stringOf(value);
  if (text !== undefined) return text;
  return fail('TypeError', `${where} must be str, not ${value === null ? 'None' : typeName(value)}`);
}

function optionalText(value: unknown, where: string): string | undefined {
  return value === undefined || value === null ? undefined : requireText(value, where);
}

/** Bounds as Python's find, count, startswith and index take them. */
export function bounds(length: number, start: unknown, stop: unknown): [number, number] {
  const clamp = (given: number) => (given < 0 ? Math.max(0, given + length) : given);
  return [clamp(boundOr(start, 0)), Math.min(clamp(boundOr(stop, length)), length)];
}

function find(text: string, needle: unknown, start: unknown, stop: unknown, last: boolean): number {
  const wanted = requireText(needle, last ? 'rfind() argument 1' : 'find() argument 1');
  const [from, to] = bounds(text.length, start, stop);
  if (from > to) return -1;
  const part = text.slice(from, to);
  const at = last ? part.lastIndexOf(wanted) : part.indexOf(wanted);
  return at === -1 ? -1 : at + from;
}

function found(at: number): number {
  return at === -1 ? fail('ValueError', 'substring not found') : at;
}

function affix(method: 'startswith' | 'endswith'): Callable {
  return positional(method, 1, 3, (self, given, start, stop) => {
    const text = self as string;
    const wanted =
      given instanceof Tuple
        ? given.map((each) => affixText(each, method, true))
        : [affixText(given, method, false)];
    const [from, to] = bounds(text.length, start, stop);
    if (from > text.length) return false;
    const part = text.slice(from, Math.max(from, to));
    return wanted.some((each) => (method === 'startswith' ? part.startsWith(each) : part.endsWith(each)));
  });
}

function affixText(value: unknown, method: string, inTuple: boolean): string {
  const text = stringOf(value);
  if (text !== undefined) return text;
  return fail(
    'TypeError',
    inTuple
      ? `tuple for ${method} must only contain str, not ${typeName(value)}`
      : `${method} first arg must be str or a tuple of str, not ${typeName(value)}`,
  );
}

/** `str.replace`, with an empty `from` standing between all characters. */
export function replaceText(text: string, from: string, to: string, count: number): string {
  if (count < 0)
    return from === '' ? to + [...text].map((char) => char + to).join('') : text.replaceAll(from, () => to);
  let out = '';
  let at = 0;
  for (let done = 0; done < count; done++) {
    const next = text.indexOf(from, at);
    if (next === -1) break;
    if (from === '') {
      const char = String.fromCodePoint(...(at < text.length ? [text.codePointAt(at)!] : []));
      out += to + char;
      at += char.length;
      if (char === '') return out;
    } else {
      out += text.slice(at, next) + to;
      at = next + from.length;
    }
  }
  return out + text.slice(at);
}

/** `str.join`. Raises TypeError for an item that is not a string. */
export function joinText(separator: string, items: unknown): string {
  const parts: string[] = [];
  for (const item of iterate(items)) {
    const text = stringOf(item);
    if (text === undefined) {
      fail('TypeError', `sequence item ${parts.length}: expected str instance, ${typeName(item)} found`);
    }
    parts.push(text!);
  }
  return parts.join(separator);
}

function fillChar(given: unknown): string {
  const fill = optionalText(given, 'The fill character') ?? ' ';
  if (textLength(fill) !== 1) fail('TypeError', 'The fill character must be exactly one character long');
  return fill;
}

/** `str.center`: an odd rest goes to the left for odd widths. */
export function center(text: string, width: number, fill = ' '): string {
  const rest = width - textLength(text);
  if (rest <= 0) return text;
  const left = Math.floor(rest / 2) + (rest & width & 1);
  return fill.repeat(left) + text + fill.repeat(rest - left);
}

function zeroFill(text: string, width: number): string {
  const sign = text[0] === '-' || text[0] === '+' ? text[0] : '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

function expandTabs(text: string, size: number): string {
  let column = 0;
  let out = '';
  for (const char of text) {
    if (char === '\t') {
      const spaces = size > 0 ? size - (column % size) : 0;
      out += ' '.repeat(spaces);
      column += spaces;
    } else {
      out += char;
      column = char === '\n' || char === '\r' ? 0 : column + 1;
    }
  }
  return out;
}

function partition(text: string, separator: unknown, last: boolean): Tuple {
  const wanted = requireText(separator, 'must be str');
  if (wanted === '') fail('ValueError', 'empty separator');
  const at = last ? text.lastIndexOf(wanted) : text.indexOf(wanted);
  if (at !== -1) return tuple(text.slice(0, at), wanted, text.slice(at + wanted.length));
  return last ? tuple('', '', text) : tuple(text, '', '');
}

function translate(text: string, table: unknown): string {
  if (!(table instanceof Dict)) return fail('TypeError', `'${typeName(table)}' object is not subscriptable`);
  let out = '';
  for (const char of text) {
    const mapped = table.get(char.codePointAt(0));
    if (mapped === undefined) out += char;
    else if (isInteger(mapped)) out += String.fromCodePoint(Number(mapped));
    else out += stringOf(mapped) ?? '';
  }
  return out;
}

function stripper(name: string, run: (text: string, chars?: string) => string): Callable {
  return method(name, 0, 1, (text, chars) => run(text, optionalText(chars, `${name} arg`)));
}

function method(name: string, least: number, most: number, run: TextMethod): Callable {
  return positional(name, least, most, run as Callable);
}

function plain(name: string, run: (text: string) => unknown): Callable {
  return method(name, 0, 0, run);
}

/** All methods but `format` and `format_map`, which need the environment's guarded attribute access. */
export const stringMethods: Readonly<Record<string, Callable>> = {
  __proto__: null as never,
  capitalize: plain('capitalize', capitalize),
  casefold: plain('casefold', (text) => text.toLowerCase().replaceAll('ß', 'ss')),
  center: method('center', 1, 2, (text, width, fill) => center(text, indexOr(width, 0), fillChar(fill))),
  count: method('count', 1, 3, (text, needle, start, stop) => {
    const wanted = requireText(needle, 'count() argument 1');
    const [from, to] = bounds(text.length, start, stop);
    if (from > to) return 0;
    const part = text.slice(from, to);
    return wanted === '' ? textLength(part) + 1 : part.split(wanted).length - 1;
  }),
  encode: taking('encode', ['encoding', 'errors'], 0, (text) => text),
  endswith: affix('endswith'),
  expandtabs: taking('expandtabs', ['tabsize'], 0, (text, size) =>
    expandTabs(text as string, indexOr(size, 8)),
  ),
  find: method('find', 1, 3, (text, needle, start, stop) => find(text, needle, start, stop, false)),
  index: method('index', 1, 3, (text, needle, start, stop) => found(find(text, needle, start, stop, false))),
  islower: plain('islower', (text) => allCase(text, false)),
  isspace: plain('isspace', (text) => text !== '' && [...text].every((char) => isSpace(char.charCodeAt(0)))),
  istitle: plain('istitle', isTitle),
  isupper: plain('isupper', (text) => allCase(text, true)),
  join: method('join', 1, 1, joinText),
  ljust: method('ljust', 1, 2, (text, width, fill) => pad(text, indexOr(width, 0), '<', fillChar(fill))),
  lower: plain('lower', (text) => text.toLowerCase()),
  lstrip: stripper('lstrip', stripStart),
  partition: method('partition', 1, 1, (text, separator) => partition(text, separator, false)),
  removeprefix: method('removeprefix', 1, 1, (text, prefix) => {
    const wanted = requireText(prefix, 'removeprefix() argument');
    return text.startsWith(wanted) ? text.slice(wanted.length) : text;
  }),
  removesuffix: method('removesuffix', 1, 1, (text, suffix) => {
    const wanted = requireText(suffix, 'removesuffix() argument');
    return wanted !== '' && text.endsWith(wanted) ? text.slice(0, -wanted.length) : text;
  }),
  replace: method('replace', 2, 3, (text, from, to, count) =>
    replaceText(
      text,
      requireText(from, 'replace() argument 1'),
      requireText(to, 'replace() argument 2'),
      indexOr(count, -1),
    ),
  ),
  rfind: method('rfind', 1, 3, (text, needle, start, stop) => find(text, needle, start, stop, true)),
  rindex: method('rindex', 1, 3, (text, needle, start, stop) => found(find(text, needle, start, stop, true))),
  rjust: method('rjust', 1, 2, (text, width, fill) => pad(text, indexOr(width, 0), '>', fillChar(fill))),
  rpartition: method('rpartition', 1, 1, (text, separator) => partition(text, separator, true)),
  rsplit: taking('rsplit', ['sep', 'maxsplit'], 0, (text, separator, most) =>
    splitRight(text as string, optionalText(separator, 'separator'), indexOr(most, -1)),
  ),
  rstrip: stripper('rstrip', stripEnd),
  split: taking('split', ['sep', 'maxsplit'], 0, (text, separator, most) =>
    split(text as string, optionalText(separator, 'separator'), indexOr(most, -1)),
  ),
  splitlines: taking('splitlines', ['keepends'], 0, (text, keep) =>
    splitLines(text as string, indexOr(keep, 0) !== 0),
  ),
  startswith: affix('startswith'),
  strip: stripper('strip', strip),
  swapcase: plain('swapcase', swapCase),
  title: plain('title', title),
  translate: method('translate', 1, 1, translate),
  upper: plain('upper', (text) => text.toUpperCase()),
  zfill: method('zfill', 1, 1, (text, width) => zeroFill(text, indexOr(width, 0))),
  ...Object.fromEntries(
    Object.entries(characterTests).map(([name, test]) => [name, plain(name, (text) => test.test(text))]),
  ),
};

/**
 * Where plain text among the arguments of a Markup's method is escaped: the replacement of `replace`, the fill
 * character of the padding methods. (`join` escapes the items it joins.)
 */
export const escapedArgument: Readonly<Record<string, number>> = {
  replace: 1,
  ljust: 1,
  rjust: 1,
  center: 1,
};

/** True when method `name` of a Markup answers Markup: all that build text. */
export function marks(name: string): boolean {
  return !/^(?:is|find|rfind|index|rindex|count|startswith|endswith|encode)/.test(name);
}

/** Strings in the result of a Markup's method are Markup again. */
export function marked(value: unknown): unknown {
  if (typeof value === 'string') return new Markup(value);
  if (value instanceof Tuple) return tuple(...value.map(marked));
  return Array.isArray(value) ? value.map(marked) : value;
}
