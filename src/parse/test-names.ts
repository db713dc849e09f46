/** Names and unique ids of generic tests, as dbt makes them: other tools look tests up by these. */
import { createHash } from 'node:crypto';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/**
 * A name from the test, its target and its arguments (`relationships_orders_customer_id__id__ref_customers_`).
 * `short` is for files and aliases: cut to 30 characters and a hash when the whole has 64 or more.
 */
export function synthesizeTestName(
  testType: string,
  targetName: string,
  args: Readonly<Record<string, unknown>>,
): { short: string; full: string } {
  const flat = Object.keys(args)
    .filter((key) => key !== 'model')
    .sort()
    .flatMap((key) => parts(args[key]));
  const unique = flat.map((arg) => arg.replace(/[^0-9a-zA-Z_]+/g, '_')).join('__');
  const identifier = `${testType}_${targetName}`;
  const full = `${identifier}_${unique}`;
  return { full, short: full.length >= 64 ? `${identifier.slice(0, 30)}_${md5(full)}` : full };
}

function parts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(pythonStr);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(pythonStr);
  return [pythonStr(value)];
}

/** The ten digits at the end of a generic test's unique id. */
export function testHash(name: string, metadata: Readonly<Record<string, unknown>>): string {
  return md5(name + hashable(metadata)).slice(-10);
}

/** repr() of the metadata with sorted keys and every scalar turned into text first. */
function hashable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(hashable).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const record = value as Record<string, unknown>;
    const entries = Object.keys(record)
      .sort()
      .map((key) => `${pythonRepr(key)}: ${hashable(record[key])}`);
    return `{${entries.join(', ')}}`;
  }
  return pythonRepr(pythonStr(value));
}

function pythonStr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (Array.isArray(value)) return `[${value.map(reprOf).join(', ')}]`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${pythonRepr(key)}: ${reprOf(item)}`)
      .join(', ')}}`;
  }
  return String(value);
}

function reprOf(value: unknown): string {
  return typeof value === 'string' ? pythonRepr(value) : pythonStr(value);
}

function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote;
}
