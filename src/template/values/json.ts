/** `json.dumps` of Python: separators, ASCII only, float and key spelling. */
import { Dict } from './dict.ts';
import { fail } from './failure.ts';
import { isPlainObject } from './host.ts';
import { stringOf } from './markup.ts';
import { sortBy } from './order.ts';
import { toText } from './text.ts';
import { isNumber, typeName } from './types.ts';

export interface JsonOptions {
  /** Spaces (or text) per level; without it everything stands on one line. */
  indent?: number | string | null;
  sortKeys?: boolean;
}

/** JSON text as Python writes it. Raises TypeError for a value that JSON has no form for. */
export function toJson(value: unknown, options: JsonOptions = {}): string {
  const { indent } = options;
  const unit = typeof indent === 'number' ? ' '.repeat(Math.max(0, indent)) : indent;
  return write(value, '\n', unit ?? undefined, options.sortKeys ?? false);
}

function write(value: unknown, newline: string, unit: string | undefined, sortKeys: boolean): string {
  const text = stringOf(value);
  if (text !== undefined) return quote(text);
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (isNumber(value)) return numberText(toText(value));
  const inner = newline + (unit ?? '');
  const wrap = (open: string, parts: string[], close: string) => {
    if (parts.length === 0) return open + close;
    if (unit === undefined) return open + parts.join(', ') + close;
    return `${open}${inner}${parts.join(`,${inner}`)}${newline}${close}`;
  };
  if (Array.isArray(value)) {
    return wrap(
      '[',
      Array.from(value, (item) => write(item, inner, unit, sortKeys)),
      ']',
    );
  }
  if (value instanceof Dict || isPlainObject(value)) {
    const pairs = [...(value instanceof Dict ? value.entries() : Object.entries(value))];
    if (sortKeys) sortBy(pairs, (pair) => pair[0]);
    const parts = pairs.map(([key, item]) => `${quote(keyText(key))}: ${write(item, inner, unit, sortKeys)}`);
    return wrap('{', parts, '}');
  }
  return fail('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
}

function keyText(key: unknown): string {
  const text = stringOf(key);
  if (text !== undefined) return text;
  if (key === null) return 'null';
  if (typeof key === 'boolean') return String(key);
  if (isNumber(key)) return numberText(toText(key));
  return fail('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function numberText(text: string): string {
  switch (text) {
    case 'nan':
      return 'NaN';
    case 'inf':
      return 'Infinity';
    case '-inf':
      return '-Infinity';
    default:
      return text;
  }
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
