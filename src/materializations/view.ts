/** `materialized: view`: a query under a name. */
import { type Materialization, macro } from './contract.ts';
import { publish } from './publish.ts';

export const view: Materialization = {
  name: 'view',
  plan: (input, state) => {
    const { capabilities, keepsOldView } = state.dialect;
    const replaceable =
      (capabilities.atomicReplace || keepsOldView !== undefined) && !state.isOverridden('create_view_as');
    return publish({
      input,
      state,
      type: 'view',
      create: function* (relation) {
        return [{ sql: yield* macro('create_view_as', relation, input.sql), main: true }];
      },
      ...(replaceable && {
        replace: function* (relation) {
          return [{ sql: yield* macro('get_replace_view_sql', relation, input.sql), main: true }];
        },
      }),
    });
  },
};
