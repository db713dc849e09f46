/** The config keys that dbt and its adapters know, per kind of resource; sq's own among them. */

export type ConfigKind =
  | 'models'
  | 'seeds'
  | 'snapshots'
  | 'analyses'
  | 'macros'
  | 'functions'
  | 'data_tests'
  | 'sources'
  | 'exposures'
  | 'groups'
  | 'metrics'
  | 'semantic_models'
  | 'saved_queries'
  | 'unit_tests';

const split = (text: string): string[] => text.trim().split(/\s+/);

/** Nearly every node. */
const NODE = split(`
  enabled tags meta alias schema database group docs materialized quoting grants persist_docs contract full_refresh
  pre_hook post_hook pre-hook post-hook event_time static_analysis description packages column_types unique_key
  incremental_strategy on_schema_change on_configuration_change batch_size lookback begin concurrent_batches`);

/** sq's own. */
const OWN = ['publish', 'load'];

const USUAL: Record<ConfigKind, string[]> = {
  models: [
    ...NODE,
    ...OWN,
    ...split(`
      access freshness sql_header incremental_predicates predicates merge_update_columns merge_exclude_columns
      on_error latest_version_pointer location format options indexes dist sort sort_type bind backup auto_refresh
      query_group unlogged partitioned_by sorted_by classifiers state sync imports`),
  ],
  seeds: [...NODE, ...OWN, 'delimiter', 'quote_columns', 'dist', 'sort', 'sort_type', 'backup', 'indexes'],
  snapshots: [
    ...NODE,
    ...OWN,
    ...split(`
      strategy updated_at check_cols target_schema target_database hard_deletes invalidate_hard_deletes
      dbt_valid_to_current snapshot_meta_column_names quote_columns`),
  ],
  analyses: split('enabled tags meta docs group description static_analysis'),
  macros: split('docs meta'),
  functions: split(`
    enabled tags meta alias schema database group docs quoting grants access packages on_configuration_change type
    volatility entry_point runtime_version description snowflake`),
  data_tests: split(`
    enabled tags meta alias schema database group severity where limit fail_calc warn_if error_if store_failures
    store_failures_as materialized quoting full_refresh sql_header description static_analysis compute`),
  sources: split(`
    enabled tags meta event_time freshness loaded_at_field loaded_at_query quoting external_location formatter
    schema_origin sync static_analysis description`),
  exposures: split('enabled tags meta'),
  groups: split('meta'),
  metrics: split('enabled group meta tags'),
  semantic_models: split('enabled group meta tags'),
  saved_queries: split('enabled group meta tags cache export_as schema'),
  unit_tests: split('enabled tags meta static_analysis description compute'),
};

/** What adapters of any warehouse read; accepted everywhere, suggested nowhere. */
const ADAPTERS = split(`
  adapter_properties additional_libs as_columnstore auto_liquid_cluster auto_refresh automatic_clustering backup
  base_location_root base_location_subpath batch_id bind buckets catalog catalog_name category change_tracking
  cluster_by cluster_id clustered_by compression compute copy_grants copy_tags create_notebook
  data_retention_time_in_days databricks_compute databricks_tags dataproc_cluster_name dist
  enable_list_inference enable_refresh external_access_integrations external_volume file_format grant_access_to
  hours_to_expiration http_path iceberg_version immutable_where include_full_name_in_path
  incremental_apply_config_changes index_url indexes initialize intermediate_format jar_file_uri
  job_cluster_config job_execution_timeout_seconds kms_key_name labels labels_from_meta liquid_clustered_by
  location_root matched_condition max_data_extension_time_in_days max_staleness merge_with_schema_evolution
  not_matched_by_source_action not_matched_by_source_condition not_matched_condition notebook_template_id
  partition_by partition_expiration_days partitions primary_key python_job_config python_version query_tag
  refresh_interval_minutes refresh_mode refresh_warehouse require_partition_filter reservation resource_tags
  row_access_policy schedule scheduler secrets secure skip_matched_step skip_not_matched_step
  snowflake_initialization_warehouse snowflake_warehouse sort sort_type source_alias
  storage_serialization_policy storage_uri submission_method table_format table_tag table_type target_alias
  target_file_size target_lag tblproperties timeout tmp_relation_type transient use_anonymous_sproc
  use_safer_relation_operations use_uniform user_folder_for_python view_update_via_alter`);

const WITH_ADAPTERS: ReadonlySet<ConfigKind> = new Set([
  'models',
  'seeds',
  'snapshots',
  'functions',
  'data_tests',
  'sources',
  'unit_tests',
]);

type Keys = Readonly<Record<ConfigKind, ReadonlySet<string>>>;

/** What a typing error is most likely to have meant. */
export const USUAL_CONFIG_KEYS: Keys = sets((kind) => USUAL[kind]);

/** Every known key. */
export const CONFIG_KEYS: Keys = sets((kind) =>
  WITH_ADAPTERS.has(kind) ? [...USUAL[kind], ...ADAPTERS] : USUAL[kind],
);

function sets(of: (kind: ConfigKind) => string[]): Keys {
  return Object.fromEntries(
    Object.keys(USUAL).map((kind) => [kind, new Set(of(kind as ConfigKind))]),
  ) as unknown as Keys;
}
