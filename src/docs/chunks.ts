/**
 * What the page is given, as data: columns of numbers and dictionaries instead of objects, because ten thousand
 * objects are ten times as many bytes. Every chunk is JSON, deflated, in a block of its own: `core` is read when the
 * page opens, `cols`, `text` and `runs` when there is time or somebody asks, code only on its tab.
 *
 * Vertices, columns and tests are numbers: their place in the arrays. `pack.ts` writes these chunks, `site/` reads them.
 */
import type { SelectorDefinition } from '../manifest/manifest.ts';

/** Raised with every change that an older page could not read. */
export const FORMAT = 1;

/** How many vertices share a chunk of code. */
export const CODE_CHUNK = 64;

/** States of a vertex, a test or a source, from harmless to bad; the number is the place in this list. */
export const STATES = ['not run', 'passed', 'skipped', 'warned', 'failed'] as const;
export type State = 0 | 1 | 2 | 3 | 4;

/** How a column reaches another one (src/analyze/contract.ts); the number is the place in this list. */
export const EDGE_KINDS = ['copied', 'renamed', 'transformed', 'filter'] as const;

/** Configs that `config.<name>:` can ask in the page: behaviours by name, never values of the environment. */
export const ASKABLE_CONFIGS = [
  'materialized',
  'tags',
  'enabled',
  'publish',
  'incremental_strategy',
  'on_schema_change',
] as const;

/** Where the columns of a vertex are from; the number is the place in this list. */
export const COLUMN_ORIGINS = ['analysis', 'catalog', 'yaml', 'none'] as const;

export interface ProjectFacts {
  name: string;
  adapter: string;
  /** ISO, UTC. */
  generatedAt: string;
  /** Of sq. */
  version: string;
  /** The last command that ran vertices; absent when none is known. */
  lastRun?: { command: string; startedAt: string; elapsed: number };
}

export interface CoreChunk {
  format: number;
  project: ProjectFacts;
  count: number;
  /** 0 where it is `type.package.name`. */
  id: (string | 0)[];
  name: string[];
  type: number[];
  types: string[];
  package: number[];
  packages: string[];
  /** Of the defining file. */
  folder: number[];
  folders: string[];
  /** Of `files`; the first one stands for the vertex's name with `.sql` (of seeds `.csv`). */
  file: number[];
  files: string[];
  /** What follows the package in the fqn; 0 stands for the vertex's name. */
  fqn: number[];
  fqns: (string | 0)[][];
  materialized: number[];
  materializations: string[];
  tags: number[];
  tagLists: string[][];
  /** Of sources; else the first, empty one. The same for the next three. */
  source: number[];
  sources: string[];
  group: number[];
  groups: string[];
  access: number[];
  accesses: string[];
  patch: number[];
  patches: string[];
  /** Versioned models only: vertex, its version, the latest version. */
  versions: [number, string | number, string | number | null][];
  state: State[];
  /** -1: not known. */
  rows: number[];
  /** Milliseconds of the last run of each; -1: not known. */
  ms: number[];
  /** Tests of each, and how many of them failed or warned. */
  tests: number[];
  failing: number[];
  warning: number[];
  /** Flat: parent, child, parent, child … */
  edges: number[];
  /** Top left corners on the map. */
  x: number[];
  y: number[];
  freshness: Freshness[];
  selectors: SelectorDefinition[];
  /** Whether the page has code, and whether its chunks stand beside it (`--split`). */
  code: 'inside' | 'beside' | 'none';
  /** Values of ASKABLE_CONFIGS, other than those in columns of their own. */
  config: number[];
  configs: Record<string, unknown>[];
}

export interface Freshness {
  node: number;
  state: State;
  /** ISO; null when the question failed or was not asked. */
  newest: string | null;
  /** Seconds between the newest row and the question. */
  age: number | null;
  /** `warn after 12 hours`, in words. */
  rule: string;
  /** What went wrong. */
  problem?: string;
}

export interface ColumnsChunk {
  names: string[];
  types: string[];
  /** Columns of vertex v: start[v] … start[v + 1] - 1. */
  start: number[];
  name: number[];
  /** -1: not known. */
  type: number[];
  /** Flat: from column, to column … `kinds` has one digit an edge. */
  edges: number[];
  kinds: string;
  /** Flat: column, vertex whose rows it decides. */
  filters: number[];
  /** One digit a vertex, of COLUMN_ORIGINS. */
  origins: string;
  /** Why a vertex could not be analysed. */
  problems: [number, string][];
}

/** Markdown as a tree: text, or an element. Plain text is a string. */
export type Markdown = string | MarkdownNode[];
export type MarkdownNode = string | [tag: MarkdownTag, children: MarkdownNode[], attribute?: string];
export type MarkdownTag =
  | 'p'
  | 'h'
  | 'ul'
  | 'ol'
  | 'li'
  | 'b'
  | 'i'
  | 's'
  | 'c'
  | 'pre'
  | 'q'
  | 'a'
  | 'br'
  | 'hr'
  | 'table'
  | 'tr'
  | 'th'
  | 'td';

export interface TestColumns {
  name: string[];
  /** 0 where it is `test.package.name`; else what follows that. */
  id: (string | 0)[];
  package: number[];
  /** The generic test's name, `singular` or `unit`. */
  kind: number[];
  kinds: string[];
  /** What it is given: `to users.user_id`, `free, paid`. */
  label: (string | 0)[];
  /** The vertex it is shown with; -1: none that the page shows. */
  node: number[];
  /** Place in ColumnsChunk; -1: of the whole vertex. */
  column: number[];
  /** Other vertices it reads: test, vertex … */
  alsoReads: number[];
  state: State[];
  /** Failing rows; -1: not known. */
  failures: number[];
  ms: number[];
  /** 1: severity warn. */
  warnOnly: (0 | 1)[];
  /** Of the file, as core.folder. */
  path: string[];
  tags: number[];
  /** What the warehouse or sq said when it failed. */
  message: (string | 0)[];
}

export interface TextChunk {
  /** The text of the project's `__overview__` block. */
  overview: Markdown | 0;
  description: (Markdown | 0)[];
  columns: (Markdown | 0)[];
  /** Flat: column, the column its description is from. */
  inheritedText: number[];
  /** Flat: column, test, the column that has the test. */
  inheritedTests: number[];
  inheritedTags: [column: number, tag: string, from: number][];
  tests: TestColumns;
  /** What else is known of a vertex: relation, owner, url …; meta only where `docs.meta` is true. */
  facts: [number, [name: string, value: string][]][];
  /** What was said when it failed. */
  messages: [number, string][];
}

/** One invocation as the page lists it. */
export interface RunFacts {
  command: string;
  startedAt: string;
  /** Milliseconds. */
  elapsed: number;
  /** Vertices by state, in the order of STATES; then tests. */
  nodes: number[];
  tests: number[];
}

export interface RunsChunk {
  /** What ran in the last run: vertices, and tests as -1 - test. */
  item: number[];
  /** Milliseconds since the run began. */
  start: number[];
  ms: number[];
  thread: number[];
  state: State[];
  threads: number;
  /** Oldest first; the last one is the last run. */
  history: RunFacts[];
  /** Of each run in `history`: vertices (0: the same as in the run before), and of each what it took and gave. */
  ran: { node: number[] | 0; ms: number[]; rows: number[] | 0; state: string }[];
}

/** Of one vertex: what its author wrote, what was compiled, and where the expression of a column stands in it. */
export interface NodeCode {
  language: string;
  raw: string;
  /** 0: the same as raw, or not in the page. */
  compiled: string | 0;
  /** Flat: place of the column within the vertex, start, end. */
  expressions: number[];
  /** SQL of the tests shown with it: test, text. */
  tests: [number, string][];
}

export type CodeChunk = (NodeCode | 0)[];

export interface Chunks {
  core: CoreChunk;
  cols: ColumnsChunk;
  text: TextChunk;
  runs: RunsChunk;
  [code: `code-${number}`]: CodeChunk;
}
