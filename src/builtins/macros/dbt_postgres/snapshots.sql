{% macro postgres__snapshot_merge_sql(target, source, insert_cols) -%}
  {{- get_snapshot_update_insert_sql(target, source, insert_cols, target) -}}
{%- endmacro %}
