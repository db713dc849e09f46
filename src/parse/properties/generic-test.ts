/** One entry of `data_tests:` (or `tests:`) -> a generic test. The rules are dbt's TestBuilder. */
import { SqError } from '../../errors.ts';
import { isMapping, pythonRepr, pythonText, pythonTypeName, type YamlDocument } from '../../load/index.ts';
import type { GenericTest, GenericTestTarget, KeyPath, PropertyOptions } from './contract.ts';
import { testHash, testNames } from './test-name.ts';

export interface GenericTestInput {
  document: YamlDocument;
  options: PropertyOptions;
  target: GenericTestTarget;
  /** The test as written. */
  entry: unknown;
  keys: KeyPath;
  column?: { name: string; quoted: boolean };
  inheritedTags: readonly unknown[];
}

/** Keys that are config also where they stand beside the arguments. */
const CONFIG_KEYS = [
  'severity',
  'tags',
  'enabled',
  'where',
  'limit',
  'warn_if',
  'error_if',
  'fail_calc',
  'store_failures',
  'store_failures_as',
  'sql_header',
  'meta',
  'database',
  'schema',
  'alias',
] as const;
const CONFIG_KEY_SET: ReadonlySet<string> = new Set(CONFIG_KEYS);
const BESIDE_ARGUMENTS: ReadonlySet<string> = new Set([
  'config',
  'column_name',
  'description',
  'name',
  ...CONFIG_KEYS,
]);

/**
 * Throws kind Parsing for an entry of the wrong shape, kind Compilation for arguments and config that a test
 * cannot have; both as dbt words them, at the entry.
 */
export function genericTest(input: GenericTestInput): GenericTest {
  const { document, options, target, keys, column } = input;
  const written = definition(input);
  const columnName = column ? (column.quoted ? options.quote(column.name) : column.name) : null;
  const args = argumentsOf(written, columnName, input);
  if (Object.hasOwn(args, 'model')) {
    throw refused(input, 'Test arguments include "model", which is a reserved argument');
  }
  args.model = `{{ get_where_subquery(${referenceText(target)}) }}`;
  const match = /^(?:([a-zA-Z_][0-9a-zA-Z_]*)\.)?([a-zA-Z_][0-9a-zA-Z_]*)/.exec(written.name);
  if (!match) throw refused(input, `Test name string did not match expected pattern: ${written.name}`);
  const namespace = match[1] ?? null;
  const name = match[2] as string;
  // most tests are a bare name: nothing to sort out
  const config: Record<string, unknown> = typeof input.entry === 'string' ? {} : configOf(args, input);
  const description = take(args, 'description') ?? '';
  const isFloat = (container: object, key: string | number) =>
    container === args
      ? document.isFloat(written.floats, key) || document.isFloat(written.innerFloats, key)
      : document.isFloat(container, key);
  const own = take(args, 'name');
  const names =
    own === undefined
      ? testNames({
          name,
          namespace,
          target: targetName(target),
          isSource: target.section === 'sources',
          args,
          isFloat,
        })
      : { full: String(own), short: String(own) };
  if (names.full !== names.short && !Object.hasOwn(config, 'alias')) config.alias = names.short;
  return {
    target,
    name,
    namespace,
    args,
    config,
    description: String(description),
    fullName: names.full,
    shortName: names.short,
    hash: testHash(names.full, { namespace, name, kwargs: args }, isFloat),
    columnName,
    rawColumnName: column?.name ?? null,
    inheritedTags: input.inheritedTags,
    keys,
  };
}

interface Written {
  name: string;
  args: Readonly<Record<string, unknown>>;
  /** Containers of the document that the arguments come from: they know which numbers were floats. */
  floats: object;
  innerFloats: object;
}

/** Name and arguments of the three forms: `unique`, `{unique: {...}}`, `{test_name: unique, ...}`. */
function definition(input: GenericTestInput): Written {
  const { entry } = input;
  if (typeof entry === 'string') return { name: entry, args: {}, floats: {}, innerFloats: {} };
  if (!isMapping(entry)) {
    throw malformed(input, `test must be dict or str, got ${typeText(entry)} (value ${pythonText(entry)})`);
  }
  let name: unknown;
  let args: unknown;
  if (Object.hasOwn(entry, 'test_name')) {
    const { test_name, ...rest } = entry;
    name = test_name;
    args = rest;
    if (typeof name !== 'string') {
      throw malformed(input, `test name must be a str, got ${typeText(name)} (value ${pythonText(name)})`);
    }
    return written(name, args as Record<string, unknown>, entry);
  }
  const items = Object.entries(entry);
  if (items.length !== 1) {
    const shown = items.map(([key, value]) => `(${pythonRepr(key)}, ${pythonRepr(value)})`).join(', ');
    throw malformed(
      input,
      `test definition dictionary must have exactly one key, got [${shown}] instead (${items.length} keys)`,
      `indent the arguments below the test: they belong to ${items[0]?.[0] ?? 'its name'}`,
    );
  }
  [name, args] = items[0] as [string, unknown];
  if (!isMapping(args)) {
    throw malformed(
      input,
      `test arguments must be a dict, got ${typeText(args)} (value ${pythonText(args)})`,
      args === null ? `without arguments it is written without a colon: - ${name}` : undefined,
    );
  }
  return written(name as string, args, args);
}

function written(name: string, args: Record<string, unknown>, container: object): Written {
  return { name, args, floats: container, innerFloats: isMapping(args.arguments) ? args.arguments : {} };
}

function argumentsOf(
  test: Written,
  columnName: string | null,
  input: GenericTestInput,
): Record<string, unknown> {
  const { options, document } = input;
  const args: Record<string, unknown> = { ...test.args };
  if (columnName !== null) args.column_name = columnName;
  if (options.requireArguments === false) {
    if (Object.hasOwn(args, 'arguments')) {
      deprecated(
        input,
        'ArgumentsPropertyInGenericTestDeprecation',
        `Found \`arguments\` property in test definition of \`${test.name}\` (${pythonRepr(args.arguments)}) without usage of \`require_generic_test_arguments_property\` behavior change flag. The \`arguments\` property is deprecated for custom usage and will be used to nest keyword arguments in future versions of dbt.`,
      );
    }
    return args;
  }
  const given = take(args, 'arguments');
  for (const key of Object.keys(args)) {
    if (!CONFIG_KEY_SET.has(key)) continue;
    const place = `data_tests.${test.name}.${key}`;
    deprecated(
      input,
      'PropertyMovedToConfigDeprecation',
      `Found \`${key}\` as a top-level property of \`${place}\` in file \`${document.path}\`. The \`${key}\` top-level property should be moved into the \`config\` of \`${place}\`.`,
    );
  }
  if (!isFilled(given) && Object.keys(args).some((key) => !BESIDE_ARGUMENTS.has(key))) {
    deprecated(
      input,
      'MissingArgumentsPropertyInGenericTestDeprecation',
      `Found top-level arguments to test \`${test.name}\` defined on '${resourceName(input.target)}' in package '${options.packageName}' (${document.path}). Arguments to generic tests should be nested under the \`arguments\` property.`,
    );
  }
  return isMapping(given) ? { ...args, ...given } : args;
}

/** Takes the config out of `args`. */
function configOf(args: Record<string, unknown>, input: GenericTestInput): Record<string, unknown> {
  const inner = args.config;
  const hasInner = Object.hasOwn(args, 'config');
  if (hasInner && !isMapping(inner)) {
    throw malformed(input, `'config' must be a dict, got ${typeText(inner)} (value ${pythonText(inner)})`);
  }
  const rest: Record<string, unknown> = isMapping(inner) ? { ...inner } : {};
  if (hasInner) delete args.config;
  const config: Record<string, unknown> = {};
  for (const key of CONFIG_KEYS) {
    let value = take(args, key);
    if (isFilled(value) && Object.hasOwn(rest, key)) {
      throw refused(
        input,
        'Test cannot have the same key at the top-level and in config',
        `${key} stands beside config: and in it; keep the one in config:`,
      );
    }
    if (!isFilled(value) && hasInner && Object.hasOwn(rest, key)) {
      value = rest[key];
      delete rest[key];
    }
    if (value !== undefined && value !== null) config[key] = value;
  }
  for (const [key, value] of Object.entries(rest)) if (value !== null) config[key] = value;
  if (config.sql_header !== undefined && input.options.sqlHeaderInTests !== true) {
    deprecated(
      input,
      'CustomKeyInConfigDeprecation',
      `Custom key \`sql_header\` found in \`config\` at path \`models.config\` in file \`${input.document.path}\`. Custom config keys should move into the \`config.meta\`.`,
    );
  }
  return config;
}

function take(from: Record<string, unknown>, key: string): unknown {
  if (!Object.hasOwn(from, key)) return undefined;
  const value = from[key];
  delete from[key];
  return value;
}

/** True where Python sees something: not None, false, 0, '' or empty. */
function isFilled(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function referenceText(target: GenericTestTarget): string {
  if (target.section === 'sources') return `source('${target.source}', '${target.table}')`;
  const version = versionText(target.version);
  return version === null ? `ref('${target.name}')` : `ref('${target.name}', version='${version}')`;
}

function targetName(target: GenericTestTarget): string {
  if (target.section === 'sources') return `${target.source}_${target.table}`;
  const version = versionText(target.version);
  return version === null ? target.name : `${target.name}_v${version}`;
}

/** Python's test for a version: 0 and '' are none. */
function versionText(version: string | number | null): string | null {
  return version === null || version === 0 || version === '' ? null : String(version);
}

function resourceName(target: GenericTestTarget): string {
  return target.section === 'sources' ? `${target.source}_${target.table}` : target.name;
}

function whose({ target, column }: GenericTestInput): string {
  const on =
    target.section === 'sources'
      ? `source ${target.source}.${target.table}`
      : `${target.section.slice(0, -1)} ${target.name}`;
  return column ? `${on}, column ${column.name}` : on;
}

function typeText(value: unknown): string {
  return `<class '${pythonTypeName(value)}'>`;
}

function malformed(input: GenericTestInput, message: string, hint?: string): SqError {
  return new SqError({
    kind: 'Parsing',
    code: 'invalid-test',
    message: `Invalid test config given in ${input.document.path}:\n\t${message}\n\t@: ${whose(input)}`,
    at: input.document.locate(input.keys),
    hint,
  });
}

function refused(input: GenericTestInput, message: string, hint?: string): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'invalid-test',
    message: `Invalid generic test configuration given in ${input.document.path}: \n${message}\n\t@: ${whose(input)}`,
    at: input.document.locate(input.keys),
    hint,
  });
}

function deprecated(input: GenericTestInput, event_name: string, msg: string): void {
  input.options.emit({ name: 'Deprecation', event_name, msg });
}
