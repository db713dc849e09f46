{#- Arguments of a SQL function of Redshift have no names: the body says $1, $2. A volatility has to be given. -#}
{% macro redshift__formatted_scalar_function_args_sql() -%}
  {{- model['arguments'] | map(attribute='data_type') | join(', ') -}}
{%- endmacro %}

{% macro redshift__scalar_function_volatility_sql() -%}
  {{- default__scalar_function_volatility_sql() | trim or 'VOLATILE' -}}
{%- endmacro %}

{% macro redshift__scalar_function_body_sql() -%}
{%- set code = namespace(text=model['compiled_code']) -%}
{%- for one in model['arguments'] -%}
  {%- set code.text = modules.re.sub('(?i)\\b' ~ one['name'] ~ '\\b', '$' ~ loop.index, code.text) -%}
{%- endfor -%}
$$
{{ scalar_function_query(code.text) }}
$$ LANGUAGE sql
{%- endmacro %}
