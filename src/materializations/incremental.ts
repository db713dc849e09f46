/**
 * `materialized: incremental`: the first run makes a table, later runs add to it. The write is one
 * transaction; audited, the tests run inside it and decide whether it is committed.
 */
import { SqError } from '../errors.ts';
import type { Column } from '../manifest/column.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';
import { temporaryOf } from './beside-names.ts';
import {
  audit,
  columnsOf,
  type MacroArgument,
  type Materialization,
  macro,
  type Plan,
  type PlanNode,
  type PlanState,
  run,
  type Statement,
  type Step,
} from './contract.ts';
import { docsAndGrants } from './docs-and-grants.ts';
import { refuseDuplicateKeys } from './duplicate-keys.ts';
import { rejectFailingRows } from './failing-rows.ts';
import { strategyMacro } from './incremental-strategy.ts';
import { clearLeftovers, dropStatements } from './leftovers.ts';
import { hasHooks, hooks } from './node-hooks.ts';
import { publish, succeeded } from './publish.ts';
import { compareColumns, followSchema, onSchemaChange } from './schema-change.ts';
import { tablePublication } from './table.ts';
import { widenTexts } from './widen-texts.ts';

export const incremental: Materialization = {
  name: 'incremental',
  plan: (input, state) => {
    strategyMacro(input.node, state);
    const startsAnew = state.existing === null || state.existing.type !== 'table' || state.fullRefresh;
    return startsAnew ? publish(tablePublication(input, state)) : addTo(input, state);
  },
};

/**
 * Statements sent: temporary table, [alterations,] the strategy's write, drop of the temporary table; plus one
 * look at the table's columns (two with on_schema_change). All in one transaction, but where texts are made
 * wider outside transactions only: there the temporary table comes first.
 */
function* addTo(input: PlanNode, state: PlanState): Plan {
  const { node } = input;
  const target: Relation = { ...input.target, type: 'table' };
  if (state.audited && !state.dialect.capabilities.interactiveTransactions)
    throw cannotAudit(state.dialect.type);
  yield* clearLeftovers(target, state);
  yield* hooks(node, 'pre', false);
  const temporary = temporaryOf(target, state);
  const createTemporary = function* (): Generator<Step, void, unknown> {
    yield* run({ sql: yield* macro('create_table_as', true, temporary, input.sql), keepsSession: true });
  };
  // a hook that prepares what the model reads must run before it, in its transaction
  const widens =
    state.dialect.capabilities.widensTextsOutsideTransactions === true && !hasHooks(node, 'pre', true);
  if (widens) {
    // outside a transaction one of an attempt before, that failed, is not gone with it
    yield* run(...(yield* dropStatements([temporary])));
    yield* createTemporary();
    yield* widenTexts(target, temporary, state);
  }
  yield { kind: 'begin' };
  yield* hooks(node, 'pre', true);
  if (!widens) yield* createTemporary();
  if (node.config.incremental_strategy === 'merge' && state.dialect.capabilities.mergeKeepsDuplicates)
    yield* refuseDuplicateKeys(node, temporary);
  const columns = yield* destinationColumns(node, target, temporary, state);
  const statements: Statement[] = [
    {
      sql: yield* macro(strategyMacro(node, state), {
        target_relation: target,
        temp_relation: temporary,
        unique_key: (node.config.unique_key as MacroArgument | undefined) ?? null,
        dest_columns: columns,
        incremental_predicates: predicates(node),
      }),
      main: true,
    },
    ...(yield* dropStatements([temporary])),
  ];
  const results = yield* run(...statements);

  if (state.audited) {
    const verdict = yield* audit(target, true);
    if (!verdict.passed) return yield* rejectFailingRows(target, verdict, state);
  }
  yield* docsAndGrants(node, target, state, { kept: true });
  yield* hooks(node, 'post', true);
  yield { kind: 'commit' };
  yield { kind: 'cache', added: [target] };
  yield* hooks(node, 'post', false);
  return succeeded(statements, results, target);
}

/** dbt: the table's columns when its schema is left alone, the query's when the table has followed them. */
function* destinationColumns(
  node: CompiledNode,
  target: Relation,
  temporary: Relation,
  state: PlanState,
): Generator<Step, Column[], unknown> {
  const policy = onSchemaChange(node);
  const inTable = yield* columnsOf(target);
  if (policy === 'ignore') return inTable;
  const inQuery = yield* columnsOf(temporary);
  const written = inTable.filter(({ name }) => !numbersItself(node, name));
  yield* followSchema(target, policy, compareColumns(inQuery, written), state);
  return inQuery;
}

/** A column with `identity: [seed, step]`, where the table numbers its rows: no query has it, and it stays. */
function numbersItself({ columns }: CompiledNode, name: string): boolean {
  const column = Object.values(columns ?? {}).find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (column === undefined) return false;
  const config = (column.config ?? {}) as { identity?: unknown; meta?: Record<string, unknown> };
  return [config.identity, config.meta?.identity, column.meta?.identity].some(
    (identity) => identity !== undefined && identity !== null && identity !== false,
  );
}

function predicates(node: CompiledNode): MacroArgument {
  const given = (node.config.predicates ?? node.config.incremental_predicates ?? null) as MacroArgument;
  return typeof given === 'string' ? [given] : given;
}

function cannotAudit(type: string): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'audit-needs-transaction',
    message: `An incremental model cannot be \`publish: audited\` on ${type}: the engine cannot keep a transaction open while its tests run.`,
    hint: 'set `publish: immediate` for this model, or make it a table',
  });
}
