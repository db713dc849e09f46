/**
 * What the room sql answers about a text of SQL. The parser library stands behind it; it is young and has hard
 * limits, so every answer may be a `SqlFailure`, and none takes longer than it was given.
 */

/** `duckdb`, `postgres`, `redshift`, or another dialect the parser knows. */
export type SqlDialect = string;

/** A relation that a query may read, with its columns in order; null where they are not known. */
export interface KnownRelation {
  /** `[identifier]`, `[schema, identifier]` or `[database, schema, identifier]`, without quotes. */
  name: readonly string[];
  columns: readonly string[] | null;
  /** It may have more columns than those: a name that is found nowhere else is taken for one of its. */
  open?: boolean;
}

export interface LineageQuery {
  sql: string;
  dialect: SqlDialect;
  /** Origins name these by their place in the list. */
  relations: readonly KnownRelation[];
  /** Common table expressions that stand for a relation of this name (an ephemeral model injected into the text). */
  injected?: readonly string[];
  /** Also tell where each column's expression stands. Default false. */
  places?: boolean;
  /** Also give the query in DuckDB's words, where the parser can write it so. Only to be bound, never to be run. */
  inDuckDb?: boolean;
}

/** A column of one of the query's relations. */
export interface SourceColumn {
  relation: number;
  column: string;
}

export interface Origin extends SourceColumn {
  kind: 'copied' | 'renamed' | 'transformed';
  /** It comes over the side of an outer join that may be missing, or out of grouping sets. */
  nullable?: true;
  /** A row of the relation can be in the result more than once: a join, a union, a list taken apart. */
  repeated?: true;
}

export interface QueryColumn {
  name: string;
  /** The author gave no name: this one is a guess, the engine's may differ. */
  unnamed?: true;
  /** The expression is a cast: its type is what it says, whatever it is made of. */
  cast?: true;
  origins: Origin[];
  /** Where the expression stands in the text, as offsets of characters [start, end). */
  expression?: { start: number; end: number };
}

export interface QueryLineage {
  columns: QueryColumn[];
  /** Columns that decide which rows there are, or how they are grouped, and are in no column's value. */
  filters: SourceColumn[];
  /** False where the list of columns may lack some: a star over a relation whose columns are not known. */
  complete: boolean;
  /** Names of columns that were found nowhere, in the author's spelling. */
  unresolved: string[];
  /** The query in DuckDB's words, where it was asked for. */
  inDuckDb?: string;
}

export interface SqlToken {
  kind: string;
  text: string;
  /** Offsets of characters [start, end). */
  start: number;
  end: number;
}

/** Why there is no answer: the text is beyond the parser, or it took too long. */
export interface SqlFailure {
  failure: string;
  /** Offset of the character where the parser stopped. */
  position?: number;
  /** The worker was ended or broke: on another day there may be an answer. */
  passing?: true;
}

/** Every question goes to the same worker, one after another. */
export interface SqlEngine {
  lineage(query: LineageQuery): Promise<QueryLineage | SqlFailure>;
  tokens(sql: string, dialect: SqlDialect): Promise<SqlToken[] | SqlFailure>;
  /** The statements of a text, each as it stands there, without the semicolon. */
  split(sql: string, dialect: SqlDialect): Promise<string[] | SqlFailure>;
  /** Ends the worker. Repeatable. */
  close(): Promise<void>;
}

export function isFailure(answer: object): answer is SqlFailure {
  return 'failure' in answer;
}
