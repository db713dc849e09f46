/**
 * node -> final SQL. Only `compile(node, resolve)` turns a ref, source or this into SQL text (decision 9).
 * `resolve` maps a unique id to a fragment: the published relation, a staged one, a limited or filtered
 * subquery, a fixture. `compile/context/` holds what SQL may call.
 */
import type { AgateTable } from '../context/agate-table.ts';
import type { Inspector } from '../context/inspector.ts';
import type { NodeSummary } from '../manifest/manifest.ts';
import type { CompiledNode, GraphNode, MacroNode, SourceNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';

/** What a ref, source or this turns into. */
export type Fragment =
  | { kind: 'relation'; relation: Relation }
  /** Text that stands for a table: a subquery with parentheses, a table function call. */
  | { kind: 'sql'; sql: string };

/** `undefined`: use the published relation. */
export type Resolve = (uniqueId: string) => Fragment | undefined;

export interface CompiledSql {
  /** Final text with the CTEs of ephemeral parents injected. */
  sql: string;
  /** The rendered body before injection; equals `sql` without ephemeral parents. */
  body: string;
  extraCtes: { id: string; sql: string }[];
}

/** What a unit test changes of a model's surroundings. Macros may be named `package.name`. */
export interface Overrides {
  macros: Readonly<Record<string, unknown>>;
  vars: Readonly<Record<string, unknown>>;
  env_vars: Readonly<Record<string, unknown>>;
}

/** From `start` on, before `end`. */
export interface TimeWindow {
  start: Date;
  end: Date;
}

/** The part of a microbatch model that is built; `model.batch` of templates. */
export interface Batch extends TimeWindow {
  /** `20240917`, `20240917T16`. */
  id: string;
  /** It is added to what is there: `is_incremental()` is true, whatever stands. */
  incremental: boolean;
}

export interface CompileOptions {
  resolve?: Resolve;
  batch?: Batch;
  overrides?: Overrides;
  /** Extra names for the context, e.g. `results` in on-run-end. */
  extra?: Readonly<Record<string, unknown>>;
  /** Given, it is filled with the answers of `statement` blocks, by the name they were given. */
  answers?: Map<string, StatementAnswer>;
}

/** What `load_result(name)` holds. */
export interface StatementAnswer {
  table: AgateTable;
  message: string;
  rowsAffected: number | null;
}

/** Line and column count from 1; they are missing where only the file is known. */
export interface AuthorPlace {
  path: string;
  line?: number;
  column?: number;
  /** The author's line; absent where it is a part of one. */
  text?: string;
}

export interface Compiler {
  /** Renders a node's body and injects ephemeral parents. Throws SqError kind Compilation. */
  compile(node: CompiledNode, options?: CompileOptions): Promise<CompiledSql>;
  /** Renders any text (a hook, a location) in the node's context. */
  renderText(
    text: string,
    node: CompiledNode | null,
    options?: CompileOptions & { path?: string },
  ): Promise<string>;
  /**
   * Calls macro `name` (dispatch and overrides as dbt) in the node's context; relations among `args` become
   * api.Relation. Answers the text it renders or the value it returns. `sql` and friends via `extra`.
   */
  callMacro(
    name: string | MacroNode,
    args: readonly unknown[],
    node: CompiledNode | null,
    options?: CompileOptions,
  ): Promise<unknown>;
  /**
   * Calls a macro as `run-operation` does: by keyword, with plain data; `packageName` (default: the project) is
   * the package whose macros come first inside.
   */
  callOperation(
    macro: MacroNode,
    args: Readonly<Record<string, unknown>>,
    packageName: string | undefined,
  ): Promise<unknown>;
  /** True when the macro found for `name` is not sq's own. */
  isOverridden(name: string): boolean;
  /** The model, seed, snapshot or source whose relation has this name, whatever its schema. Looks at every one. */
  whoseRelation(identifier: string): NodeSummary | undefined;
  /** The source as this run reads it: a location that holds the interval is filled in. Throws as `sourceWithin`. */
  sourceNow(source: SourceNode): SourceNode;
  /** The relation of a node or source with its quoting. */
  relationOf(node: GraphNode): Relation;
  /** Where the run of `--defer-state` or `--state` has built the node; undefined: nowhere, or nothing is deferred. */
  deferredRelation(node: CompiledNode): Relation | undefined;
  /** The place in the author's file for an offset in compiled text, as near as can be told. */
  locate(node: CompiledNode, compiledSql: string, offset: number): AuthorPlace;
}

export type { Inspector };
