/** `materialized: table`: the whole table is made anew by one query. */
import { type Materialization, macro, type PlanNode, type PlanState } from './contract.ts';
import { type Publication, publish } from './publish.ts';

export const table: Materialization = {
  name: 'table',
  plan: (input, state) => publish(tablePublication(input, state)),
};

/** A table from the body's query; incremental models use it when they start anew. */
export function tablePublication(input: PlanNode, state: PlanState): Publication {
  // a project that spells CREATE TABLE in its own way gets exactly that
  const replaceable =
    state.dialect.capabilities.atomicReplace &&
    !state.isOverridden('create_table_as') &&
    // columns are declared first, then the rows come: more than one statement can do
    input.node.config.contract?.enforced !== true;
  return {
    input,
    state,
    type: 'table',
    create: function* (relation) {
      return [{ sql: yield* macro('create_table_as', false, relation, input.sql), main: true }];
    },
    ...(replaceable && {
      replace: function* (relation) {
        return [{ sql: yield* macro('get_replace_table_sql', relation, input.sql), main: true }];
      },
    }),
  };
}
