/**
 * The nouns of a project, in exactly the shape of dbt's manifest v12, so that a node in memory, in the cache
 * and in `manifest.json` is the same text. Keys are therefore snake_case. Everything here is data; objects
 * are frozen once the manifest is made.
 */

export type ResourceType =
  | 'model'
  | 'seed'
  | 'snapshot'
  | 'test'
  | 'analysis'
  | 'operation'
  | 'sql_operation'
  | 'source'
  | 'exposure'
  | 'metric'
  | 'semantic_model'
  | 'saved_query'
  | 'unit_test'
  | 'function'
  | 'macro'
  | 'doc'
  | 'group';

export interface Checksum {
  name: 'sha256' | 'path' | 'none';
  checksum: string;
}

export interface RefArgs {
  name: string;
  package: string | null;
  version: string | number | null;
}

export interface Hook {
  sql: string;
  transaction: boolean;
  index: number | null;
}

export interface ColumnInfo {
  name: string;
  description: string;
  meta: Record<string, unknown>;
  data_type: string | null;
  constraints: Record<string, unknown>[];
  quote: boolean | null;
  config: { meta: Record<string, unknown>; tags: string[] };
  tags: string[];
  granularity: string | null;
  doc_blocks: string[];
  /** sq: where the value stands in an external file (a JSONPath), of external sources only. */
  path?: string;
  [extra: string]: unknown;
}

export interface DependsOn {
  macros: string[];
  nodes: string[];
}

/** Node config after inheritance. Keys are dbt's; adapters and users may add more. */
export interface NodeConfig {
  enabled: boolean;
  alias?: string | null;
  schema?: string | null;
  database?: string | null;
  tags: string[];
  meta: Record<string, unknown>;
  group?: string | null;
  materialized: string;
  incremental_strategy?: string | null;
  unique_key?: string | string[] | null;
  on_schema_change?: string;
  full_refresh?: boolean | null;
  'pre-hook'?: Hook[];
  'post-hook'?: Hook[];
  quoting?: Record<string, boolean>;
  column_types?: Record<string, string>;
  contract?: { enforced: boolean; alias_types: boolean };
  /** sq: when the table is published (default immediate). */
  publish?: 'immediate' | 'audited';
  [key: string]: unknown;
}

interface Common {
  name: string;
  package_name: string;
  /** Relative to the resource's base folder, e.g. `marts/songs.sql`. */
  path: string;
  /** Relative to the package's root, e.g. `models/marts/songs.sql`. */
  original_file_path: string;
  unique_id: string;
  fqn: string[];
}

/** Models, seeds, snapshots, tests, analyses, operations: what compiles to SQL (or is loaded as a table). */
export interface CompiledNode extends Common {
  resource_type:
    | 'model'
    | 'seed'
    | 'snapshot'
    | 'test'
    | 'analysis'
    | 'operation'
    | 'sql_operation'
    | 'function';
  database: string | null;
  schema: string;
  alias: string;
  checksum: Checksum;
  config: NodeConfig;
  tags: string[];
  description: string;
  columns: Record<string, ColumnInfo>;
  meta: Record<string, unknown>;
  group: string | null;
  docs: { show: boolean; node_color: string | null };
  patch_path: string | null;
  build_path: string | null;
  unrendered_config: Record<string, unknown>;
  /** Seconds since the epoch. */
  created_at: number;
  /** Quoted full name, null for tests and ephemeral models. */
  relation_name: string | null;
  raw_code: string;
  doc_blocks?: string[];
  language?: 'sql' | 'python';
  refs?: RefArgs[];
  sources?: [string, string][];
  metrics?: string[][];
  functions?: string[][];
  depends_on: DependsOn;
  compiled_path?: string | null;
  compiled?: boolean;
  compiled_code?: string;
  extra_ctes_injected?: boolean;
  extra_ctes?: { id: string; sql: string }[];
  contract?: { enforced: boolean; alias_types: boolean; checksum: string | null };
  // models
  access?: 'private' | 'protected' | 'public';
  constraints?: Record<string, unknown>[];
  version?: string | number | null;
  latest_version?: string | number | null;
  deprecation_date?: string | null;
  primary_key?: string[];
  time_spine?: unknown;
  defer_relation?: unknown;
  // seeds
  root_path?: string | null;
  // tests
  test_metadata?: { name: string; kwargs: Record<string, unknown>; namespace: string | null };
  column_name?: string | null;
  file_key_name?: string | null;
  attached_node?: string | null;
  // operations
  index?: number;
  [extra: string]: unknown;
}

export interface FreshnessThreshold {
  warn_after?: { count: number | null; period: string | null };
  error_after?: { count: number | null; period: string | null };
  filter?: string | null;
}

/** `external:` of a source table. Of another shape (dbt-external-tables) it is kept and left alone. */
export interface ExternalTable {
  location?: string | null;
  location_all?: string | null;
  format?: string;
  jsonpaths?: string;
  options?: Record<string, unknown>;
  [extra: string]: unknown;
}

export interface SourceNode extends Common {
  resource_type: 'source';
  database: string | null;
  schema: string;
  source_name: string;
  source_description: string;
  loader: string;
  identifier: string;
  quoting: Record<string, unknown>;
  loaded_at_field: string | null;
  loaded_at_query: string | null;
  freshness: FreshnessThreshold | null;
  external: ExternalTable | null;
  description: string;
  columns: Record<string, ColumnInfo>;
  meta: Record<string, unknown>;
  source_meta: Record<string, unknown>;
  tags: string[];
  config: Record<string, unknown> & { enabled: boolean };
  patch_path: string | null;
  unrendered_config: Record<string, unknown>;
  relation_name: string;
  created_at: number;
  unrendered_database: string | null;
  unrendered_schema: string | null;
  doc_blocks: string[];
  [extra: string]: unknown;
}

/** Resources that only refer to others: kept in the manifest, selectable, never run (unit tests: issue 4). */
export interface ReferringNode extends Common {
  resource_type: 'exposure' | 'metric' | 'semantic_model' | 'saved_query' | 'unit_test';
  depends_on: DependsOn;
  refs?: RefArgs[];
  sources?: [string, string][];
  config: Record<string, unknown> & { enabled: boolean };
  tags?: string[];
  meta?: Record<string, unknown>;
  description?: string | null;
  [extra: string]: unknown;
}

export interface MacroNode {
  name: string;
  resource_type: 'macro';
  package_name: string;
  path: string;
  original_file_path: string;
  unique_id: string;
  macro_sql: string;
  depends_on: { macros: string[] };
  description: string;
  meta: Record<string, unknown>;
  docs: { show: boolean; node_color: string | null };
  config: { meta: Record<string, unknown>; docs: { show: boolean; node_color: string | null } };
  patch_path: string | null;
  arguments: { name: string; type: string | null; description: string }[];
  created_at: number;
  supported_languages: string[] | null;
}

export interface DocNode {
  name: string;
  resource_type: 'doc';
  package_name: string;
  path: string;
  original_file_path: string;
  unique_id: string;
  block_contents: string;
}

export interface GroupNode {
  name: string;
  resource_type: 'group';
  package_name: string;
  path: string;
  original_file_path: string;
  unique_id: string;
  owner: Record<string, unknown>;
  description: string | null;
  config: Record<string, unknown>;
}

/** Everything that is a vertex of the graph. */
export type GraphNode = CompiledNode | SourceNode | ReferringNode;

export function isCompiled(node: GraphNode): node is CompiledNode {
  return !(
    ['source', 'exposure', 'metric', 'semantic_model', 'saved_query', 'unit_test'] as string[]
  ).includes(node.resource_type);
}

export function isSource(node: GraphNode): node is SourceNode {
  return node.resource_type === 'source';
}
