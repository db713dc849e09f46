/**
 * What an engine must provide to sq. An adapter folder holds `settings.ts` (validates the profile),
 * `dialect.ts` (spells SQL), `driver.ts` (talks) and, where its SQL differs, macros under
 * `src/builtins/macros/<type>/`. Shared code asks for a capability, never for an engine's name.
 */
import type { Location, SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { Column } from '../manifest/column.ts';
import type { SourceNode } from '../manifest/nodes.ts';
import type { Relation, RelationType } from '../manifest/relation.ts';
import type { LoaderAnswer, LoaderRequest, UnloadAnswer, UnloadRequest } from './loader-contract.ts';

/** Broad class of a column of a result; decides how a value is shown and typed in templates. */
export type ValueKind =
  | 'integer'
  | 'float'
  | 'decimal'
  | 'text'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'other';

/**
 * A value of a result: null, boolean, number (integers that are safe, floats), bigint (integers beyond 2^53),
 * string (text, and decimal, date, timestamp, time, other in the engine's text form, no digit lost).
 */
export type Value = null | boolean | number | bigint | string;

export interface QueryResult {
  columns: { name: string; type: string; kind: ValueKind }[];
  rows: Value[][];
}

export interface ExecResult {
  /** Rows written by the statement, or null where the engine does not say. */
  rowsAffected: number | null;
  /** What the console shows in brackets: `SELECT 6820`, `CREATE VIEW`, `OK`. */
  message: string;
  /** The rows, when the statement was a query and rows were asked for. */
  result?: QueryResult;
}

/** Says for whom a statement runs: goes to logs and to the query comment. */
export interface StatementOwner {
  /** Connection name as dbt logs it, e.g. `model.sparkify.songs`. */
  name: string;
  /** Queue or label of its statements (config `query_group`), where the engine has such a thing. */
  queryGroup?: string;
}

/** Text that goes with each statement of an owner; both are empty where there is none. */
export interface StatementComment {
  /** Ends with a line end. */
  prefix: string;
  /** Begins with one. */
  suffix: string;
}

/**
 * One connection. Statements run in order. After `begin` a failed statement leaves the transaction unusable:
 * the session tracks that, and `commit` then throws instead of pretending.
 */
export interface Session {
  /** Runs one statement and fetches its rows; `limit` bounds the rows fetched. */
  query(sql: string, options?: { limit?: number }): Promise<QueryResult>;
  /** Runs one statement; `fetch` asks for its rows too, at most `limit`. */
  execute(sql: string, options?: { fetch?: boolean; limit?: number }): Promise<ExecResult>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  readonly inTransaction: boolean;
}

export interface Driver {
  /** Runs all statements as one transaction (one alone: as it is). Nothing is read in between. */
  batch(statements: readonly string[], owner: StatementOwner): Promise<ExecResult[]>;
  /** Lends one connection for the time of `work`; rolls back what `work` left open. */
  session<T>(owner: StatementOwner, work: (session: Session) => Promise<T>): Promise<T>;
  /** Cancels what runs now, on the server. Answers how many statements. */
  cancel(): Promise<number>;
  /**
   * Answers a plan's `loader` step on the node's session, outside any transaction (see loader-contract.ts).
   * Absent where the engine cannot load files. Throws SqError for what a person must mend (no such folder).
   */
  loader?(request: LoaderRequest, session: Session): Promise<LoaderAnswer>;
  /**
   * Loads rows into a table that is there by the engine's quickest way, on the session given and inside its
   * transaction. Answers false, with no row read, where INSERT serves as well. Absent where there is no other way.
   */
  fillRows?(order: RowsOrder, session: Session): Promise<boolean>;
  /** Answers a plan's `unload` step, outside any transaction. Present where the capability `unload` is true. */
  unload?(request: UnloadRequest, session: Session): Promise<UnloadAnswer>;
  /** Closes every connection and lets go of files. Repeatable. */
  close(): Promise<void>;
}

/** Rows for `fillRows`. */
export interface RowsOrder {
  into: Relation;
  columns: readonly Column[];
  /** About how many rows there are. */
  rowCount: number;
  /** The rows in parts, each cell as text that can be cast to its column's type. To be read once. */
  batches: Iterable<readonly (readonly (string | null)[])[]>;
}

export interface Capabilities {
  /** CREATE/DROP/ALTER take part in transactions. */
  transactionalDdl: boolean;
  /** A transaction can stay open while the client decides (audit inside it). */
  interactiveTransactions: boolean;
  /** `create or replace table` and `create or replace view` exist and are atomic. */
  atomicReplace: boolean;
  /** `driver.unload` writes a query's rows as files. Default false. */
  unload?: boolean;
  /** ... also to this disk, and without a location to a place of its own (`UnloadRequest.location`). Default false. */
  unloadsToDisk?: boolean;
  /** Several connections can write at once. */
  concurrentWriters: boolean;
  /**
   * A text column of a table can be made wider in place, but not inside a transaction (macro
   * `get_widen_column_sql`); a longer text is refused by a narrower column. Default false.
   */
  widensTextsOutsideTransactions?: boolean;
  /** MERGE adds a new key once for each row of the source that has it: the source is looked at first. Default false. */
  mergeKeepsDuplicates?: boolean;
  /** `materialized: materialized_view` can be built. Default false. */
  materializedViews?: boolean;
  /** `savepoint` and `rollback to savepoint` exist: what fails inside a transaction need not end it. Default false. */
  savepoints?: boolean;
  /** A foreign key names its table without the database. Default false. */
  referencesNameNoDatabase?: boolean;
  /** Batches of one microbatch model can be written at the same time. Default false. */
  concurrentBatches?: boolean;
  /** Privileges of relations can be granted and revoked. Default false. */
  grants?: boolean;
  /** What becomes of a constraint of a contract, by type; a type that is missing is not supported. Absent: all are enforced. */
  constraints?: Readonly<Record<string, 'enforced' | 'not enforced'>>;
}

/** A relation found in the warehouse. */
export interface ExistingRelation {
  relation: Relation;
  type: RelationType;
}

/** Where a table stands, as its engine says it. */
export interface TableName {
  database: string | null;
  schema: string;
  identifier: string;
}

export interface Dialect {
  readonly type: string;
  /** Dispatch prefixes in order, nearest first: `['redshift', 'postgres']`; `default` is implied at the end. */
  readonly dispatch: readonly string[];
  readonly capabilities: Capabilities;
  /** Strategies of incremental models (dbt's `valid_incremental_strategies`). Absent: append, delete+insert, merge, microbatch. */
  readonly incrementalStrategies?: readonly string[];
  readonly quoteChar: string;
  /** Longest identifier, in bytes. */
  readonly maxIdentifierBytes: number;
  /** A longer name is cut by the engine without a word: two may end as one. Default false. */
  readonly cutsLongNames?: boolean;
  quote(identifier: string): string;
  /** A text as an SQL literal with its quotes. */
  literal(text: string): string;
  /**
   * Query whose rows are (database, schema, name, type in dbt's words table|view|external|materialized_view, and
   * where the engine can tell: false when no view reads it). `connected`: the database of the connection.
   */
  listRelationsSql(database: string | null, schemas: readonly string[], connected?: string): string;
  /** Query whose rows are (schema name) of one database. */
  listSchemasSql(database: string | null, connected?: string): string;
  /**
   * Query whose rows are (column name, data type) in order. It may fail where there is no such relation; the
   * error then says `missing` (readError).
   */
  columnsSql(relation: Relation, connected?: string): string;
  /**
   * One query for all relations of a schema and their columns: what `catalog.json` is made of. Rows: (database,
   * schema, name, type in the words of dbt's catalog, comment, owner, rows, bytes, column name, its place from 1, its
   * type, its comment); ordered by name and place, nulls where the engine does not know. Counts may be estimates.
   * `names`: these relations only.
   */
  catalogSql(database: string | null, schema: string, names?: readonly string[]): string;
  /**
   * Query for better counts, where they stand in a table that cannot be joined to the others, or that not everybody
   * may read: an error only means that there are none. Rows: (schema, name, rows, bytes). Undefined: not worth it.
   */
  tableSizesSql?(tables: readonly TableName[]): string | undefined;
  /** True when the first keyword of a statement only reads. */
  isReadOnly(sql: string): boolean;
  /** Spelling of dbt's generic types for this engine; `api.Column.translate_type`. */
  translateType(type: string): string;
  /**
   * The name by which dbt's Python driver of this engine calls a type of a query's column (`DATETIMETZ`): what
   * contracts compare and show. Absent: the type as the engine spells it.
   */
  queryTypeName?(type: string): string;
  /** Facts of a data type for `api.Column`: does it hold text, numbers ... and its sizes. */
  describeType(dataType: string): TypeFacts;
  /** Statement position (offset in characters, from 0) and clean message of an error of this engine. */
  readError(error: unknown): EngineError;
  /**
   * A query that gives literal rows, each cell a text cast to its column's type; rows are not empty.
   * adapters/shared has one that serves every engine (`literalRows`: VALUES).
   */
  literalRowsSql(columns: readonly Column[], rows: readonly (readonly (string | null)[])[]): string;
  /** Most cells and bytes of text that `literalRowsSql` may be given at once. Absent: as many as one likes. */
  readonly literalLimits?: { cells: number; bytes: number };
  /**
   * Query for the views that read `relation` and keep it from being dropped, in the order in which they can be
   * made again. Rows: (database, schema, name, type, the statements that make it again as it is, with its grants
   * and comments). Absent where views hold on to a name only.
   */
  dependantsSql?(relation: Relation): string;
  /**
   * True for the error of `create or replace view` where the new query has other columns than the view. Its
   * presence says that views (not tables) can be replaced in one statement; see also `atomicReplace`.
   */
  keepsOldView?(error: unknown): boolean;
  /**
   * A database in memory beside the others, with an empty schema of its own, for what is made and thrown away: what
   * attaches it to the open database and takes it off again. Absent: the engine has none.
   */
  scratchDatabase?(name: string): { attach: string; detach: string; schema: string };
  /** What can be done about an error of this engine. Absent: nothing is tried again. */
  classify?(error: unknown): FailureKind;
  /** How one learns what became of a commit whose answer was lost. Absent: one cannot. */
  readonly commitOutcome?: CommitOutcome;
  /** How a run says that it writes to a schema. Absent: the engine lets one process write at a time, or cannot say. */
  readonly runGuard?: RunGuard;
}

export interface RunGuard {
  /**
   * Statements that take the guard of each schema for the session and wait for nobody. Rows of the last one:
   * (schema, null or who else holds it, in words).
   */
  takeSql(schemas: readonly string[]): readonly string[];
  /** Statements that give back what the session holds. */
  releaseSql(schemas: readonly string[]): readonly string[];
}

/**
 * `retry-transaction`: the server has undone the transaction, the same one can succeed on this connection.
 * `retry-new-connection`: the same, on another connection. `connection-lost`: nobody knows what became of the
 * statement that was under way; what was in an open transaction is undone. `never`: it would fail again.
 */
export type FailureKind = 'retry-transaction' | 'retry-new-connection' | 'connection-lost' | 'never';

export interface CommitOutcome {
  /** Query inside the transaction, before its commit; one value that names it, or null where nothing was written. */
  markSql: string;
  /** Query on any connection; one value: `committed`, `aborted`, `in progress`, or null where nobody knows any more. */
  outcomeSql(mark: string): string;
}

export interface TypeFacts {
  isString: boolean;
  isInteger: boolean;
  isFloat: boolean;
  isNumeric: boolean;
  charSize?: number;
  numericPrecision?: number;
  numericScale?: number;
}

export interface EngineError {
  message: string;
  /** Offset in the statement sent, where the engine told one. */
  position?: number;
  /** Names the engine offers instead. */
  candidates?: string[];
  /** The engine's own class of error: `Catalog Error`, SQLSTATE. */
  code?: string;
  /** A table, view or schema that the statement names does not exist. */
  missing?: boolean;
  /** Its name, without database and schema. */
  missingName?: string;
  /** The statement that `position` counts in. */
  statement?: string;
}

/** Validated connection settings. `secret` values never leave the adapter. */
export interface Settings {
  readonly type: string;
  readonly database: string;
  readonly schema: string;
  readonly threads: number;
  /** What `target.<key>` and `debug` may show; no secret inside. */
  readonly shown: Readonly<Record<string, unknown>>;
  /** Values to mask in every text. */
  readonly secrets: readonly string[];
  /** Adapter's own settings. */
  readonly own: unknown;
}

export interface SettingsContext {
  /** Absolute folder of the project; relative paths of the profile count from the current folder (dbt-duckdb). */
  projectDir: string;
  projectName: string;
  profileName: string;
  targetName: string;
  invocation: Invocation;
  /** The place of a value of the output in the author's profiles.yml. */
  locate?: (keys: readonly string[]) => Location;
}

export interface OpenOptions {
  invocation: Invocation;
  projectDir: string;
  /** How many connections will be used at once. */
  threads: number;
  /** The query comment of an owner's statements. Absent: the adapter's own, if it has one. */
  comment?(owner: StatementOwner): Promise<StatementComment>;
  /** Only reading commands open read-only where the engine can (decision 5). */
  readOnly: boolean;
}

export interface Adapter {
  readonly type: string;
  readonly version: string;
  readonly dialect: Dialect;
  /** Folders under `src/builtins/macros/` that hold its macros, most specific first; package `dbt_<type>`. */
  readonly macroFolders: readonly string[];
  /**
   * Text that stands for an external source where the engine reads files itself (a table function call);
   * undefined for every other source. Absent where the engine cannot.
   */
  sourceFragment?(
    source: SourceNode,
    context: { projectDir: string },
  ): { kind: 'sql'; sql: string } | undefined;
  /** Validates an output of profiles.yml. Throws SqError kind Runtime (as dbt: "Credentials in profile ... invalid"). */
  settings(output: Record<string, unknown>, context: SettingsContext): Settings;
  open(settings: Settings, options: OpenOptions): Promise<Driver>;
  /**
   * The way to the warehouse step by step, for `sq debug`; after one that fails the others are skipped. `loads`:
   * external sources that models load. Absent: one question is the whole test.
   */
  checks?(
    settings: Settings,
    options: OpenOptions & { loads: readonly SourceNode[] },
  ): AsyncIterable<ConnectionCheck>;
}

/** A step of `checks`: what it found out, or why it failed, or that it was not tried. */
export interface ConnectionCheck {
  name: string;
  found?: string;
  error?: SqError;
  skipped?: boolean;
}

export type { Column };
