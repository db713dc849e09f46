/**
 * What the docs page and `sq lineage` are made from, as data: the manifest, the catalog, what static analysis says
 * of columns, and what earlier invocations did. Whoever makes a page of it embeds by allow-list; nothing here holds
 * the environment, vars, connection settings or rows of a table.
 */
import type { Analysis } from '../analyze/contract.ts';
import type { NodeStatus } from '../events.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** A column of `catalog.json`. */
export interface CatalogColumn {
  type: string;
  /** Counts from 1. */
  index: number;
  name: string;
  comment: string | null;
}

/** A figure about a table; dbt's page shows those with `include`. */
export interface CatalogStat {
  id: string;
  label: string;
  value: string | number | boolean | null;
  include: boolean;
  description: string;
}

/** A relation that is in the warehouse, in the shape of dbt's catalog v1. */
export interface CatalogTable {
  metadata: {
    type: string;
    schema: string;
    name: string;
    database: string | null;
    comment: string | null;
    owner: string | null;
  };
  columns: Record<string, CatalogColumn>;
  /** `has_stats` always; `row_count` and `bytes` where the engine knows them (an estimate on some engines). */
  stats: Record<string, CatalogStat>;
  unique_id: string;
}

/** `target/catalog.json`. */
export interface Catalog {
  metadata: {
    dbt_schema_version: string;
    dbt_version: string;
    generated_at: string;
    invocation_id: string;
    invocation_started_at: string;
    env: Record<string, string>;
  };
  nodes: Record<string, CatalogTable>;
  sources: Record<string, CatalogTable>;
  /** One text for each schema that could not be read; null when all could. */
  errors: string[] | null;
}

/** What one invocation did to one node. */
export interface NodeRun {
  uniqueId: string;
  status: NodeStatus;
  /** Number of the thread, from 1; 0 where nothing ran (skipped). */
  thread: number;
  /** Milliseconds after the start of the invocation; null where nothing ran. */
  start: number | null;
  end: number | null;
  /** Rows written; null where the engine did not say, or nothing was written. */
  rows: number | null;
  /** Failing rows of a test. */
  failures: number | null;
  /** Why it failed or warned: the message's first lines, secrets masked. Null for what went well. */
  message: string | null;
}

/** One invocation of run, build, test, seed or snapshot. */
export interface RunRecord {
  invocationId: string;
  command: string;
  /** `--select` and `--exclude` as typed. */
  select: string[];
  exclude: string[];
  target: string;
  /** ISO time. */
  startedAt: string;
  /** Milliseconds. */
  elapsed: number;
  success: boolean;
  interrupted: boolean;
  /** In the order of finishing. */
  nodes: NodeRun[];
}

/** A result of `source freshness` (sources.json). */
export interface Freshness {
  uniqueId: string;
  status: 'pass' | 'warn' | 'error' | 'runtime error';
  /** ISO times; null where the source could not be asked. */
  maxLoadedAt: string | null;
  snapshottedAt: string | null;
  /** Seconds. */
  age: number | null;
  /** `warn after 12 hours`, `error after 24 hours`; null where there is no such rule. */
  warnAfter: string | null;
  errorAfter: string | null;
  error: string | null;
}

export interface DocsInput {
  project: {
    name: string;
    /** `duckdb`, `postgres`, `redshift`. */
    adapter: string;
    target: string;
    /** ISO time; SOURCE_DATE_EPOCH where that is set. */
    generatedAt: string;
    /** Of sq. */
    version: string;
  };
  manifest: Manifest;
  /** Compiled SQL of a node, where there is some. Secrets are masked when the page is packed. */
  compiledCode(uniqueId: string): string | undefined;
  /** Empty where the warehouse was not asked. */
  catalog: Catalog;
  /** Null where column lineage was not asked for. */
  analysis: Analysis | null;
  /** Newest first, at most 50. */
  history: readonly RunRecord[];
  /** Of each node that any run of the history touched, its newest run. */
  latest: ReadonlyMap<string, NodeRun & { record: RunRecord }>;
  freshness: readonly Freshness[];
  /** Masked in every text that is packed. */
  secrets: ReadonlySet<string>;
}

export interface PageOptions {
  /** Code beside the page in data/code-N.js instead of in it. */
  split: boolean;
  /** Also as static_index.html, dbt's name. */
  static: boolean;
  /** False: no compiled SQL in the page (it may hold values of env_var). */
  compiledCode: boolean;
  /** True: `meta` of nodes and columns, too (`docs.meta: true` of the project's sq block). */
  meta: boolean;
}

export interface WrittenPage {
  /** Absolute path of index.html. */
  path: string;
  /** Of index.html. */
  bytes: number;
}
