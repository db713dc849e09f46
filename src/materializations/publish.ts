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
import { indexStatements } from './indexes.ts';
import { clearLeftovers, dropStatements } from './leftovers.ts';
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
 * nothing stood there).
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
  const inTransaction = fill !== undefined || hooksNeedTransaction(input.node);
  if (inTransaction) yield { kind: 'begin' };
  yield* hooks(input.node, 'pre', true);

  const replace = existing?.type === type ? publication.replace : undefined;
  const beside = existing !== null && replace === undefined;
  const place = beside ? stageOf(target, state, type) : target;
  const statements = yield* (replace ?? publication.create)(place);
  const swap = beside ? yield* swapStatements(place, target, existing) : [];
  swap.push(...(yield* indexStatements(input.node, target)));
  let results: ExecResult[];
  if (fill === undefined) results = yield* run(...statements, ...swap);
  else {
    results = yield* run(...statements);
    yield* fill(place);
    if (swap.length > 0) yield* run(...swap);
  }

  yield* hooks(input.node, 'post', true);
  if (inTransaction) yield { kind: 'commit' };
  yield { kind: 'cache', added: [target] };
  return succeeded(statements, results, target);
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

  if (hooked) yield { kind: 'begin' };
  yield* run(
    ...(yield* swapStatements(stage, target, existing)),
    ...(yield* indexStatements(input.node, target)),
  );
  yield* hooks(input.node, 'post', true);
  if (hooked) yield { kind: 'commit' };
  yield { kind: 'cache', added: [target] };
  return succeeded(statements, results, target);
}

/** In one transaction: the old one goes, the new one takes its name. */
function* swapStatements(
  stage: Relation,
  target: Relation,
  existing: Relation | null,
): Generator<Step, Statement[], unknown> {
  const drop = existing === null ? [] : yield* dropStatements([existing]);
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
