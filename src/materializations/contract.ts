/**
 * How a node becomes a table. A materialization is a generator: it yields steps and receives their answers;
 * it touches nothing itself (decision 11). The runner in execute/ answers the steps against a warehouse;
 * tests answer them with canned values and compare the exact statements; `--dry-run` answers them without
 * writing. SQL text comes from overridable macros with dbt's names: a step `macro` asks for it.
 */
import type { Dialect, ExecResult, RowsOrder } from '../adapters/contract.ts';
import type { LoaderRequest, UnloadRequest } from '../adapters/loader-contract.ts';
import type { Column } from '../manifest/column.ts';
import type { CompiledNode, SourceNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';

/** Argument of a macro: relations are wrapped as `api.Relation` by the runner, the rest passes as plain data. */
export type MacroArgument =
  | null
  | boolean
  | number
  | string
  | Relation
  | readonly MacroArgument[]
  | { readonly [key: string]: MacroArgument }
  | readonly Column[];

export interface Statement {
  sql: string;
  /** The statement whose row count and message become the node's result. At most one a plan. */
  main?: boolean;
  /** It cannot run inside a transaction (e.g. Redshift's ALTER COLUMN TYPE). */
  outsideTransaction?: boolean;
  /** It makes something that only its session has (a temporary table): later steps need that session. */
  keepsSession?: boolean;
  /**
   * The plan can do it again from its beginning, whether it was done or not: where the answer of a commit is
   * lost, nobody needs to be asked what became of it.
   */
  repeatable?: boolean;
}

export type Step =
  /** Render macro `name` (with dispatch, as a project may override it); answer: its text, trimmed. */
  | { kind: 'macro'; name: string; args: readonly MacroArgument[] }
  /** Columns of a relation; answer: Column[] (empty when it does not exist). */
  | { kind: 'columns'; relation: Relation }
  /** Columns that a query would give, without running it; answer: Column[]. */
  | { kind: 'query-columns'; sql: string }
  /** Run one query and read its rows; answer: Value[][]. Only reading. */
  | { kind: 'query'; sql: string; reason: string }
  /** Run statements: as one transaction, or inside the one that is open. Answer: ExecResult[]. */
  | { kind: 'run'; statements: readonly Statement[] }
  /** Open a transaction on the node's own session / end it. Answer: undefined. */
  | { kind: 'begin' }
  /** `repeatable`: of every statement in it, see Statement. */
  | { kind: 'commit'; repeatable?: boolean }
  | { kind: 'rollback' }
  /** Render and run the node's hooks of one position. Answer: undefined. */
  | { kind: 'hooks'; when: 'pre' | 'post'; transaction: boolean }
  /**
   * Run the node's guarding tests, reading the node from `relation` (staged beside, or itself inside the open
   * transaction). Answer: AuditVerdict.
   */
  | { kind: 'audit'; relation: Relation; inTransaction: boolean }
  /** Tell the relation cache what the plan has done (after the statements ran). Answer: undefined. */
  | { kind: 'cache'; added?: readonly Relation[]; dropped?: readonly Relation[] }
  /**
   * Something only the engine's loader can do (`driver.loader`). Answer: LoaderAnswer. Under --dry-run a `list`
   * is done; for a `load` its statements are printed and the answer is `dryRunAnswer()`.
   */
  | { kind: 'loader'; request: LoaderRequest }
  /** Read the seed's CSV file (`readSeed` of seed/). Answer: SeedFile. Only reading: also under --dry-run. */
  | { kind: 'seed'; request: SeedRequest }
  /** Load rows by the engine's quickest way (`driver.fillRows`). Answer: boolean; false under --dry-run. */
  | { kind: 'fill'; order: RowsOrder }
  /** Write the rows of a query as files (`driver.unload`, where the capability is there). Answer: UnloadAnswer. */
  | { kind: 'unload'; request: UnloadRequest }
  /** A notice for the user (one line), e.g. "3 files skipped, loaded before". Answer: undefined. */
  | { kind: 'notice'; topic: string; msg: string }
  /** The same as a warning, which --warn-error makes an error; `event` names it for --warn-error-options. */
  | { kind: 'warning'; event: string; msg: string };

/** What is asked of a seed's file. */
export interface SeedRequest {
  /** Absolute. */
  path: string;
  /** Path for messages: relative to the project. */
  shownPath: string;
  /** One character. */
  delimiter: string;
  /** Config `column_types`: these columns are read as text and get the type given. */
  columnTypes: Readonly<Record<string, string>>;
}

/** A seed's file as data. */
export interface SeedFile {
  columns: Column[];
  rowCount: number;
  /** The rows in parts, each cell as text that can be cast to its column's type. Read while it is iterated. */
  batches: Iterable<readonly (readonly (string | null)[])[]>;
  /** The first row that a test accepts, as the file has it, and its line; for the place of an error. */
  find(
    accepts: (cells: readonly string[]) => boolean,
  ): { cells: readonly string[]; line: number } | undefined;
}

export interface AuditVerdict {
  passed: boolean;
  /**
   * Failed guards: test name, number of failing rows, and a query that gives the failing rows. `broken`: the
   * test itself could not run (only of what is staged beside; inside a transaction that ends the plan).
   */
  failures: { uniqueId: string; name: string; failures: number; sql: string; broken?: boolean }[];
}

/**
 * What a plan knows when it starts: data only. Steps are answered on the node's own session, so that what a
 * step has written, temporary tables included, is seen by those after it.
 */
export interface PlanState {
  /** What stands under the target name now, from the relation cache. */
  existing: Relation | null;
  /** `--full-refresh` and config `full_refresh` combined (config wins). */
  fullRefresh: boolean;
  /** Guarding tests exist, the command is build and the node is `publish: audited`. */
  audited: boolean;
  /** Short id of this run, for run-scoped temporary names: 8 hex digits. */
  runId: string;
  /** True for macros that a project or package overrides (`create_table_as` ...). */
  isOverridden(macro: string): boolean;
  dialect: Dialect;
  /** Other relations in the target's schema, by lower-case name: leftovers of interrupted runs can be seen. */
  lookup(relation: Relation): Relation | null;
  /**
   * Relations in the target's schema whose name begins with `prefix`, in any case: stages that an interrupted
   * run left. Absent where nothing is known; then none are cleaned.
   */
  startingWith?(prefix: string): readonly Relation[];
  /** False where the engine has told that no view reads the relation. Absent: it may be read. */
  mayBeRead?(relation: Relation): boolean;
  /** True for what a node of the project makes. Absent: nothing is known to be the project's. */
  owns?(relation: Relation): boolean;
  /** `--empty`: a seed keeps its columns and no rows. */
  empty?: boolean;
}

/** What is to be built. */
export interface PlanNode {
  node: CompiledNode;
  /** Where it is to stand. */
  target: Relation;
  /** Final SQL of the body (ephemerals injected); empty for seeds. */
  sql: string;
  /** Only for copy: the external source the body selects from, and the columns named in the body (or all). */
  source?: SourceNode;
  /**
   * Only for copy, where the source's files are named by the interval: `all` of them, or those of one interval (its
   * moments in UTC, `2018-11-15 00:00:00.000`).
   */
  part?: 'all' | { start: string; end: string };
  /** Only for seeds: absolute path of the CSV. */
  seedPath?: string;
}

export interface PlanResult {
  /** dbt's message: `SELECT 6820`, `CREATE VIEW`, `INSERT 100`. */
  message: string;
  rowsAffected: number | null;
  /** `success`; `error` when the audit refused it (message says so). */
  status: 'success' | 'error' | 'no-op';
  /** Relations that exist now because of the plan (for the cache and for `schemas` of on-run-end). */
  relations: readonly Relation[];
  /** Where refused rows can be read. */
  rejected?: Relation;
}

export type Plan = Generator<Step, PlanResult, unknown>;

export interface Materialization {
  readonly name: string;
  /** Words of the console: `sql table model`, `sql view model`. */
  plan(input: PlanNode, state: PlanState): Plan;
}

/** Typed helpers so that a plan reads like prose: `const text = yield* macro('create_table_as', ...)`. */
export function* macro(name: string, ...args: MacroArgument[]): Generator<Step, string, unknown> {
  return (yield { kind: 'macro', name, args }) as string;
}
export function* columnsOf(relation: Relation): Generator<Step, Column[], unknown> {
  return (yield { kind: 'columns', relation }) as Column[];
}
export function* queryColumns(sql: string): Generator<Step, Column[], unknown> {
  return (yield { kind: 'query-columns', sql }) as Column[];
}
export function* seedFile(request: SeedRequest): Generator<Step, SeedFile, unknown> {
  return (yield { kind: 'seed', request }) as SeedFile;
}
export function* fillRows(order: RowsOrder): Generator<Step, boolean, unknown> {
  return (yield { kind: 'fill', order }) === true;
}
export function* query(sql: string, reason: string): Generator<Step, unknown[][], unknown> {
  return (yield { kind: 'query', sql, reason }) as unknown[][];
}
export function* run(...statements: Statement[]): Generator<Step, ExecResult[], unknown> {
  return (yield { kind: 'run', statements }) as ExecResult[];
}
export function* audit(relation: Relation, inTransaction: boolean): Generator<Step, AuditVerdict, unknown> {
  return (yield { kind: 'audit', relation, inTransaction }) as AuditVerdict;
}
