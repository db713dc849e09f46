{#- Names of the columns that a snapshot adds, when its config gives no others. -#}
{% macro get_snapshot_table_column_names() -%}
  {%- do return({
        'dbt_valid_to': 'dbt_valid_to',
        'dbt_valid_from': 'dbt_valid_from',
        'dbt_scd_id': 'dbt_scd_id',
        'dbt_updated_at': 'dbt_updated_at',
        'dbt_is_deleted': 'dbt_is_deleted'
  }) -%}
{%- endmacro %}

{#- sq's own: the names that count for this snapshot. -#}
{% macro get_snapshot_columns() -%}
  {%- do return(config.get('snapshot_table_column_names') or get_snapshot_table_column_names()) -%}
{%- endmacro %}

{#- `dbt_valid_to` of a row that is valid now: null of the right type, or what dbt_valid_to_current says. -#}
{% macro get_dbt_valid_to_current(strategy, columns) -%}
  coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ config.get('dbt_valid_to_current') or 'null' }}) as {{ columns.dbt_valid_to }}
{%- endmacro %}

{#- sq's own: true of rows that are valid now. -#}
{% macro get_snapshot_is_open(column) -%}
  {%- set current = config.get('dbt_valid_to_current') -%}
  {%- if current -%}
    ({{ equals(column, current | trim) }} or {{ column }} is null)
  {%- else -%}
    {{ column }} is null
  {%- endif -%}
{%- endmacro %}

{#- The key's columns under names that no source has. -#}
{% macro unique_key_fields(unique_key) -%}
  {%- if unique_key | is_list -%}
    {%- for key in unique_key %}{{ key }} as dbt_unique_key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor -%}
  {%- else -%}
    {{ unique_key }} as dbt_unique_key
  {%- endif -%}
{%- endmacro %}

{% macro unique_key_join_on(unique_key, identifier, from_identifier) -%}
  {%- if unique_key | is_list -%}
    {%- for key in unique_key -%}
      {{ equals(identifier ~ '.dbt_unique_key_' ~ loop.index, from_identifier ~ '.dbt_unique_key_' ~ loop.index) }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
  {%- else -%}
    {{ identifier }}.dbt_unique_key = {{ from_identifier }}.dbt_unique_key
  {%- endif -%}
{%- endmacro %}

{% macro unique_key_is_null(unique_key, identifier) -%}
  {{ identifier }}.dbt_unique_key{{ '_1' if unique_key | is_list }} is null
{%- endmacro %}

{% macro unique_key_is_not_null(unique_key, identifier) -%}
  {{ identifier }}.dbt_unique_key{{ '_1' if unique_key | is_list }} is not null
{%- endmacro %}

{#- Adds columns that the query has gained. For snapshots of users; sq's plan alters by statements of its own. -#}
{% macro create_columns(relation, columns) -%}
  {{ adapter.dispatch('create_columns', 'dbt')(relation, columns) }}
{%- endmacro %}

{% macro default__create_columns(relation, columns) -%}
  {%- for column in columns -%}
    {%- do run_query(get_add_column_sql(relation, column)) -%}
  {%- endfor -%}
{%- endmacro %}

{% macro post_snapshot(staging_relation) -%}
  {{ adapter.dispatch('post_snapshot', 'dbt')(staging_relation) }}
{%- endmacro %}

{% macro default__post_snapshot(staging_relation) -%}
{%- endmacro %}

{% macro get_updated_at_column_data_type(snapshot_sql) -%}
  {%- set found = namespace(data_type=none) -%}
  {%- for column in get_column_schema_from_query(snapshot_sql) if column.column | lower == 'dbt_updated_at' -%}
    {%- set found.data_type = column.dtype -%}
  {%- endfor -%}
  {%- do return(found.data_type) -%}
{%- endmacro %}

{#- sq's own, for plans. -#}
{% macro warn_snapshot_time_types(clock_type, updated_at_type) -%}
  {%- do exceptions.warn_snapshot_timestamp_data_types(clock_type, updated_at_type) -%}
{%- endmacro %}

{#- Warns when moments of `updated_at` and of the clock are of different types. -#}
{% macro check_time_data_types(sql) -%}
  {%- set updated_at = get_updated_at_column_data_type(sql) -%}
  {%- set clock = get_snapshot_get_time_data_type() -%}
  {%- if updated_at is not none and clock is not none and updated_at != clock -%}
    {%- do exceptions.warn_snapshot_timestamp_data_types(clock, updated_at) -%}
  {%- endif -%}
{%- endmacro %}
