/** Property files of all packages -> their declarations, each knowing its package, file and place. */
import { keyCheckFor, type YamlDocument } from '../load/index.ts';
import type { ProjectContext } from './contract.ts';
import {
  type Declaration,
  type GenericTest,
  type KeyPath,
  type PropertyFile,
  type PropertyOptions,
  readPropertyFile,
  type SourceOverride,
  type SourceTable,
} from './properties/index.ts';
import type { PackageSource, SourceFile, SqErrorPlace } from './session.ts';

/** Where a declaration stands. */
interface Placed {
  pkg: PackageSource;
  /** Relative to the package root. */
  path: string;
  /** Relative to the base folder, for fqns. */
  relative: string;
  document: YamlDocument;
  /** Place of the value at `keys` below the declaration. */
  at: (keys: KeyPath) => SqErrorPlace;
}

export type PropertyEntry = Declaration & Placed;
export type PlacedTable = SourceTable & Placed & { atSource: (keys: KeyPath) => SqErrorPlace };
export type PlacedTest = GenericTest & Placed;
export type PlacedOverride = SourceOverride & Placed;

export interface Properties {
  entries: PropertyEntry[];
  tables: PlacedTable[];
  tests: PlacedTest[];
  overrides: PlacedOverride[];
}

export function noProperties(): Properties {
  return { entries: [], tables: [], tests: [], overrides: [] };
}

/** Adds one file's declarations to `into` and answers them. Throws and emits what the reader does. */
export function addPropertyFile(
  context: ProjectContext,
  source: SourceFile,
  text: string,
  into: Properties,
): PropertyFile {
  const { file, package: pkg } = source;
  const read = readPropertyFile(text, file.path, file.relative, optionsFor(context, pkg));
  const placed = (keys: KeyPath): Placed => ({
    pkg,
    path: file.path,
    relative: file.relative,
    document: read.document,
    at: (below) => read.document.locate([...keys, ...below]),
  });
  for (const declaration of [...read.patches, ...read.resources]) {
    into.entries.push({ ...declaration, ...placed(declaration.keys) });
  }
  for (const table of read.tables) {
    const atSource = (below: KeyPath) => read.document.locate([...table.source.keys, ...below]);
    into.tables.push({ ...table, ...placed(table.keys), atSource });
  }
  for (const test of read.tests) into.tests.push({ ...test, ...placed(test.keys) });
  for (const override of read.overrides)
    into.overrides.push({ ...override, ...placed(override.declaration.keys) });
  return read;
}

export function optionsFor(context: ProjectContext, pkg: PackageSource): PropertyOptions {
  const { invocation, adapter, project } = context;
  return {
    packageName: pkg.config.name,
    emit: invocation.emit,
    quote: (column) => adapter.dialect.quote(column),
    keyCheck: keyCheckFor(adapter.type, invocation.env),
    requireArguments: project.flags.require_generic_test_arguments_property !== false,
    sqlHeaderInTests: project.flags.require_sql_header_in_test_configs === true,
  };
}
