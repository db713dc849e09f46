/**
 * The selector grammar: `[@][n+][method[.argument]:]value[+n]`, a space for union, a comma for intersection.
 * Source of the rules: dbt's `selector_spec.py` and `cli.py` (dbt-conventions.md 2.8). Beyond dbt, a value
 * may stand in quotes when it holds a space or a comma: `tag:"every night"`.
 */
import { nearest } from '../errors.ts';
import { selectionError } from './selection-error.ts';
import {
  type Combination,
  type Criterion,
  INDIRECT_SELECTIONS,
  type IndirectSelection,
  METHOD_NAMES,
  type MethodName,
  type SelectionSpec,
} from './spec.ts';

/** The fields of one criterion, from its text or from a mapping of selectors.yml. */
export interface CriterionFields {
  method?: unknown;
  value?: unknown;
  childrens_parents?: unknown;
  parents?: unknown;
  parents_depth?: unknown;
  children?: unknown;
  children_depth?: unknown;
  indirect_selection?: unknown;
}

/**
 * What `--select` or `--exclude` ask for. Each string is one argument as the shell gives it; spaces inside
 * it separate too. Throws SqError (Runtime) for an unknown method or impossible operators.
 */
export function parseUnion(arguments_: readonly string[], indirectSelection: IndirectSelection): Combination {
  const components = arguments_.flatMap(words).map((raw): Combination => {
    const parts = splitOutsideQuotes(raw, ',').map((part) => parseCriterion(part, indirectSelection));
    return { kind: 'intersection', components: parts, raw, expectExists: true, indirectSelection };
  });
  return { kind: 'union', components, raw: arguments_.join(' '), expectExists: false, indirectSelection };
}

/** The words of one argument. Spaces too many are passed over; an argument of nothing stays one empty word. */
function words(argument: string): string[] {
  const found = splitOutsideQuotes(argument, ' ').filter((word) => word !== '');
  return found.length === 0 ? [''] : found;
}

const OPENS_QUOTE = /(?:^|[\s,+@:])$/;

/** `text` cut at `separator`, except inside quotes that open at the beginning of a value and are closed. */
function splitOutsideQuotes(text: string, separator: string): string[] {
  if (!/["']/.test(text)) return text.split(separator);
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === separator) {
      parts.push(part);
      part = '';
      continue;
    }
    const end = (char === '"' || char === "'") && OPENS_QUOTE.test(part) ? text.indexOf(char, i + 1) : -1;
    part += end === -1 ? char : text.slice(i, end + 1);
    if (end !== -1) i = end;
  }
  return [...parts, part];
}

/** `\w` of dbt's own pattern knows letters of every script. */
const CRITERION =
  /^(?<at>@)?(?<parents>(?<parentsDepth>\d*)\+)?(?:(?<method>[\p{L}\p{N}_.]+):)?(?:(?<quote>["'])(?<quoted>.*)\k<quote>|(?<value>.*?))(?<children>\+(?<childrenDepth>\d*))?$/u;

/** One criterion from its text, without union and intersection. Throws as `parseUnion`. */
export function parseCriterion(raw: string, indirectSelection: IndirectSelection): Criterion {
  const found = CRITERION.exec(raw)?.groups;
  if (found === undefined) throw selectionError('selector-spec', `Invalid selector spec "${raw}"`);
  return criterionOf(
    raw,
    {
      method: found.method,
      value: found.quoted ?? found.value ?? '',
      childrens_parents: found.at,
      parents: found.parents,
      parents_depth: found.parentsDepth,
      children: found.children,
      children_depth: found.childrenDepth,
    },
    indirectSelection,
  );
}

/**
 * One criterion from its fields; what is absent has dbt's default. Throws SqError (Runtime) for an unknown
 * method, `@` with `children`, and a depth or indirect selection that is none.
 */
export function criterionOf(
  raw: string,
  fields: CriterionFields,
  indirectSelection: IndirectSelection,
): Criterion {
  if (fields.value === undefined) {
    throw selectionError('selector-spec', `Invalid node spec "${raw}" - no search value!`);
  }
  const { method, arguments: given } = parseMethod(fields);
  const criterion: Criterion = {
    kind: 'criterion',
    raw,
    method,
    arguments: given,
    value: fields.value,
    childrensParents: Boolean(fields.childrens_parents),
    parents: Boolean(fields.parents),
    parentsDepth: depthOf(fields.parents_depth, 'parent'),
    children: Boolean(fields.children),
    childrenDepth: depthOf(fields.children_depth, 'child'),
    indirectSelection: parseIndirectSelection(fields.indirect_selection ?? indirectSelection),
  };
  if (criterion.children && criterion.childrensParents) {
    throw selectionError(
      'selector-operators',
      `Invalid node spec ${raw} - "@" prefix and "+" suffix are incompatible`,
      '"@" selects the children already: leave out the "+" at the end, or use "+" in place of "@"',
    );
  }
  return criterion;
}

function parseMethod(fields: CriterionFields): { method: MethodName; arguments: string[] } {
  if (fields.method === undefined || fields.method === null)
    return { method: defaultMethod(String(fields.value)), arguments: [] };
  const [name = '', ...given] = String(fields.method).split('.');
  if (!isMethodName(name)) {
    const near = nearest(name, METHOD_NAMES);
    throw selectionError(
      'selector-method',
      `'${name}' is not a valid method name`,
      near === undefined ? `methods are ${METHOD_NAMES.join(', ')}` : `did you mean '${near}'?`,
    );
  }
  return { method: name, arguments: given };
}

function isMethodName(name: string): name is MethodName {
  return (METHOD_NAMES as readonly string[]).includes(name);
}

function defaultMethod(value: string): MethodName {
  if (value.includes('/')) return 'path';
  return /\.(sql|py|csv)$/i.test(value) ? 'file' : 'fqn';
}

/** Text counts as written (`0+x` goes nowhere); a number 0 in YAML means no limit, as in dbt. */
function depthOf(raw: unknown, direction: 'parent' | 'child'): number | undefined {
  if (raw === undefined || raw === null || raw === '' || raw === 0 || raw === false) return undefined;
  const depth = Number(raw);
  if (Number.isInteger(depth)) return depth;
  throw selectionError('selector-depth', `Invalid node spec - could not handle ${direction} depth ${raw}`);
}

/** Throws SqError (Runtime) for a word that is no mode. */
export function parseIndirectSelection(raw: unknown): IndirectSelection {
  const found = INDIRECT_SELECTIONS.find((mode) => mode === raw);
  if (found !== undefined) return found;
  const near = nearest(String(raw), INDIRECT_SELECTIONS);
  throw selectionError(
    'indirect-selection',
    `'${raw}' is not a valid IndirectSelection`,
    near === undefined ? `it is one of ${INDIRECT_SELECTIONS.join(', ')}` : `did you mean '${near}'?`,
  );
}

/** `included` without `excluded`. Tests are not looked at again, as in dbt. */
export function difference(included: SelectionSpec, excluded: SelectionSpec, raw = ''): Combination {
  return {
    kind: 'difference',
    components: [included, excluded],
    raw,
    expectExists: false,
    indirectSelection: 'eager',
  };
}
