/** The keys that entries of property files and their parts know, beside `config:`. */
import type { Section } from './contract.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Keys of a file. */
export const FILE_KEYS = words(
  'version anchors models seeds snapshots sources macros analyses exposures metrics semantic_models saved_queries functions groups unit_tests data_tests tests',
);

/** Keys of an entry, per section. What config knows is found at the top level too (dbt moves it there). */
export const ENTRY_KEYS: Readonly<Record<Section, ReadonlySet<string>>> = {
  models: words(
    'name description columns config constraints data_tests tests deprecation_date identifier latest_version versions time_spine semantic_model primary_entity agg_time_dimension derived_semantics metrics',
  ),
  seeds: words('name description columns config data_tests tests'),
  snapshots: words('name description columns config data_tests tests relation'),
  analyses: words('name description columns config'),
  macros: words('name description arguments config docs meta'),
  functions: words(
    'name description arguments returns overloads config data_tests tests identifier language',
  ),
  data_tests: words('name description config'),
  sources: words('name description database schema catalog loader quoting tables config overrides'),
  exposures: words('name label type maturity url description depends_on owner config'),
  groups: words('name owner description config'),
  metrics: words(
    'name label description type type_params config filter agg agg_time_dimension base_metric calculation constant_properties conversion_metric denominator entity expr fill_nulls_with grain_to_date hidden input_metric input_metrics join_to_timespine non_additive_dimension numerator percentile percentile_type period_agg time_granularity window',
  ),
  semantic_models: words(
    'name model description label defaults entities measures dimensions primary_entity config',
  ),
  saved_queries: words('name label description query_params exports config'),
  unit_tests: words('name model description given runs expect overrides versions config'),
};

/** Keys of a table of a source. */
export const TABLE_KEYS = words(
  'name description columns config data_tests tests identifier external quoting loader',
);

/** Keys of a column; `path` is sq's own, for external sources. */
export const COLUMN_KEYS = words(
  'name description data_type constraints config data_tests tests quote granularity dimension entity policy_tags databricks_tags column_mask classifiers path',
);

/** Config of a column. */
export const COLUMN_CONFIG_KEYS = words('meta tags policy_tags databricks_tags');

export const VERSION_KEYS = words(
  'v defined_in description access columns config constraints data_tests tests deprecation_date docs',
);
