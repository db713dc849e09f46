/**
 * Drives a plan with canned answers and writes down what it does: one line a step, statements as sent. Macros
 * are spelled by `spellMacro` so that a test of a plan reads without templates and without a database.
 */
import type { Dialect, ExecResult } from '../adapters/contract.ts';
import { duckDbDialect } from '../adapters/duckdb/dialect.ts';
import type { Column } from '../manifest/column.ts';
import type { CompiledNode, NodeConfig } from '../manifest/nodes.ts';
import { type Relation, relation, relationKey, renderRelation } from '../manifest/relation.ts';
import type {
  AuditVerdict,
  MacroArgument,
  Plan,
  PlanNode,
  PlanResult,
  PlanState,
  SeedFile,
  Step,
} from '../materializations/contract.ts';

export interface Answers {
  /** Columns by rendered relation; none where it is not named. */
  columns?: Readonly<Record<string, Column[]>>;
  /** Columns of queries. */
  queryColumns?: Column[];
  /** Rows of queries. */
  rows?: unknown[][];
  verdict?: AuditVerdict;
  seed?: SeedFile;
  /** Answer of each statement that runs; by default its count is 1. */
  run?(sql: string): ExecResult;
  loader?(request: unknown): unknown;
}

export interface Driven {
  /** What was done, e.g. `begin`, `run: create table ...`, `audit: "db"."main"."x"`. */
  steps: string[];
  result: PlanResult;
}

export const PASSED: AuditVerdict = { passed: true, failures: [] };

export function drivePlan(plan: Plan, answers: Answers = {}): Driven {
  const steps: string[] = [];
  let next = plan.next();
  while (next.done !== true) {
    const line = describeStep(next.value);
    if (line !== undefined) steps.push(line);
    next = plan.next(answer(next.value, answers));
  }
  return { steps, result: next.value };
}

function answer(step: Step, answers: Answers): unknown {
  switch (step.kind) {
    case 'macro':
      return spellMacro(step.name, step.args);
    case 'columns':
      return answers.columns?.[renderRelation(step.relation)] ?? [];
    case 'query-columns':
      return answers.queryColumns ?? [];
    case 'query':
      return answers.rows ?? [];
    case 'run':
      return step.statements.map(
        ({ sql }) =>
          answers.run?.(sql) ?? {
            rowsAffected: 1,
            message: sql.startsWith('insert') ? 'INSERT 1' : 'SELECT 1',
          },
      );
    case 'audit':
      return answers.verdict ?? PASSED;
    case 'seed':
      return answers.seed;
    case 'loader':
      return answers.loader?.(step.request);
    default:
      return undefined;
  }
}

/** Undefined for what only asks for text. */
function describeStep(step: Step): string | undefined {
  switch (step.kind) {
    case 'macro':
    case 'seed':
      return undefined;
    case 'columns':
      return `columns: ${renderRelation(step.relation)}`;
    case 'query-columns':
      return `query-columns: ${step.sql}`;
    case 'query':
      return `query: ${step.sql}`;
    case 'run':
      return `run: ${step.statements.map(({ sql, main }) => (main === true ? `${sql} [main]` : sql)).join('; ')}`;
    case 'hooks':
      return `hooks: ${step.when}${step.transaction ? '' : ', outside'}`;
    case 'audit':
      return `audit: ${renderRelation(step.relation)}${step.inTransaction ? ' in its transaction' : ''}`;
    case 'cache': {
      const list = (relations: readonly Relation[] | undefined, sign: string) =>
        (relations ?? []).map((one) => `${sign}${one.type ?? '?'} ${one.identifier}`);
      return `cache: ${[...list(step.dropped, '-'), ...list(step.added, '+')].join(' ')}`;
    }
    case 'loader':
      return `loader: ${step.request.kind}`;
    case 'notice':
    case 'warning':
      return `notice: ${step.msg}`;
    default:
      return step.kind;
  }
}

/** dbt's macros in a few words: enough SQL for DuckDB to run it. */
export function spellMacro(name: string, args: readonly MacroArgument[]): string {
  const text = (value: MacroArgument | undefined): string =>
    isRelation(value) ? renderRelation(value) : typeof value === 'string' ? value : JSON.stringify(value);
  const [first, second, third] = args;
  switch (name) {
    case 'create_table_as':
      return `create ${first === true ? 'temporary ' : ''}table ${text(second)} as (${text(third)})`;
    case 'create_view_as':
      return `create view ${text(first)} as (${text(second)})`;
    case 'get_replace_table_sql':
      return `create or replace table ${text(first)} as (${text(second)})`;
    case 'get_replace_view_sql':
      return `create or replace view ${text(first)} as (${text(second)})`;
    case 'get_drop_sql':
      return `drop ${(first as Relation).type} if exists ${text(first)}`;
    case 'get_rename_sql':
      return `alter ${(first as Relation).type} ${text(first)} rename to "${text(second)}"`;
    case 'get_add_column_sql':
      return `alter table ${text(first)} add column ${columnText(second)}`;
    case 'get_drop_column_sql':
      return `alter table ${text(first)} drop column "${(second as unknown as Column).name}"`;
    case 'get_alter_column_type_sql':
      return `alter table ${text(first)} alter column "${text(second)}" set data type ${text(third)}`;
    case 'get_create_seed_table_sql':
      return `create ${third === true ? 'or replace ' : ''}table ${text(first)} (${(second as unknown as Column[]).map(columnText).join(', ')})`;
    case 'get_insert_seed_rows_sql':
      return `insert into ${text(first)} ${text(third)}`;
    case 'get_create_index_sql':
      return `create index on ${text(first)} ${text(second)}`;
    default:
      return name.startsWith('get_incremental_')
        ? spellIncremental(name, first)
        : `${name}(${args.map(text).join(', ')})`;
  }
}

function spellIncremental(name: string, first: MacroArgument | undefined): string {
  const given = first as unknown as {
    target_relation: Relation;
    temp_relation: Relation;
    unique_key: string | string[] | null;
    dest_columns: Column[];
  };
  const columns = given.dest_columns.map((column) => `"${column.name}"`).join(', ');
  const [target, source] = [renderRelation(given.target_relation), renderRelation(given.temp_relation)];
  const insert = `insert into ${target} (${columns}) (select ${columns} from ${source})`;
  const key = [given.unique_key ?? []].flat().join(', ');
  const deletes = key !== '' && name !== 'get_incremental_append_sql';
  return deletes
    ? `delete from ${target} where (${key}) in (select ${key} from ${source}); ${insert}`
    : insert;
}

function columnText(column: unknown): string {
  const { name, dataType } = column as Column;
  return `"${name}" ${dataType}`;
}

function isRelation(value: unknown): value is Relation {
  return typeof value === 'object' && value !== null && 'quoteChar' in value;
}

/** A model `name` in `"db"."main"` with that config. */
export function planNode(name: string, sql: string, config: Partial<NodeConfig> = {}): PlanNode {
  const node = {
    resource_type: 'model',
    name,
    alias: name,
    package_name: 'shop',
    unique_id: `model.shop.${name}`,
    original_file_path: `models/${name}.sql`,
    config: { enabled: true, tags: [], meta: {}, materialized: 'table', ...config },
  } as unknown as CompiledNode;
  return { node, target: relation('db', 'main', name), sql };
}

/** State of a plan on DuckDB: nothing stands there, run id `00c0ffee`. */
export function planState(
  state: Partial<PlanState> & {
    standing?: readonly Relation[];
    overridden?: readonly string[];
    dialect?: Dialect;
  } = {},
): PlanState {
  const { standing = [], overridden = [], ...rest } = state;
  return {
    existing: null,
    fullRefresh: false,
    audited: false,
    runId: '00c0ffee',
    isOverridden: (name) => overridden.includes(name),
    dialect: duckDbDialect,
    lookup: (wanted) => standing.find((one) => relationKey(one) === relationKey(wanted)) ?? null,
    startingWith: (prefix) =>
      standing.filter((one) => one.identifier?.toLowerCase().startsWith(prefix.toLowerCase())),
    ...rest,
  };
}
