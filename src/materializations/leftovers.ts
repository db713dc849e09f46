/** What earlier runs left beside a target: refused tables, and stages of runs that were killed. */
import type { Relation } from '../manifest/relation.ts';
import { rejectedOf, stagePrefix } from './beside-names.ts';
import { macro, type PlanState, run, type Statement, type Step } from './contract.ts';

/** Drops them; sends nothing when there are none. */
export function* clearLeftovers(target: Relation, state: PlanState): Generator<Step, void, unknown> {
  const rejected = state.lookup(rejectedOf(target, state));
  const stages = state.startingWith?.(stagePrefix(target, state)) ?? [];
  const found = rejected === null ? stages : [rejected, ...stages];
  if (found.length === 0) return;
  yield* run(...(yield* dropStatements(found)));
  yield { kind: 'cache', dropped: found };
}

export function* dropStatements(relations: readonly Relation[]): Generator<Step, Statement[], unknown> {
  const statements: Statement[] = [];
  for (const relation of relations) statements.push({ sql: yield* macro('get_drop_sql', relation) });
  return statements;
}
