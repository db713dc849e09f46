/**
 * How a table or view that is made whole gets to its name. Readers see the old one until the new one is
 * complete; a run that is killed leaves at most a stage beside it, which the next run drops.
 */
import type { ExecResult } from '../adapters/contract.ts';
import type { Relation, RelationType } from '../manifest/relation.ts';
import { rejectedOf, stageOf } from './beside-names.ts';
import {
  audit,
  macro,
  type Plan,
  type PlanNode,
  type PlanResult,
  type PlanState,
  run,
  type Statement,
  type Step,
} from './contract.ts';
import { type Dependant, dependantsOf, dropDependants, restoreDependants } from './dependants.ts';
import { docsAndGrants, hasDocsOrGrants } from './docs-and-grants.ts';
import { indexStatements } from './indexes.ts';
import { clearLeftovers } from './leftovers.ts';
import { hooks, hooksNeedTransaction } from './node-hooks.ts';
import { rejectionMessage } from './rejection.ts';

/** What is published: how its statements are spelled. */
export interface Publication {
  input: PlanNode;
  state: PlanState;
  type: RelationType & ('table' | 'view');
  /** Statements that make it under the name given; one of them is `main`. */
  create(relation: Relation): Generator<Step, Statement[], unknown>;
  /** The statements that put it in the place of one of the same type, atomically; absent where that cannot be. */
  replace?(relation: Relation): Generator<Step, Statement[], unknown>;
  /** Runs the rest, in the same transaction, where it is too much for one list of statements. */
  fill?(relation: Relation): Generator<Step, void, unknown>;
}

/**
 * Statements sent, immediate: 1 for a new one and for one of the same type that can be replaced; else 3 in one
 * transaction (create beside, drop, rename). Audited: 1 to build beside, then 2 in one transaction (1 when
 * nothing stood there). Where views are tied to what they read: one look before, and two for each view.
 */
export function* publish(publication: Publication): Plan {
  const { input, state, type } = publication;
  const target: Relation = { ...input.target, type };
  yield* clearLeftovers(target, state);
  yield* hooks(input.node, 'pre', false);
  const result = state.audited
    ? yield* publishAudited(publication, target)
    : yield* publishAtOnce(publication, target);
  if (result.status === 'success') yield* hooks(input.node, 'post', false);
  return result;
}

function* publishAtOnce(publication: Publication, target: Relation): Plan {
  const { input, state, type, fill } = publication;
  const { existing } = state;
  const replace = existing?.type === type ? publication.replace : undefined;
  const beside = existing !== null && replace === undefined;
  const dependants = beside ? yield* dependantsOf(existing, input, state) : [];
  const inTransaction =
    fill !== undefined ||
    dependants.length > 0 ||
    hooksNeedTransaction(input.node) ||
    hasDocsOrGrants(input.node, state);
  // a hook in the transaction may write what must not be written twice
  const repeatable = !hooksNeedTransaction(input.node);
  if (inTransaction) yield { kind: 'begin' };
  yield* hooks(input.node, 'pre', true);

  const place = beside ? stageOf(target, state, type) : target;
  const statements = yield* (replace ?? publication.create)(place);
  const swap = beside ? yield* swapStatements(place, target, { existing, dependants, state }) : [];
  swap.push(...(yield* indexStatements(input.node, target)));
  let results: ExecResult[];
  if (replace !== undefined && state.dialect.keepsOldView !== undefined) {
    const replaced = yield* replaceView([...statements, ...swap], state, inTransaction);
    // the view has other columns now: it goes the way of a table
    if (replaced === undefined) {
      if (inTransaction) yield { kind: 'rollback' };
      return yield* publishAtOnce({ ...publication, replace: undefined }, target);
    }
    results = replaced;
  } else if (fill === undefined)
    results = yield* run(...[...statements, ...swap].map((one) => ({ ...one, repeatable })));
  else {
    results = yield* run(...statements);
    yield* fill(place);
    if (swap.length > 0) yield* run(...swap);
  }
  yield* restoreDependants(dependants, state);
  yield* docsAndGrants(input.node, target, state, { kept: replace !== undefined });

  yield* hooks(input.node, 'post', true);
  if (inTransaction) yield { kind: 'commit', repeatable };
  yield { kind: 'cache', added: [target] };
  return succeeded(statements, results, target);
}

/** Undefined when the engine keeps the old view because its columns are others. */
function* replaceView(
  statements: readonly Statement[],
  state: PlanState,
  inTransaction: boolean,
): Generator<Step, ExecResult[] | undefined, unknown> {
  try {
    return yield* run(...statements);
  } catch (error) {
    if (state.dialect.keepsOldView?.(error) !== true) throw error;
    // hooks before it have run and are rolled back with the transaction, to run again
    if (inTransaction && state.dialect.capabilities.transactionalDdl !== true) throw error;
    return undefined;
  }
}

function* publishAudited(publication: Publication, target: Relation): Plan {
  const { input, state, type, fill } = publication;
  const { existing } = state;
  const stage = stageOf(target, state, type);
  const hooked = hooksNeedTransaction(input.node);

  if (hooked || fill !== undefined) yield { kind: 'begin' };
  yield* hooks(input.node, 'pre', true);
  const statements = yield* publication.create(stage);
  const results = yield* run(...statements);
  if (fill !== undefined) yield* fill(stage);
  if (hooked || fill !== undefined) yield { kind: 'commit' };

  const verdict = yield* audit(stage, false);
  if (!verdict.passed) {
    const rejected: Relation = { ...rejectedOf(target, state), type };
    yield* run({ sql: yield* macro('get_rename_sql', stage, rejected.identifier) });
    yield { kind: 'cache', added: [rejected] };
    return {
      message: rejectionMessage(target, verdict, { rejected, published: existing !== null }),
      rowsAffected: mainResult(statements, results)?.rowsAffected ?? null,
      status: 'error',
      relations: existing === null ? [] : [existing],
      rejected,
    };
  }

  const dependants = existing === null ? [] : yield* dependantsOf(existing, input, state);
  const inTransaction = hooked || dependants.length > 0 || hasDocsOrGrants(input.node, state);
  if (inTransaction) yield { kind: 'begin' };
  yield* run(
    ...(yield* swapStatements(stage, target, { existing, dependants, state })),
    ...(yield* indexStatements(input.node, target)),
  );
  yield* restoreDependants(dependants, state);
  yield* docsAndGrants(input.node, target, state, { kept: false });
  yield* hooks(input.node, 'post', true);
  if (inTransaction) yield { kind: 'commit' };
  yield { kind: 'cache', added: [target] };
  return succeeded(statements, results, target);
}

/** In one transaction: the old one goes, with the views that read it, and the new one takes its name. */
export function* swapStatements(
  stage: Relation,
  target: Relation,
  {
    existing,
    dependants,
    state,
  }: { existing: Relation | null; dependants: readonly Dependant[]; state: PlanState },
): Generator<Step, Statement[], unknown> {
  const drop: Statement[] = [];
  if (existing !== null) {
    // where views are tied to it, nothing may go with it unseen
    const name = state.dialect.dependantsSql === undefined ? 'get_drop_sql' : 'get_drop_replaced_sql';
    drop.push(...(yield* dropDependants(dependants)), { sql: yield* macro(name, existing) });
  }
  return [...drop, { sql: yield* macro('get_rename_sql', stage, target.identifier) }];
}

export function succeeded(
  statements: readonly Statement[],
  results: readonly ExecResult[],
  target: Relation,
): PlanResult {
  const main = mainResult(statements, results);
  return {
    message: main?.message ?? 'OK',
    rowsAffected: main?.rowsAffected ?? null,
    status: 'success',
    relations: [target],
  };
}

function mainResult(
  statements: readonly Statement[],
  results: readonly ExecResult[],
): ExecResult | undefined {
  return results[statements.findIndex((statement) => statement.main === true)];
}
