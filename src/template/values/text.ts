/** `str()` and `repr()` of template values. */
import { HOST_GET } from '../contract.ts';
import { DictView, Lazy, Namespace, PySet, Range } from './collections.ts';
import { Dict } from './dict.ts';
import { formatFloat, PyFloat } from './float.ts';
import { callSpecial, isHost, isPlainObject } from './host.ts';
import { labelOf } from './labels.ts';
import { Markup } from './markup.ts';
import { Tuple } from './tuple.ts';
import { Undefined } from './undefined.ts';

/**
 * Text of a value as a template prints it (Jinja's `str()`): `True`, `None`, `1.0`, `['a', 1]`. An undefined
 * prints as nothing.
 */
export function toText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      // + 0 turns JavaScript's -0 into the integer it stands for
      return Number.isSafeInteger(value) ? String(value + 0) : formatFloat(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return value.toString();
    case 'function':
      return functionText(value);
    case 'object':
      return value === null ? 'None' : objectText(value);
    default:
      return '';
  }
}

function functionText(value: object): string {
  if (isHost(value)) return String(value);
  return labelOf(value)?.text ?? `<function ${(value as { name?: string }).name ?? ''}>`;
}

function objectText(value: object): string {
  if (value instanceof Markup) return value.text;
  if (value instanceof PyFloat) return formatFloat(value.value);
  if (value instanceof Tuple) {
    return value.length === 1 ? `(${repr(value[0])},)` : `(${Array.from(value, repr).join(', ')})`;
  }
  if (Array.isArray(value)) return `[${Array.from(value, repr).join(', ')}]`;
  if (value instanceof Dict) return pairsText(value.entries());
  if (value instanceof Undefined) return '';
  if (value instanceof DictView) return `${value.kind}([${value.items.map(repr).join(', ')}])`;
  if (value instanceof PySet) return value.size === 0 ? 'set()' : `{${[...value].map(repr).join(', ')}}`;
  if (value instanceof Range) {
    return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`;
  }
  if (value instanceof Namespace) return `<Namespace ${toText(value.attributes)}>`;
  if (value instanceof Lazy) return '<generator object>';
  return isPlainObject(value) ? pairsText(Object.entries(value)) : String(value);
}

function pairsText(pairs: Iterable<readonly [unknown, unknown]>): string {
  const parts: string[] = [];
  for (const [key, value] of pairs) parts.push(`${repr(key)}: ${repr(value)}`);
  return `{${parts.join(', ')}}`;
}

/** `repr()`: what a value looks like inside a list. */
export function repr(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === undefined || value instanceof Undefined) return 'Undefined';
  if (value instanceof Markup) return `Markup(${quote(value.text)})`;
  if (isHost(value)) {
    const special = callSpecial(value, '__repr__');
    return typeof special === 'string' ? special : (value as { [HOST_GET]: unknown }).toString();
  }
  return toText(value);
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Backslash, control characters, format characters, separators other than the space, unassigned ones. */
const NOT_PRINTABLE = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = /^[ -&(-[\]-~]*$/.test(text) ? text : text.replace(NOT_PRINTABLE, escapeChar);
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}

function escapeChar(char: string): string {
  const short = SHORT_ESCAPES[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0)!;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
