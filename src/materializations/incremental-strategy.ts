/** Which macro spells an incremental model's write. */
import { nearest, SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import type { PlanState } from './contract.ts';

/** dbt's own; a project may define others as `get_incremental_<name>_sql`. */
const BUILT_IN = ['default', 'append', 'delete+insert', 'merge', 'insert_overwrite', 'microbatch'];

/** Strategies of DuckDB, PostgreSQL and Redshift. */
const USUAL = ['append', 'delete+insert', 'merge', 'microbatch'];

/**
 * `get_incremental_delete_insert_sql` for config `incremental_strategy: delete+insert`. Throws SqError kind
 * Runtime with dbt's text for a strategy that is not there.
 */
export function strategyMacro(node: CompiledNode, state: PlanState): string {
  const strategy = node.config.incremental_strategy || 'default';
  const name = `get_incremental_${strategy.replaceAll('+', '_')}_sql`;
  const valid = state.dialect.incrementalStrategies ?? USUAL;
  if (state.isOverridden(name) || strategy === 'default' || valid.includes(strategy)) return name;
  const near = nearest(strategy, valid);
  const hint = `${near === undefined ? '' : `did you mean '${near}'? `}the strategies are: ${valid.join(', ')}`;
  const message = BUILT_IN.includes(strategy)
    ? `The incremental strategy '${strategy}' is not valid for this adapter`
    : `dbt could not find an incremental strategy macro with the name "${name}" in ${node.package_name}`;
  throw new SqError({ kind: 'Runtime', code: 'incremental-strategy', message, hint });
}
