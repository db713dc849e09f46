/** `versions:` of a model: which there are, and which columns each has. */
import { isMapping, pythonRepr, pythonText, type YamlDocument } from '../../load/index.ts';
import type { Declaration, KeyPath } from './contract.ts';
import { parsingError } from './problems.ts';

export interface ModelVersion {
  v: string | number;
  /** The entry of `versions:`. */
  raw: Readonly<Record<string, unknown>>;
  keys: KeyPath;
  /** Columns of the model that the version keeps, then its own. */
  columns: readonly { raw: Readonly<Record<string, unknown>>; keys: KeyPath }[];
}

/**
 * The versions of a model in the file's order; none for a model without. Throws kind Parsing for a version that
 * stands twice, a `latest_version` that is none of them, more than one include/exclude.
 */
export function versionsOf(model: Declaration, document: YamlDocument): ModelVersion[] {
  const { versions, latest_version: latest } = model.raw;
  if (!Array.isArray(versions) || versions.length === 0) return [];
  const seen = new Set<string>();
  const found = versions.map((raw: Record<string, unknown>, i): ModelVersion => {
    const keys = [...model.keys, 'versions', i];
    const v = raw.v as string | number;
    if (seen.has(String(v))) {
      throw parsingError(
        document,
        keys,
        'invalid-versions',
        `Found duplicate version: '${v}' in versions list of model '${model.name}'`,
      );
    }
    seen.add(String(v));
    return { v, raw, keys, columns: columnsOf(model, raw, keys, document) };
  });
  if (latest !== undefined && latest !== null && latest !== '' && !found.some(({ v }) => v === latest)) {
    const known = `[${found.map(({ v }) => pythonRepr(v)).join(', ')}]`;
    throw parsingError(
      document,
      [...model.keys, 'latest_version'],
      'invalid-versions',
      `latest_version: ${pythonText(latest)} is not one of model '${model.name}' versions: ${known} `,
      found.some(({ v }) => String(v) === String(latest))
        ? 'a number and a text are not the same: leave the quotes out, or put them around both'
        : undefined,
    );
  }
  return found;
}

function columnsOf(
  model: Declaration,
  version: Readonly<Record<string, unknown>>,
  versionKeys: KeyPath,
  document: YamlDocument,
): { raw: Readonly<Record<string, unknown>>; keys: KeyPath }[] {
  const base = Array.isArray(model.raw.columns) ? (model.raw.columns as Record<string, unknown>[]) : [];
  const own = Array.isArray(version.columns) ? (version.columns as unknown[]).filter(isMapping) : [];
  const rules = own.filter((entry) => isRule(entry));
  if (rules.length > 1) {
    throw parsingError(
      document,
      [...versionKeys, 'columns'],
      'invalid-versions',
      'version can have at most one include/exclude element',
    );
  }
  const includes = ruleOf(rules[0]);
  const kept = base.flatMap((raw, i) =>
    includes(String(raw.name)) ? [{ raw, keys: [...model.keys, 'columns', i] }] : [],
  );
  const added = own.flatMap((raw, i) => (isRule(raw) ? [] : [{ raw, keys: [...versionKeys, 'columns', i] }]));
  return [...kept, ...added];
}

function isRule(entry: Record<string, unknown>): boolean {
  return entry.name === undefined && (entry.include !== undefined || entry.exclude !== undefined);
}

function ruleOf(rule: Record<string, unknown> | undefined): (column: string) => boolean {
  if (rule === undefined) return () => true;
  const excluded = new Set(listOf(rule.exclude));
  const { include } = rule;
  const all = include === undefined || include === '*' || include === 'all';
  const included = new Set(listOf(include));
  return (column) => (all || included.has(column)) && !excluded.has(column);
}

function listOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
