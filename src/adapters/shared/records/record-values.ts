/** The values of a record as texts. Numbers stay as they are written: no digit passes through a double. */
import type { JsonPath } from '../copy/json-path.ts';

/** What a number is while its record is parsed; no text of a record begins so. */
const NUMBER_MARK = '\u0000';

export type RecordValue = null | boolean | string | RecordValue[] | { [key: string]: RecordValue };

/** `json` is valid JSON. Numbers come as texts of their own kind; see `textOf`. */
export function parseRecord(json: string): RecordValue {
  const marked = json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"\\u0000${token}"`,
  );
  return JSON.parse(marked) as RecordValue;
}

/** The value at a place; undefined where there is none. */
export function valueAt(record: RecordValue, path: JsonPath): RecordValue | undefined {
  let value: RecordValue | undefined = record;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) value = typeof key === 'number' ? value[key] : undefined;
    else value = Object.hasOwn(value, String(key)) ? value[String(key)] : undefined;
  }
  return value;
}

/** A text as it is, a number as it is written, an object or list as JSON. */
export function textOf(value: RecordValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value.startsWith(NUMBER_MARK) ? value.slice(1) : value;
  return jsonOf(value);
}

/** The value as JSON text. */
export function jsonOf(value: RecordValue): string {
  if (typeof value === 'string')
    return value.startsWith(NUMBER_MARK) ? value.slice(1) : JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${jsonOf(inner)}`)
    .join(',')}}`;
}
