/**
 * The manifest: what every step after parsing reads, and the only thing it reads. It may stand on a cache
 * file, so a command about one model does no work for the other ten thousand: `index` holds the few facts
 * that ordering and most selectors need for every vertex; `get` reads a whole node by key.
 */
import type { DocNode, GraphNode, GroupNode, MacroNode, ResourceType } from './nodes.ts';

/** What is known of every vertex without reading it whole. */
export interface NodeSummary {
  unique_id: string;
  resource_type: ResourceType;
  name: string;
  package_name: string;
  fqn: readonly string[];
  original_file_path: string;
  tags: readonly string[];
  /** Config `materialized`; empty where there is none. */
  materialized: string;
  /** Unique ids of parents among the vertices, in the order of depends_on.nodes. */
  parents: readonly string[];
  /** Only of tests. `kind` tells `test_type:`; `test_name` is the generic test's name. */
  test?: { kind: 'generic' | 'singular'; test_name?: string; attached_node?: string; severity: string };
  /** Only of sources. */
  source_name?: string;
  group?: string;
  access?: string;
  version?: string | number;
  latest_version?: string | number;
  /** `publish: audited`. */
  audited?: boolean;
  /** `pkg://models/x.yml` when a property file describes it: `path:` selects by it. */
  patch_path?: string;
  /** Its file holds no text: such a node is listed but never run. Never true of seeds. */
  empty?: boolean;
  /** Where it lives in the warehouse; absent for what has no relation. */
  relation?: { database: string | null; schema: string; identifier: string };
}

export interface ManifestMetadata {
  dbt_schema_version: string;
  dbt_version: string;
  generated_at: string;
  invocation_id: string;
  invocation_started_at: string;
  env: Record<string, string>;
  project_name: string;
  project_id: string;
  user_id: string | null;
  send_anonymous_usage_stats: boolean | null;
  adapter_type: string;
  quoting: { database: boolean; schema: boolean; identifier: boolean; column?: boolean | null };
  run_started_at: string;
}

export interface Manifest {
  readonly metadata: ManifestMetadata;
  /** Every enabled vertex by unique id, in the order of the artefact. */
  readonly index: ReadonlyMap<string, NodeSummary>;
  /** The whole vertex, frozen; undefined when there is none of that id. */
  get(uniqueId: string): GraphNode | undefined;
  /** Direct children of a vertex, in the order of `index`. */
  children(uniqueId: string): readonly string[];
  /** `package.name` or name within a package -> macro; the search order is the caller's. */
  macro(packageName: string, name: string): MacroNode | undefined;
  /** Where a macro's block begins in its file; line and column count from 1. */
  macroSpan(uniqueId: string): { line: number; column: number; offset: number };
  /** Packages that have macros, in the order: root project, installed packages, then sq's own (`dbt`, `dbt_<adapter>`). */
  readonly macroPackages: readonly string[];
  /** Every macro; used by artefacts and by commands that ask for all. */
  macros(): Iterable<MacroNode>;
  docs(): Iterable<DocNode>;
  groups(): Iterable<GroupNode>;
  /** selectors.yml, by name, as parsed. */
  readonly selectors: ReadonlyMap<string, SelectorDefinition>;
  /** Unique ids that have disabled vertices. */
  disabledIds(): Iterable<string>;
  /** Disabled vertices by unique id. */
  disabled(uniqueId: string): readonly GraphNode[];
  /**
   * `ref()` and `source()` by name. `ref` answers the node, 'disabled' or undefined; versions as dbt:
   * none given = latest.
   */
  findRef(
    name: string,
    packageName: string | null,
    version: string | number | null,
    fromPackage: string,
  ): FindResult;
  findSource(sourceName: string, tableName: string, fromPackage: string): FindResult;
}

export type FindResult = { uniqueId: string } | { disabled: string } | undefined;

export interface SelectorDefinition {
  name: string;
  description: string | null;
  default: boolean | string;
  /** A CLI string or a tree of union/intersection/method, as written. */
  definition: unknown;
}
