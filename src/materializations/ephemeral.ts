/** `materialized: ephemeral`: stands in the queries of its children and nowhere else. */
import type { Materialization } from './contract.ts';

export const ephemeral: Materialization = {
  name: 'ephemeral',
  // biome-ignore lint/correctness/useYield: there is nothing to do
  plan: function* () {
    return { message: '', rowsAffected: null, status: 'success', relations: [] };
  },
};
