/**
 * DISK -> PLAIN DATA. What the load room gives: the project file, the profile's chosen output, property
 * files as YAML with positions, and the list of files. It interprets nothing of models; it validates shape
 * and says where (file, line, column) something is wrong.
 */
import type { Location } from '../errors.ts';

/** One file of a project as the walk saw it. */
export interface ProjectFile {
  /** Absolute, symlinks of the project kept as written. */
  absolute: string;
  /** Relative to the package's root, forward slashes: `models/marts/songs.sql`. */
  path: string;
  /** The base folder it was found under, as configured: `models`. */
  base: string;
  /** Relative to the base folder: `marts/songs.sql`. */
  relative: string;
  size: number;
  /** Modification time in milliseconds with fraction, as stat gives it. */
  mtimeMs: number;
  /** Change time in milliseconds with fraction: guards against a restored mtime. */
  ctimeMs: number;
  ino: number;
}

/** dbt_project.yml after rendering and validation; defaults filled in. Paths relative to `root`. */
export interface ProjectConfig {
  /** Absolute folder that holds dbt_project.yml. */
  root: string;
  name: string;
  version: string | null;
  profile: string | null;
  requireDbtVersion: string[];
  modelPaths: string[];
  seedPaths: string[];
  testPaths: string[];
  analysisPaths: string[];
  macroPaths: string[];
  snapshotPaths: string[];
  docsPaths: string[];
  functionPaths: string[];
  assetPaths: string[];
  targetPath: string;
  logPath: string;
  packagesInstallPath: string;
  cleanTargets: string[];
  quoting: { database?: boolean; schema?: boolean; identifier?: boolean };
  onRunStart: string[];
  onRunEnd: string[];
  dispatch: { macroNamespace: string; searchOrder: string[] }[];
  /** `vars:` as written (global and per package). */
  vars: Record<string, unknown>;
  /** Config trees: models, seeds, snapshots, data_tests, unit_tests, sources, exposures, ... as written, rendered. */
  trees: Record<string, Record<string, unknown>>;
  /** The same before rendering, for `unrendered_config`. */
  unrenderedTrees: Record<string, Record<string, unknown>>;
  flags: Record<string, unknown>;
  queryComment: unknown;
  restrictAccess: boolean;
  /** sq's own block. */
  sq: Record<string, unknown>;
  /** Environment variables that were read while rendering it. */
  envVars: ReadonlySet<string>;
  /** Text of dbt_project.yml, for the parse cache's key and for error positions. */
  text: string;
  /** The document with positions. */
  document: YamlDocument;
}

/** A YAML document as plain data, with a way to find the place of any value in it. */
export interface YamlDocument {
  path: string;
  value: unknown;
  /** Keys that stand twice in one mapping: the later one counts, its place is given (dbt: DuplicateYAMLKeysDeprecation). */
  readonly duplicateKeys: readonly { key: string; path: string; line: number; column: number }[];
  /** True when the number under `key` of `container` (an object of `value`) was written as a float: `1.0`. */
  isFloat(container: object, key: string | number): boolean;
  /** Place of the value (or, with `key: true`, of the key) at `keys`; the nearest enclosing place when absent. */
  locate(
    keys: readonly (string | number)[],
    options?: { key?: boolean },
  ): { path: string; line: number; column: number };
}

/** The connection that was chosen. */
export interface Profile {
  name: string;
  targetName: string;
  /** The output, rendered; values of the wrong type are the adapter's to refuse. */
  output: Record<string, unknown>;
  /** Where it came from; undefined for the embedded default engine. */
  path: string | undefined;
  /** Environment variables that were read while rendering it. */
  envVars: ReadonlySet<string>;
  /** The place of a value of the output in profiles.yml; absent for the embedded engine. */
  locate?: (keys: readonly string[]) => Location;
}
