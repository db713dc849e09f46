/** How loaded rows get into the table: in its place, or added to it. */
import type { LoadAnswer, SourceFile } from '../adapters/loader-contract.ts';
import { SqError } from '../errors.ts';
import type { Column } from '../manifest/column.ts';
import { type Relation, renderRelation } from '../manifest/relation.ts';
import { rejectedOf } from './beside-names.ts';
import {
  audit,
  columnsOf,
  macro,
  type Plan,
  type PlanNode,
  type PlanResult,
  type PlanState,
  run,
  type Step,
} from './contract.ts';
import type { CopyConfig } from './copy-config.ts';
import { keepErrors, loadErrorsOf } from './copy-errors.ts';
import { within } from './copy-interval.ts';
import type { Ledger } from './copy-ledger.ts';
import { dependantsOf, restoreDependants } from './dependants.ts';
import { docsAndGrants, hasDocsOrGrants } from './docs-and-grants.ts';
import { rejectFailingRows } from './failing-rows.ts';
import { indexStatements } from './indexes.ts';
import { dropStatements } from './leftovers.ts';
import { hooks, hooksNeedTransaction } from './node-hooks.ts';
import { swapStatements } from './publish.ts';
import { rejectionMessage } from './rejection.ts';
import { compareColumns, followSchema, onSchemaChange } from './schema-change.ts';

/** Rows that stand beside the table. */
export interface LoadedStage {
  input: PlanNode;
  state: PlanState;
  config: CopyConfig;
  target: Relation;
  stage: Relation;
  /** Of the stage. */
  columns: readonly Column[];
  files: readonly SourceFile[];
  answer: LoadAnswer & { loaded: true };
  ledger: Ledger;
}

/** One transaction: the old table goes, the stage takes its name, the ledger begins anew. Audited: tested before. */
export function* replaceByLoaded(loaded: LoadedStage): Plan {
  const { input, state, config, target, stage, answer, ledger } = loaded;
  const { existing } = state;
  if (state.audited) {
    const verdict = yield* audit(stage, false);
    if (!verdict.passed) return yield* keepRejected(loaded, verdict);
  }
  const dependants = existing === null ? [] : yield* dependantsOf(existing, input, state);
  const forget = ledger.forget();
  if (config.mode === 'append') yield* ledger.create();
  const inTransaction =
    dependants.length > 0 || hooksNeedTransaction(input.node) || hasDocsOrGrants(input.node, state);
  if (inTransaction) yield { kind: 'begin' };
  yield* hooks(input.node, 'pre', true);
  yield* run(
    ...(yield* swapStatements(stage, target, { existing, dependants, state })),
    ...forget,
    ...(config.mode === 'append' ? ledger.add(entries(loaded)) : []),
    ...(yield* keepErrors(target, answer.errors, { anew: true, state })),
    ...(yield* indexStatements(input.node, target)),
  );
  yield* restoreDependants(dependants, state);
  yield* docsAndGrants(input.node, target, state, { kept: false });
  yield* hooks(input.node, 'post', true);
  if (inTransaction) yield { kind: 'commit' };
  yield* tellCache(loaded, true);
  return done(loaded);
}

function* keepRejected(
  { state, target, stage, answer }: LoadedStage,
  verdict: Parameters<typeof rejectionMessage>[1],
): Plan {
  const { existing } = state;
  const rejected: Relation = { ...rejectedOf(target, state), type: 'table' };
  yield* run({ sql: yield* macro('get_rename_sql', stage, rejected.identifier) });
  yield { kind: 'cache', added: [rejected] };
  return {
    message: rejectionMessage(target, verdict, { rejected, published: existing !== null }),
    rowsAffected: answer.rows,
    status: 'error',
    relations: existing === null ? [] : [existing],
    rejected,
  };
}

/** One transaction: partitions go, rows and ledger are added. Audited: tested before the commit. */
export function* addLoaded(loaded: LoadedStage): Plan {
  const { state, config } = loaded;
  if (state.audited && !state.dialect.capabilities.interactiveTransactions)
    throw cannotAudit(state.dialect.type);
  if (config.mode === 'append') yield* loaded.ledger.create();
  try {
    return yield* addInTransaction(loaded);
  } catch (error) {
    // e.g. a partition_by that the engine does not understand
    yield* dropStage(loaded);
    throw error;
  }
}

function* addInTransaction(loaded: LoadedStage): Plan {
  const { input, state, config, target, stage, columns, answer, ledger } = loaded;
  const open = state.audited || hooksNeedTransaction(input.node);
  if (open) yield { kind: 'begin' };
  try {
    yield* hooks(input.node, 'pre', true);
    yield* sameColumns(loaded);
    const names = columns.map(({ name }) => state.dialect.quote(name)).join(', ');
    const [into, from] = [renderRelation(target), renderRelation(stage)];
    yield* run(
      ...(config.mode === 'partition' ? [{ sql: deleteReplaced(loaded, into, from) }] : []),
      { sql: `insert into ${into} (${names}) select ${names} from ${from}`, main: true },
      ...(config.mode === 'append' ? ledger.add(entries(loaded)) : ledger.forget()),
      ...(yield* keepErrors(target, answer.errors, { anew: false, state })),
      ...(state.audited ? [] : yield* dropStatements([stage])),
    );
    if (state.audited) {
      const verdict = yield* audit(target, true);
      if (!verdict.passed) {
        const refused = yield* rejectFailingRows(target, verdict, state);
        yield* dropStage(loaded);
        return refused;
      }
      yield* run(...(yield* dropStatements([stage])));
    }
    yield* hooks(input.node, 'post', true);
  } catch (error) {
    if (open) yield { kind: 'rollback' };
    throw error;
  }
  if (open) yield { kind: 'commit' };
  yield* tellCache(loaded, false);
  return done(loaded);
}

/** What the loaded rows take the place of: the rows of the interval, or of the partitions that the files hold. */
function deleteReplaced({ input, config }: LoadedStage, into: string, from: string): string {
  const { part } = input;
  return config.eventTime !== null && typeof part === 'object'
    ? `delete from ${into} where ${within(config.eventTime, part)}`
    : deletePartitions(config.partitionBy, into, from);
}

/**
 * Rows of the partitions that the files hold. NULL is a partition of its own. In words that every engine has:
 * Redshift knows no `is not distinct from`, and few subqueries that look at the outer query.
 */
function deletePartitions(expressions: readonly string[], into: string, from: string): string {
  const keys = expressions
    .map(
      (one) => `case when (${one}) is null then 1 else 0 end, coalesce(cast((${one}) as varchar(65535)), '')`,
    )
    .join(', ');
  return `delete from ${into} where (${keys}) in (select distinct ${keys} from ${from})`;
}

/** The table has exactly the declared columns; `on_schema_change` says what happens when they have changed. */
function* sameColumns({ input, state, target, columns }: LoadedStage): Generator<Step, void, unknown> {
  const changes = compareColumns(columns, yield* columnsOf(target));
  const { added, removed, retyped } = changes;
  if (added.length + removed.length + retyped.length === 0) return;
  const policy = onSchemaChange(input.node);
  if (policy === 'append_new_columns' || policy === 'sync_all_columns')
    return yield* followSchema(target, policy, changes, state);
  const list = (some: readonly Column[]) =>
    some.map(({ name, dataType }) => `${name} (${dataType})`).join(', ') || 'none';
  throw new SqError({
    kind: 'Compilation',
    code: 'copy-columns',
    message: [
      `The declared columns are no longer those of ${renderRelation(target)}.`,
      `Declared, not in the table: ${list(added)}`,
      `In the table, not declared: ${list(removed)}`,
      `Declared with another type: ${list(retyped)}`,
    ].join('\n'),
    hint: 'run the model with --full-refresh, or set on_schema_change to append_new_columns or sync_all_columns',
  });
}

function* dropStage({ stage }: LoadedStage): Generator<Step, void, unknown> {
  yield* run(...(yield* dropStatements([stage])));
}

function entries({ files, answer }: LoadedStage) {
  return files.map((file) => ({
    file,
    etag: answer.etags[file.name] ?? file.etag,
    rows: answer.rowsByFile[file.name] ?? 0,
  }));
}

function* tellCache({ target, state, answer }: LoadedStage, anew: boolean): Generator<Step, void, unknown> {
  const errors = loadErrorsOf(target, state);
  const gone = anew && answer.errors.length === 0 && state.lookup(errors) !== null;
  const added = answer.errors.length > 0 ? [target, errors] : [target];
  yield { kind: 'cache', added, ...(gone ? { dropped: [errors] } : {}) };
}

function done({ answer, target }: LoadedStage): PlanResult {
  return {
    message: `COPY ${answer.rows}`,
    rowsAffected: answer.rows,
    status: 'success',
    relations: [target],
  };
}

function cannotAudit(type: string): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'audit-needs-transaction',
    message: `A copy model of mode append or partition cannot be \`publish: audited\` on ${type}: the engine cannot keep a transaction open while its tests run.`,
    hint: 'set `publish: immediate` for this model, or load: {mode: replace}',
  });
}
