/**
 * `materialized: snapshot`: a table that keeps every version of a query's rows, with the time from and to which
 * each was valid. Which rows are new versions is said by the strategy, a macro; the write is one transaction;
 * audited, the tests run inside it and decide whether it is committed.
 */
import { SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Relation, renderRelation } from '../manifest/relation.ts';
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
  queryColumns,
  run,
  type Statement,
  type Step,
} from './contract.ts';
import { docsAndGrants } from './docs-and-grants.ts';
import { rejectFailingRows } from './failing-rows.ts';
import { clearLeftovers, dropStatements } from './leftovers.ts';
import { hasHooks, hooks } from './node-hooks.ts';
import { type Publication, publish, succeeded } from './publish.ts';
import { compareColumns } from './schema-change.ts';
import { widenTexts } from './widen-texts.ts';

export const snapshot: Materialization = {
  name: 'snapshot',
  plan: (input, state) => {
    const { existing } = state;
    if (existing === null) return publish(firstVersions(input, state));
    if (existing.type !== 'table') throw wrongType(existing);
    return addVersions(input, state);
  },
};

/** Columns of the staged rows that are not stored. */
const STAGING_ONLY = /^dbt_(change_type|unique_key(_\d+)?)$/i;

function firstVersions(input: PlanNode, state: PlanState): Publication {
  return {
    input,
    state,
    type: 'table',
    create: function* (relation) {
      const strategy = yield* strategyOf(input.target, false);
      const rows = yield* macro('build_snapshot_table', strategy, input.sql);
      yield* compareTimeTypes(input.node, rows);
      return [{ sql: yield* macro('create_table_as', false, relation, rows), main: true }];
    },
  };
}

/** Statements sent: temporary table, [new columns,] end of old versions and new ones, drop of the temporary table. */
function* addVersions(input: PlanNode, state: PlanState): Plan {
  const { node } = input;
  const target: Relation = { ...input.target, type: 'table' };
  if (state.audited && !state.dialect.capabilities.interactiveTransactions)
    throw cannotAudit(state.dialect.type);
  yield* clearLeftovers(target, state);
  yield* hooks(node, 'pre', false);
  const staging = temporaryOf(target, state);
  const stage = function* (): Generator<Step, void, unknown> {
    const strategy = yield* strategyOf(target, true);
    const rows = yield* macro('snapshot_staging_table', strategy, input.sql, target);
    yield* run({ sql: yield* macro('create_table_as', true, staging, rows) });
  };
  // a hook that prepares what the query reads must run before it, in its transaction
  const widens =
    state.dialect.capabilities.widensTextsOutsideTransactions === true && !hasHooks(node, 'pre', true);
  if (widens) {
    // outside a transaction one of an attempt before, that failed, is not gone with it
    yield* run(...(yield* dropStatements([staging])));
    yield* stage();
    yield* widenTexts(target, staging, state);
  }
  yield { kind: 'begin' };
  yield* hooks(node, 'pre', true);
  if (!widens) yield* stage();
  yield* compareTimeTypes(node, `select * from ${renderRelation(staging)}`);
  const names = yield* followColumns(target, staging, state);
  const statements: Statement[] = [
    { sql: yield* macro('snapshot_merge_sql', target, staging, names), main: true },
    ...(yield* dropStatements([staging])),
  ];
  const results = yield* run(...statements);

  if (state.audited) {
    const verdict = yield* audit(target, true);
    if (!verdict.passed) return yield* rejectFailingRows(target, verdict, state);
  }
  yield* docsAndGrants(node, target, state, { kept: true });
  yield* hooks(node, 'post', true);
  yield { kind: 'commit' };
  if (state.isOverridden('post_snapshot')) yield* macro('post_snapshot', staging);
  yield { kind: 'cache', added: [target] };
  yield* hooks(node, 'post', false);
  return succeeded(statements, results, target);
}

/** Adds the columns that the query has gained; answers the quoted names of all that is to be stored. */
function* followColumns(
  target: Relation,
  staging: Relation,
  state: PlanState,
): Generator<Step, string[], unknown> {
  const staged = (yield* columnsOf(staging)).filter(({ name }) => !STAGING_ONLY.test(name));
  const { added } = compareColumns(staged, yield* columnsOf(target));
  if (added.length > 0 && state.isOverridden('create_columns')) yield* macro('create_columns', target, added);
  else
    for (const { name, dataType } of added)
      yield* run({ sql: yield* macro('get_add_column_sql', target, { name, dataType }) });
  return staged.map(({ name }) => state.dialect.quote(name));
}

/** The answer of the strategy's macro goes from macro to macro; the plan does not look into it. */
function* strategyOf(target: Relation, exists: boolean): Generator<Step, MacroArgument, unknown> {
  return (yield* macro('get_snapshot_strategy', target, exists)) as MacroArgument;
}

/** Two looks at types, where the author's column says when a row has changed: dbt's warning of a mixture. */
function* compareTimeTypes(node: CompiledNode, rows: string): Generator<Step, void, unknown> {
  if (!node.config.updated_at) return;
  const names = (node.config.snapshot_meta_column_names ?? {}) as Record<string, string | null>;
  const column = names.dbt_updated_at || 'dbt_updated_at';
  const [stored] = yield* queryColumns(`select ${column} from (\n${rows}\n) as sq_versions`);
  const [clock] = yield* queryColumns(`select ${yield* macro('snapshot_get_time')} as snap_time`);
  if (stored === undefined || clock === undefined || stored.dataType === clock.dataType) return;
  yield* macro('warn_snapshot_time_types', clock.dataType, stored.dataType);
}

function wrongType(existing: Relation): SqError {
  const name = renderRelation(existing);
  return new SqError({
    kind: 'Compilation',
    code: 'relation-wrong-type',
    message: `Trying to create table ${name}, but it currently exists as a ${existing.type}. Either drop ${name} manually, or run dbt with \`--full-refresh\` and dbt will drop it for you.`,
    hint: 'a snapshot never drops what it finds: drop it, or give the snapshot another alias or schema',
  });
}

function cannotAudit(type: string): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'audit-needs-transaction',
    message: `A snapshot cannot be \`publish: audited\` on ${type}: the engine cannot keep a transaction open while its tests run.`,
    hint: 'set `publish: immediate` for this snapshot',
  });
}
