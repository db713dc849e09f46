/** Config of every resource type before any layer goes over it: dbt 1.12's defaults, as its manifest shows them. */

const NODE = () => ({
  enabled: true,
  alias: null,
  schema: null,
  database: null,
  tags: [],
  meta: {},
  group: null,
  static_analysis: null,
  materialized: 'view',
  incremental_strategy: null,
  batch_size: null,
  lookback: 1,
  begin: null,
  persist_docs: {},
  'post-hook': [],
  'pre-hook': [],
  quoting: {},
  column_types: {},
  full_refresh: null,
  unique_key: null,
  on_schema_change: 'ignore',
  on_configuration_change: 'apply',
  grants: {},
  packages: [],
  docs: { show: true, node_color: null },
  contract: { enforced: false, alias_types: true },
  event_time: null,
  concurrent_batches: null,
});

const TEST = () => ({
  enabled: true,
  alias: null,
  schema: 'dbt_test__audit',
  database: null,
  tags: [],
  meta: {},
  group: null,
  static_analysis: null,
  materialized: 'test',
  severity: 'ERROR',
  store_failures: null,
  store_failures_as: null,
  sql_header: null,
  where: null,
  limit: null,
  fail_calc: 'count(*)',
  warn_if: '!= 0',
  error_if: '!= 0',
});

const SNAPSHOT = () => ({
  ...NODE(),
  materialized: 'snapshot',
  strategy: null,
  target_schema: null,
  target_database: null,
  updated_at: null,
  check_cols: null,
  snapshot_meta_column_names: {
    dbt_valid_to: null,
    dbt_valid_from: null,
    dbt_scd_id: null,
    dbt_updated_at: null,
    dbt_is_deleted: null,
  },
  dbt_valid_to_current: null,
});

/** No threshold set: what dbt writes for a source without freshness. */
export const NO_FRESHNESS = () => ({
  warn_after: { count: null, period: null },
  error_after: { count: null, period: null },
  filter: null,
});

/** A fresh object each call: layers are merged into it in place. */
export function defaultConfig(resourceType: string): Record<string, unknown> {
  switch (resourceType) {
    case 'model':
      return {
        ...NODE(),
        access: 'protected',
        freshness: null,
        on_error: null,
        latest_version_pointer: { enabled: null, alias: null },
      };
    case 'seed':
      return { ...NODE(), materialized: 'seed', delimiter: ',', quote_columns: null };
    case 'snapshot':
      return SNAPSHOT();
    case 'function':
      return {
        ...NODE(),
        materialized: 'function',
        type: 'scalar',
        volatility: null,
        runtime_version: null,
        entry_point: null,
        snowflake: { quote_args: true },
      };
    case 'test':
      return TEST();
    case 'source':
      return {
        enabled: true,
        event_time: null,
        freshness: NO_FRESHNESS(),
        loaded_at_field: null,
        loaded_at_query: null,
        meta: {},
        tags: [],
        static_analysis: null,
      };
    case 'exposure':
      return { enabled: true, tags: [], meta: {} };
    case 'metric':
      return { enabled: true, group: null, meta: {} };
    case 'semantic_model':
      return { enabled: true, group: null, meta: {} };
    case 'saved_query':
      return {
        enabled: true,
        group: null,
        meta: {},
        export_as: null,
        schema: null,
        cache: { enabled: false },
      };
    case 'unit_test':
      return { tags: [], meta: {}, enabled: true, static_analysis: null };
    default:
      return NODE();
  }
}
