/**
 * `overrides: package` on a source (deprecated by dbt in favour of `enabled`): a project changes a source of a
 * package it installed. What the override says replaces what the package says, key by key; a table's tests and
 * columns are replaced as a whole.
 */
import type { Invocation } from '../invocation.ts';
import { isRecord, listOf } from './config/merge.ts';
import {
  type Declaration,
  duplicatePatch,
  type GenericTest,
  type PropertyOptions,
  testsOfTable,
} from './properties/index.ts';
import type { PlacedOverride, PlacedTable, PlacedTest, Properties } from './property-files.ts';

/** Changes tables and tests of `properties` in place. Emits dbt's warning for overrides without a target. */
export function applyOverrides(
  properties: Properties,
  optionsOf: (table: PlacedTable) => PropertyOptions,
  invocation: Invocation,
): void {
  if (properties.overrides.length === 0) return;
  const byKey = new Map<string, PlacedOverride>();
  for (const override of properties.overrides) {
    const { package: name, declaration } = override;
    const key = `${name}\u0000${declaration.name}`;
    const other = byKey.get(key);
    if (other) throw duplicatePatch('source', declaration.name, name, other.path, override.at([]));
    byKey.set(key, override);
  }
  const used = new Map<PlacedOverride, Set<string>>();
  properties.tables = properties.tables.map((table) => {
    const override = byKey.get(`${table.pkg.config.name}\u0000${table.source.name}`);
    if (!override) return table;
    const tables = used.get(override) ?? new Set();
    used.set(override, tables.add(table.name));
    const changed = overridden(table, override);
    properties.tests = properties.tests.filter((test) => !isOf(test, table));
    const tests: GenericTest[] = testsOfTable(changed, changed.document, optionsOf(table));
    for (const test of tests) properties.tests.push({ ...changed, ...test } as PlacedTest);
    return changed;
  });
  warnUnused([...byKey.values()], used, invocation);
}

/** Files and names stay the package's; places lead into the override. */
function overridden(table: PlacedTable, override: PlacedOverride): PlacedTable {
  const { tables, overrides: _overrides, ...own } = override.declaration.raw;
  const source: Declaration = { ...table.source, raw: { ...table.source.raw, ...own } };
  const index = listOf(tables).findIndex((one) => isRecord(one) && one.name === table.name);
  const atSource = override.at;
  if (index === -1) return { ...table, source, atSource };
  const keys = [...override.declaration.keys, 'tables', index];
  const { document } = override;
  return {
    ...table,
    source,
    atSource,
    raw: { ...table.raw, ...(listOf(tables)[index] as Record<string, unknown>) },
    keys,
    document,
    at: (below) => document.locate([...keys, ...below]),
  };
}

function isOf({ target, pkg }: PlacedTest, table: PlacedTable): boolean {
  return (
    target.section === 'sources' &&
    pkg === table.pkg &&
    target.source === table.source.name &&
    target.table === table.name
  );
}

function warnUnused(
  overrides: readonly PlacedOverride[],
  used: ReadonlyMap<PlacedOverride, ReadonlySet<string>>,
  invocation: Invocation,
): void {
  const lines = overrides.flatMap((override) => {
    const name = `${override.package}.${override.declaration.name}`;
    const tables = used.get(override);
    if (!tables) return [`  - Source ${name} (in ${override.path})`];
    return listOf(override.declaration.raw.tables)
      .filter(isRecord)
      .map((table) => String(table.name))
      .filter((table) => !tables.has(table))
      .sort()
      .map((table) => `  - Source table ${name}.${table} (in ${override.path})`);
  });
  if (lines.length === 0) return;
  const msg = ['During parsing, dbt encountered source overrides that had no target:', ...lines].join('\n');
  invocation.emit({ name: 'Warning', event_name: 'UnusedTables', msg });
}
