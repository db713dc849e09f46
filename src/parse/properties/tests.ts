/** Where generic tests stand: below a model and its versions, a seed, a snapshot, a source table, their columns. */
import { isMapping, type YamlDocument } from '../../load/index.ts';
import type {
  Declaration,
  GenericTest,
  GenericTestTarget,
  KeyPath,
  PropertyOptions,
  SourceTable,
} from './contract.ts';
import { genericTest } from './generic-test.ts';
import { versionsOf } from './versions.ts';

interface Place {
  target: GenericTestTarget;
  document: YamlDocument;
  options: PropertyOptions;
  /** `quote_columns:` of the resource. */
  quoteColumns: boolean;
  inheritedTags: readonly unknown[];
}

/** dbt's order: per version, the columns' tests, then the model's own. */
export function testsOfModel(
  model: Declaration,
  document: YamlDocument,
  options: PropertyOptions,
): GenericTest[] {
  const versions = versionsOf(model, document);
  if (versions.length === 0) return testsOfNode(model, 'models', document, options);
  return versions.flatMap((version) => {
    const place = placeOf(
      { section: 'models', name: model.name, version: version.v },
      model,
      document,
      options,
    );
    const own = listed(version.raw, version.keys);
    return [
      ...version.columns.flatMap(({ raw, keys }) => testsOfColumn(raw, keys, place)),
      ...testsAt(own ?? listed(model.raw, model.keys), place),
    ];
  });
}

/** The columns' tests, then the resource's own. */
export function testsOfNode(
  node: Declaration,
  section: 'models' | 'seeds' | 'snapshots',
  document: YamlDocument,
  options: PropertyOptions,
): GenericTest[] {
  const place = placeOf({ section, name: node.name, version: null }, node, document, options);
  return [...testsOfColumns(node.raw, node.keys, place), ...testsAt(listed(node.raw, node.keys), place)];
}

/** The table's own tests, then its columns'. */
export function testsOfTable(
  table: SourceTable,
  document: YamlDocument,
  options: PropertyOptions,
): GenericTest[] {
  const place: Place = {
    target: { section: 'sources', source: table.source.name, table: table.name },
    document,
    options,
    quoteColumns: false,
    inheritedTags: [table.source.raw.tags, table.raw.tags].filter(given),
  };
  return [...testsAt(listed(table.raw, table.keys), place), ...testsOfColumns(table.raw, table.keys, place)];
}

function placeOf(
  target: GenericTestTarget,
  node: Declaration,
  document: YamlDocument,
  options: PropertyOptions,
): Place {
  return { target, document, options, quoteColumns: node.raw.quote_columns === true, inheritedTags: [] };
}

function testsOfColumns(raw: Readonly<Record<string, unknown>>, keys: KeyPath, place: Place): GenericTest[] {
  const { columns } = raw;
  if (!Array.isArray(columns)) return [];
  return columns.flatMap((column: Record<string, unknown>, i) =>
    testsOfColumn(column, [...keys, 'columns', i], place),
  );
}

function testsOfColumn(
  column: Readonly<Record<string, unknown>>,
  keys: KeyPath,
  place: Place,
): GenericTest[] {
  const tests = listed(column, keys);
  if (tests === undefined) return [];
  const quoted =
    column.quote === true || ((column.quote === undefined || column.quote === null) && place.quoteColumns);
  const tags = [column.tags, isMapping(column.config) ? column.config.tags : undefined].filter(given);
  return testsAt(tests, place, { name: String(column.name), quoted }, tags);
}

interface Listed {
  entries: readonly unknown[];
  keys: KeyPath;
}

/** The list under `data_tests:`, or under its old name. */
function listed(raw: Readonly<Record<string, unknown>>, keys: KeyPath): Listed | undefined {
  for (const key of ['tests', 'data_tests']) {
    const entries = raw[key];
    if (Array.isArray(entries) && (entries.length > 0 || key === 'data_tests'))
      return { entries, keys: [...keys, key] };
  }
  return undefined;
}

function testsAt(
  tests: Listed | undefined,
  place: Place,
  column?: { name: string; quoted: boolean },
  tags: readonly unknown[] = [],
): GenericTest[] {
  if (tests === undefined) return [];
  const { target, document, options } = place;
  return tests.entries.map((entry, i) =>
    genericTest({
      document,
      options,
      target,
      entry,
      keys: [...tests.keys, i],
      ...(column ? { column } : {}),
      inheritedTags: [...place.inheritedTags, ...tags],
    }),
  );
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}
