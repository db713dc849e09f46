/**
 * What a generic test is called. dbt's rules, so that names, aliases and unique ids are those of dbt's own
 * manifest: state comparison, exclusion lists and dashboards know tests by them.
 */
import { hash } from 'node:crypto';
import { type IsFloat, pythonRepr, pythonText } from '../../load/index.ts';

export interface TestNameInput {
  /** The test without its namespace: `not_null`. */
  name: string;
  /** `dbt_utils` of `dbt_utils.equal_rowcount`. */
  namespace: string | null;
  /** Name of the model, seed or snapshot (`orders`, `orders_v2`), or `<source>_<table>`. */
  target: string;
  isSource: boolean;
  /** Arguments for the macro as written, `column_name` among them; `model` is passed over. */
  args: Readonly<Record<string, unknown>>;
  isFloat?: IsFloat;
}

export interface TestNames {
  /** For the unique id and the fqn, however long. */
  full: string;
  /** For the alias and the compiled file: below 64 characters, cut with a hash where needed. */
  short: string;
}

/** The names that dbt makes from test, target and arguments (`synthesize_generic_test_names`). */
export function testNames(input: TestNameInput): TestNames {
  const { name, namespace, target, isSource, args, isFloat } = input;
  const type = [namespace, isSource ? 'source' : null, name].filter((part) => part !== null).join('_');
  const parts: string[] = [];
  for (const key of Object.keys(args).sort(byCodePoint)) {
    if (key !== 'model') parts.push(...texts(args, key, isFloat));
  }
  const identifier = `${type}_${target}`;
  const full = `${identifier}_${parts.map((part) => part.replace(/[^0-9a-zA-Z_]+/g, '_')).join('__')}`;
  const long = [...full].length >= 64;
  return { full, short: long ? `${[...identifier].slice(0, 30).join('')}_${md5(full)}` : full };
}

function texts(args: Readonly<Record<string, unknown>>, key: string, isFloat: IsFloat | undefined): string[] {
  const value = args[key];
  if (typeof value !== 'object' || value === null) return [pythonText(value, isFloat, args, key)];
  return Object.entries(value).map(([inner, item]) =>
    pythonText(item, isFloat, value, Array.isArray(value) ? Number(inner) : inner),
  );
}

/** What dbt keeps of a generic test in the manifest. */
export interface TestMetadata {
  namespace: string | null;
  name: string;
  kwargs: Readonly<Record<string, unknown>>;
}

/**
 * The last ten digits of the hash that ends a generic test's unique id. `name` is the full name, or the one the
 * author gave.
 */
export function testHash(name: string, metadata: TestMetadata, isFloat?: IsFloat): string {
  const kwargs = hashable(metadata.kwargs, isFloat);
  const text = `{'kwargs': ${kwargs}, 'name': ${pythonRepr(metadata.name)}, 'namespace': ${pythonRepr(metadata.namespace ?? 'None')}}`;
  return md5(name + text).slice(-10);
}

/** Python's repr of a value with the keys sorted at every level and everything else as text. */
function hashable(value: unknown, isFloat?: IsFloat, container?: object, key?: string | number): string {
  if (typeof value !== 'object' || value === null)
    return pythonRepr(pythonText(value, isFloat, container, key));
  if (Array.isArray(value))
    return `[${value.map((item, i) => hashable(item, isFloat, value, i)).join(', ')}]`;
  const record = value as Record<string, unknown>;
  const entries = Object.keys(record)
    .sort(byCodePoint)
    .map((name) => `${pythonRepr(name)}: ${hashable(record[name], isFloat, record, name)}`);
  return `{${entries.join(', ')}}`;
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function md5(text: string): string {
  return hash('md5', text);
}
