/** Filters about HTML, JSON and URLs; in SQL mostly `tojson`. */
import { Dict } from '../values/dict.ts';
import { fail } from '../values/failure.ts';
import { isPlainObject } from '../values/host.ts';
import { isIterable, iterate, listOf, pairsOf } from '../values/iteration.ts';
import { toJson } from '../values/json.ts';
import { escapeHtml, Markup, stringOf } from '../values/markup.ts';
import { sortBy } from '../values/order.ts';
import { repr, toText } from '../values/text.ts';
import { isTruthy } from '../values/truth.ts';
import { isNumber, numeric, typeName } from '../values/types.ts';
import { isUndefined, refuseUndefined } from '../values/undefined.ts';
import { type Filter, filter, simple } from './filter.ts';

function toMarkup(value: unknown): Markup {
  return value instanceof Markup ? value : new Markup(escapeHtml(toText(value)));
}

const JSON_UNSAFE: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  "'": '\\u0027',
};

const tojson = filter('tojson', ['indent'], 0, (_, value, indent = null) => {
  if (indent !== null && stringOf(value) === undefined) refuseUndefined(indent);
  const width = isNumber(indent) ? Number(numeric(indent)) : (stringOf(indent) ?? null);
  const text = toJson(value, { indent: width, sortKeys: true });
  return new Markup(text.replace(/[<>&']/g, (char) => JSON_UNSAFE[char]!));
});

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: '\u00a0',
  quot: '"',
};

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[name as string] ?? (whole as string);
  });
}

/** Text without tags and comments; an unclosed one stays, as everything after it. */
function stripTags(text: string): string {
  let out = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('<', at);
    if (start === -1) break;
    const isComment = text.startsWith('<!--', start);
    const end = text.indexOf(isComment ? '-->' : '>', start + (isComment ? 4 : 1));
    if (end === -1) break;
    out += text.slice(at, start);
    at = end + (isComment ? 3 : 1);
  }
  const words = (out + text.slice(at)).split(/\s+/).filter((word) => word !== '');
  return unescapeHtml(words.join(' '));
}

function quoteUrl(value: unknown, inQuery: boolean): string {
  const encoded = encodeURIComponent(toText(value)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return inQuery ? encoded.replaceAll('%20', '+') : encoded.replaceAll('%2F', '/');
}

const urlEncode = simple('urlencode', (value) => {
  if (stringOf(value) !== undefined || !isIterable(value)) return quoteUrl(value, false);
  const isMapping = value instanceof Dict || isPlainObject(value);
  const pairs = isMapping ? [...pairsOf(value)] : Array.from(iterate(value), pairOf);
  return pairs.map(([key, item]) => `${quoteUrl(key, true)}=${quoteUrl(item, true)}`).join('&');
});

function pairOf(item: unknown): [unknown, unknown] {
  const pair = listOf(item);
  if (pair.length > 2) fail('ValueError', 'too many values to unpack (expected 2)');
  if (pair.length < 2) fail('ValueError', `not enough values to unpack (expected 2, got ${pair.length})`);
  return [pair[0], pair[1]];
}

const xmlAttributes = filter('xmlattr', ['autospace'], 0, (_, value, autospace = true) => {
  refuseUndefined(value);
  if (!(value instanceof Dict) && !isPlainObject(value)) {
    fail('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
  }
  const parts: string[] = [];
  for (const [key, item] of pairsOf(value)) {
    if (item === null || isUndefined(item)) continue;
    const name = stringOf(key);
    if (name === undefined)
      return fail('TypeError', `expected string or bytes-like object, got '${typeName(key)}'`);
    if (/[\s/>=]/.test(name)) fail('ValueError', `Invalid character in attribute name: ${repr(name)}`);
    parts.push(`${escapeHtml(name)}="${toMarkup(item).text}"`);
  }
  return (isTruthy(autospace) && parts.length > 0 ? ' ' : '') + parts.join(' ');
});

/** `pprint.pformat` for what fits a line: `repr` with the keys of dicts sorted. */
function prettyText(value: unknown): string {
  if (value instanceof Dict) {
    const pairs = sortBy([...value.entries()], ([key]) => repr(key));
    return `{${pairs.map(([key, item]) => `${repr(key)}: ${prettyText(item)}`).join(', ')}}`;
  }
  if (Array.isArray(value) && value.constructor === Array) return `[${value.map(prettyText).join(', ')}]`;
  return repr(value);
}

export const markupFilters: Readonly<Record<string, Filter>> = {
  e: simple('escape', toMarkup),
  escape: simple('escape', toMarkup),
  forceescape: simple('forceescape', (value) => new Markup(escapeHtml(toText(value)))),
  pprint: simple('pprint', prettyText),
  safe: simple('safe', (value) => new Markup(toText(value))),
  striptags: simple('striptags', (value) => stripTags(toText(value))),
  tojson,
  urlencode: urlEncode,
  xmlattr: xmlAttributes,
};
