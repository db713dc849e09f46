/**
 * selectors.yml: a name, and a definition that is a criterion as on the command line, a mapping, or a union
 * or intersection of these, each with its exclusions. Rules and messages are dbt's (`graph/cli.py`,
 * `config/selectors.py`).
 */
import { nearest, SqError } from '../errors.ts';
import type { SelectorDefinition } from '../manifest/manifest.ts';
import { criterionOf, difference, parseCriterion } from './grammar.ts';
import { selectionError } from './selection-error.ts';
import type { IndirectSelection, SelectionSpec } from './spec.ts';

/** Definitions by name, in the order of the file. */
export type Selectors = ReadonlyMap<string, SelectionSpec>;

/**
 * Compiles every definition. `indirectSelection` is the mode where a criterion names none.
 * Throws SqError (Runtime) that names the selector, for a definition that means nothing and for a second
 * default.
 */
export function parseSelectors(
  definitions: ReadonlyMap<string, SelectorDefinition>,
  indirectSelection: IndirectSelection,
): Selectors {
  refuseSecondDefault(definitions);
  const parsed = new Map<string, SelectionSpec>();
  for (const { name, definition } of definitions.values()) {
    try {
      parsed.set(name, parseDefinition(definition, indirectSelection, true));
    } catch (thrown) {
      throw thrown instanceof SqError ? inFile(thrown, name) : thrown;
    }
  }
  return parsed;
}

/** The selector that holds when a command names nothing: the one with `default: true`. */
export function defaultSelectorName(
  definitions: ReadonlyMap<string, SelectorDefinition>,
): string | undefined {
  for (const selector of definitions.values()) if (isDefault(selector)) return selector.name;
  return undefined;
}

/** The definition called `name`; otherwise SqError (Runtime) with dbt's text and the nearest name. */
export function namedSelector(selectors: Selectors, name: string): SelectionSpec {
  const found = selectors.get(name);
  if (found !== undefined) return found;
  const known = [...selectors.keys()];
  const near = nearest(name, known);
  throw selectionError(
    'selector-name',
    `Could not find selector named ${name}, expected one of [${known.map((one) => `'${one}'`).join(', ')}]`,
    near !== undefined
      ? `did you mean '${near}'?`
      : known.length === 0
        ? 'selectors are defined in selectors.yml, beside dbt_project.yml'
        : undefined,
  );
}

/** `default` may be a rendered template, so it may be text. */
function isDefault(selector: SelectorDefinition): boolean {
  return selector.default === true || String(selector.default).toLowerCase() === 'true';
}

function refuseSecondDefault(definitions: ReadonlyMap<string, SelectorDefinition>): void {
  const [first, second] = [...definitions.values()].filter(isDefault);
  if (first === undefined || second === undefined) return;
  throw new SqError({
    kind: 'Runtime',
    code: 'selector-default',
    message: `Error when parsing the selector file. Found multiple selectors with \`default: true\`: ${first.name} and ${second.name}`,
    at: { path: 'selectors.yml' },
    hint: 'keep `default: true` on one of them',
  });
}

function inFile(error: SqError, selector: string): SqError {
  return new SqError({
    kind: 'Runtime',
    code: error.code,
    message: `Could not read selector file data: ${error.header}\n  ${error.message.replaceAll('\n', '\n  ')}`,
    at: { path: 'selectors.yml' },
    hint: `in selector '${selector}'${error.hint === undefined ? '' : `: ${error.hint}`}`,
    cause: error,
  });
}

type Mapping = Readonly<Record<string, unknown>>;

/** One definition, at any depth. Throws SqError (Runtime or Validation) without a place. */
export function parseDefinition(
  definition: unknown,
  indirectSelection: IndirectSelection,
  rootLevel = false,
): SelectionSpec {
  if (typeof definition === 'string') return parseCriterion(definition, indirectSelection);
  if (!isMapping(definition)) {
    throw validationError(
      `Expected to find union, intersection, str or dict, instead found ${typeName(definition)}: ${rawOf(definition)}`,
      'a definition is a criterion such as "tag:nightly+", or a mapping with "method" and "value", "union" or "intersection"',
    );
  }
  const keys = Object.keys(definition);
  const operator = (['union', 'intersection'] as const).find((key) => key in definition);
  if (operator === undefined) return parseMapping(definition, keys, indirectSelection);
  if (rootLevel && keys.length > 1) {
    throw validationError(
      `Only a single 'union' or 'intersection' key is allowed in a root level selector definition; found ${keys.join(',')}.`,
      `move "${keys.find((key) => key !== operator)}" into the list under "${operator}"`,
    );
  }
  return parseSetOperation(definition, operator, indirectSelection);
}

function parseSetOperation(
  definition: Mapping,
  operator: 'union' | 'intersection',
  indirectSelection: IndirectSelection,
): SelectionSpec {
  const included: SelectionSpec[] = [];
  let excluded: SelectionSpec | undefined;
  for (const part of listOf(definition, operator)) {
    // dbt loses the method of a part that has one beside its "exclude"; here both count.
    if (!isMapping(part) || !('exclude' in part) || 'method' in part) {
      included.push(parseDefinition(part, indirectSelection));
      continue;
    }
    if (excluded !== undefined) {
      throw validationError(
        `You cannot provide multiple exclude arguments to the same selector set operator:\n${rawOf(part)}`,
        'put all exclusions into the list of one "exclude"',
      );
    }
    excluded = parseExclusions(part, indirectSelection);
  }
  const combination = combine(operator, included, rawOf(definition));
  return excluded === undefined ? combination : difference(combination, excluded, rawOf(definition));
}

function parseMapping(
  definition: Mapping,
  keys: readonly string[],
  indirectSelection: IndirectSelection,
): SelectionSpec {
  const raw = rawOf(definition);
  if (keys.length === 1) {
    const method = keys[0] as string;
    return criterionOf(raw, { method, value: definition[method] }, indirectSelection);
  }
  if (!('method' in definition && 'value' in definition)) {
    throw validationError(
      `Expected either 1 key or else "method" and "value" keys, but got [${keys.map((key) => `'${key}'`).join(', ')}]`,
    );
  }
  const criterion = criterionOf(raw, definition, indirectSelection);
  const excluded = 'exclude' in definition ? parseExclusions(definition, indirectSelection) : undefined;
  return excluded === undefined ? criterion : difference(criterion, excluded, raw);
}

function parseExclusions(
  definition: Mapping,
  indirectSelection: IndirectSelection,
): SelectionSpec | undefined {
  const parsed = listOf(definition, 'exclude').map((part) => parseDefinition(part, indirectSelection));
  return parsed.length < 2 ? parsed[0] : combine('union', parsed, rawOf(definition['exclude']));
}

function combine(kind: 'union' | 'intersection', components: SelectionSpec[], raw: string): SelectionSpec {
  return { kind, components, raw, expectExists: false, indirectSelection: 'eager' };
}

function listOf(definition: Mapping, key: string): unknown[] {
  const values = definition[key];
  if (!Array.isArray(values)) {
    throw validationError(`Invalid value for key "${key}". Expected a list.`, `write each part after a "-"`);
  }
  for (const value of values) {
    if (typeof value === 'string' || isMapping(value)) continue;
    throw validationError(
      `Invalid value type ${typeName(value)} in key "${key}", expected dict or str (value: ${rawOf(value)}).`,
    );
  }
  return values;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return value === null ? 'null' : typeof value;
}

function rawOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function validationError(message: string, hint?: string): SqError {
  return new SqError({ kind: 'Validation', code: 'selector-definition', message, hint });
}
