{%- macro current_timestamp() -%}
  {{- adapter.dispatch('current_timestamp', 'dbt')() -}}
{%- endmacro %}

{%- macro default__current_timestamp() -%}
  current_timestamp
{%- endmacro %}

{%- macro snapshot_get_time() -%}
  {{- adapter.dispatch('snapshot_get_time', 'dbt')() -}}
{%- endmacro %}

{%- macro default__snapshot_get_time() -%}
  {{- current_timestamp() -}}
{%- endmacro %}

{#- Type of what snapshot_get_time() gives, as the engine names it. -#}
{%- macro get_snapshot_get_time_data_type() -%}
  {%- set columns = adapter.get_column_schema_from_query('select ' ~ snapshot_get_time() ~ ' as snap_time') -%}
  {%- do return(columns[0].data_type or none) -%}
{%- endmacro %}

{%- macro current_timestamp_backcompat() -%}
  {%- do return(adapter.dispatch('current_timestamp_backcompat', 'dbt')()) -%}
{%- endmacro %}

{%- macro default__current_timestamp_backcompat() -%}
  current_timestamp::timestamp
{%- endmacro %}

{%- macro current_timestamp_in_utc_backcompat() -%}
  {%- do return(adapter.dispatch('current_timestamp_in_utc_backcompat', 'dbt')()) -%}
{%- endmacro %}

{%- macro default__current_timestamp_in_utc_backcompat() -%}
  {%- do return(adapter.dispatch('current_timestamp_backcompat', 'dbt')()) -%}
{%- endmacro %}

{#- A moment given as text, as the engine's timestamp. -#}
{%- macro snapshot_string_as_time(timestamp) -%}
  {{- adapter.dispatch('snapshot_string_as_time', 'dbt')(timestamp) -}}
{%- endmacro %}

{%- macro default__snapshot_string_as_time(timestamp) -%}
  {%- do exceptions.raise_not_implemented('snapshot_string_as_time macro not implemented for adapter ' ~ adapter.type()) -%}
{%- endmacro %}
