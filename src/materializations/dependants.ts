/**
 * Views that read what a plan replaces. Where views are tied to the table itself they would forbid the swap, or
 * go with the old table: those of the project are made again in the swap's transaction, others refuse it.
 */
import { SqError } from '../errors.ts';
import { type Relation, type RelationType, relation, renderRelation } from '../manifest/relation.ts';
import { macro, type PlanNode, type PlanState, query, run, type Statement, type Step } from './contract.ts';

export interface Dependant {
  relation: Relation;
  /** Makes it again as it is: definition, owner, grants, comments. */
  restore: string;
}

/** Of `existing`, in the order in which they can be made again. Throws SqError for those the project does not own. */
export function* dependantsOf(
  existing: Relation,
  { node }: Pick<PlanNode, 'node'>,
  state: PlanState,
): Generator<Step, Dependant[], unknown> {
  const { dialect } = state;
  const sql = dialect.dependantsSql?.(existing);
  if (sql === undefined || state.mayBeRead?.(existing) === false) return [];
  const rows = yield* query(sql, 'which views read the relation that is replaced');
  const found = rows.map((row) => {
    const [database, schema, name, type, restore] = row.map(String) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const { quoteChar } = dialect;
    return { relation: relation(database, schema, name, { type: type as RelationType, quoteChar }), restore };
  });
  const foreign = found.filter((one) => state.owns?.(one.relation) !== true);
  if (foreign.length > 0 && node.config.drop_cascade !== true) throw notOwned(existing, foreign);
  return found.filter((one) => !foreign.includes(one));
}

/** Last made, first dropped. */
export function* dropDependants(dependants: readonly Dependant[]): Generator<Step, Statement[], unknown> {
  const statements: Statement[] = [];
  for (const { relation: view } of [...dependants].reverse())
    statements.push({ sql: yield* macro('get_drop_replaced_sql', view) });
  return statements;
}

const SAVEPOINT = 'sq_dependant';

/**
 * Inside the open transaction. A view that reads columns which are no more cannot be made again: it is left out
 * and told, its own node makes it anew.
 */
export function* restoreDependants(
  dependants: readonly Dependant[],
  state: PlanState,
): Generator<Step, void, unknown> {
  for (const { relation: view, restore } of dependants) {
    if (state.dialect.capabilities.savepoints !== true) {
      yield* run({ sql: restore });
      continue;
    }
    yield* run({ sql: `savepoint ${SAVEPOINT}` });
    try {
      yield* run({ sql: restore }, { sql: `release savepoint ${SAVEPOINT}` });
    } catch (error) {
      yield* run({ sql: `rollback to savepoint ${SAVEPOINT}` });
      const why = state.dialect.readError(error).message.split('\n')[0];
      yield { kind: 'cache', dropped: [view] };
      yield {
        kind: 'notice',
        topic: 'dependants',
        msg: `${renderRelation(view)} reads what is no more (${why}): it was dropped, and is made again when its node runs`,
      };
    }
  }
}

function notOwned(existing: Relation, foreign: readonly Dependant[]): SqError {
  const list = foreign.map(
    ({ relation: view }) => `  ${renderRelation(view)} (${(view.type ?? 'view').replace('_', ' ')})`,
  );
  return new SqError({
    kind: 'Database',
    code: 'dependants',
    message: [
      `${renderRelation(existing)} cannot be replaced: it is read by what is no model of this project, and would go with it:`,
      ...list,
    ].join('\n'),
    hint: 'make it a model of the project or drop it; `drop_cascade: true` on this node drops it with every build',
  });
}
