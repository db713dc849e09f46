/** Materializations that dbt has and sq will have: until then a selected one ends as NO-OP (decision 10). */
import type { Materialization } from './contract.ts';

export function notBuiltYet(name: string): Materialization {
  return {
    name,
    plan: function* (input) {
      const msg = `${input.node.unique_id}: sq does not build '${name}' yet; nothing was done for it`;
      yield { kind: 'notice', topic: 'not-built-yet', msg };
      return { message: 'NO-OP', rowsAffected: null, status: 'no-op', relations: [] };
    },
  };
}
