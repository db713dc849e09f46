{#- A function of DuckDB is a macro: its arguments have no types, the value is cast to the type it is to have. -#}
{% macro duckdb__scalar_function_sql(target_relation) -%}
create or replace macro {{ target_relation.render() }}(
  {%- for one in model['arguments'] -%}
    {{ one['name'] }}{{ ' := ' ~ one['default_value'] if one['default_value'] is not none }}{{ ', ' if not loop.last }}
  {%- endfor -%}
) as (
  cast((
{{ model['compiled_code'] }}
  ) as {{ model['returns']['data_type'] }})
)
{%- endmacro %}
