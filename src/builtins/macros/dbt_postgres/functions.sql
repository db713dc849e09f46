{% macro postgres__formatted_scalar_function_args_sql() -%}
  {%- for one in model['arguments'] -%}
    {{ one['name'] }} {{ one['data_type'] }}{{ ' DEFAULT ' ~ one['default_value'] if one['default_value'] is not none }}{{ ', ' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}
