/** sq's own macro packages of an adapter, most specific first: `dbt_duckdb`, `dbt`. */
import type { Adapter } from '../adapters/contract.ts';

export function internalPackagesOf(adapter: Adapter): string[] {
  return [...adapter.dialect.dispatch.map((type) => `dbt_${type}`), 'dbt'];
}
