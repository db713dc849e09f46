{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) -%}
  {{- get_snapshot_update_insert_sql(target, source, insert_cols, 'DBT_INTERNAL_TARGET') -}}
{%- endmacro %}
