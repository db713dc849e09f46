{#- DuckDB changes a type in place; the value must be castable. -#}
{% macro duckdb__get_alter_column_type_sql(relation, column_name, new_column_type) -%}
  alter table {{ relation }} alter column {{ adapter.quote(column_name) }} set data type {{ new_column_type }}
{%- endmacro %}
