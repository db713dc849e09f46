/**
 * Property files as declarations: what the author wrote, found, checked and counted, nothing rendered and no
 * config merged. Every declaration knows its key path, so that an error can point at the very value.
 */
import type { SqEvent } from '../../events.ts';
import type { YamlDocument } from '../../load/index.ts';

export type KeyPath = readonly (string | number)[];

/** Sections whose entries describe something that stands elsewhere (a file, a macro). */
export type PatchSection =
  | 'models'
  | 'seeds'
  | 'snapshots'
  | 'analyses'
  | 'macros'
  | 'functions'
  | 'data_tests';
/** Sections whose entries are the thing itself. */
export type ResourceSection =
  | 'exposures'
  | 'groups'
  | 'metrics'
  | 'semantic_models'
  | 'saved_queries'
  | 'unit_tests';
export type Section = PatchSection | ResourceSection | 'sources';

/** One entry of a section as written. */
export interface Declaration {
  section: Section;
  name: string;
  /** The entry: keys and values as in the file, Jinja not rendered. Not to be changed. */
  raw: Readonly<Record<string, unknown>>;
  /** Where it stands: `['models', 2]`. */
  keys: KeyPath;
}

/** One table of a source. */
export interface SourceTable {
  /** The entry of `sources:`. */
  source: Declaration;
  /** Name of the table. */
  name: string;
  /** The entry of `tables:`. */
  raw: Readonly<Record<string, unknown>>;
  /** `['sources', 0, 'tables', 3]`. */
  keys: KeyPath;
}

/** `overrides: package` on a source (deprecated by dbt): changes a source of an installed package. */
export interface SourceOverride {
  package: string;
  declaration: Declaration;
}

/** A generic test on a model, seed, snapshot, source table or one of their columns. */
export interface GenericTest {
  target: GenericTestTarget;
  /** Without namespace: `not_null`. */
  name: string;
  /** `dbt_utils` of `dbt_utils.recency`, or null. */
  namespace: string | null;
  /** For the macro, as written: with `model` and `column_name`, without config, name and description. */
  args: Readonly<Record<string, unknown>>;
  /** Config from the top level of the test and from `config:`, as written, in dbt's order. */
  config: Readonly<Record<string, unknown>>;
  description: string;
  /** The author's name, or the one made of test, target and arguments: for the unique id and the fqn. */
  fullName: string;
  /** Below 64 characters: for the alias and the compiled file. */
  shortName: string;
  /** Ends the unique id. */
  hash: string;
  /** Quoted where the column is. */
  columnName: string | null;
  /** The column's name as written, for `attached` and messages. */
  rawColumnName: string | null;
  /** Tags that the test has from its column (and source): each text or list as written. */
  inheritedTags: readonly unknown[];
  /** Of the test's entry: `['models', 0, 'columns', 1, 'data_tests', 0]`. */
  keys: KeyPath;
}

export type GenericTestTarget =
  | { section: 'models' | 'seeds' | 'snapshots'; name: string; version: string | number | null }
  | { section: 'sources'; source: string; table: string };

/** All declarations of one file, each list in the file's order. */
export interface PropertyFile {
  readonly path: string;
  readonly document: YamlDocument;
  readonly patches: readonly (Declaration & { section: PatchSection })[];
  readonly resources: readonly (Declaration & { section: ResourceSection })[];
  readonly tables: readonly SourceTable[];
  readonly overrides: readonly SourceOverride[];
  readonly tests: readonly GenericTest[];
}

/** How much of dbt's check of unknown keys is done: all of it, or only what is near to a known key. */
export type KeyCheck = 'all' | 'near';

export interface PropertyOptions {
  /** Of the file. */
  packageName: string;
  /** Deprecations go here. */
  emit: (event: SqEvent) => void;
  /** The adapter's quotes around a column. */
  quote: (column: string) => string;
  keyCheck: KeyCheck;
  /** Flag `require_generic_test_arguments_property`; default true. */
  requireArguments?: boolean;
  /** Flag `require_sql_header_in_test_configs`; default false. */
  sqlHeaderInTests?: boolean;
}
