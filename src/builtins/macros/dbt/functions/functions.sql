{#- sq's own, for plans: the statement that makes a function, or another form of it (`overload`). -#}
{% macro get_function_sql(target_relation, overload) -%}
  {%- if overload -%}
    {%- do model.update({
          'arguments': overload['arguments'],
          'returns': overload['returns'] or model['returns'],
          'compiled_code': render(overload['raw_body'] or '')
    }) -%}
  {%- endif -%}
  {%- set make = adapter.dispatch -%}
  {{- make(model['config']['type'] ~ '_function_' ~ model['language'], 'dbt')(target_relation) -}}
{%- endmacro %}

{% macro scalar_function_sql(target_relation) -%}
  {{- adapter.dispatch('scalar_function_sql', 'dbt')(target_relation) -}}
{%- endmacro %}

{% macro default__scalar_function_sql(target_relation) -%}
{{ scalar_function_create_replace_signature_sql(target_relation) }}
{{ scalar_function_body_sql() }}
{%- endmacro %}

{% macro scalar_function_create_replace_signature_sql(target_relation) -%}
  {{- adapter.dispatch('scalar_function_create_replace_signature_sql', 'dbt')(target_relation) -}}
{%- endmacro %}

{% macro default__scalar_function_create_replace_signature_sql(target_relation) -%}
{%- set volatility = scalar_function_volatility_sql() | trim -%}
CREATE OR REPLACE FUNCTION {{ target_relation.render() }} ({{ formatted_scalar_function_args_sql() | trim }})
RETURNS {{ model['returns']['data_type'] }}
{{ volatility ~ '\n' if volatility }}AS
{%- endmacro %}

{% macro formatted_scalar_function_args_sql() -%}
  {{- adapter.dispatch('formatted_scalar_function_args_sql', 'dbt')() -}}
{%- endmacro %}

{% macro default__formatted_scalar_function_args_sql() -%}
  {%- for one in model['arguments'] -%}
    {{ one['name'] }} {{ one['data_type'] }}{{ ', ' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}

{% macro scalar_function_body_sql() -%}
  {{- adapter.dispatch('scalar_function_body_sql', 'dbt')() -}}
{%- endmacro %}

{#- sq's own: an expression alone is no body of a SQL function; on DuckDB it is one, and so it may be written. -#}
{% macro scalar_function_query(code) -%}
  {%- set is_query = modules.re.match('(?is)\\s*(--|/\\*|\\(|(select|with|values|table|insert|update|delete|merge|begin)\\b)', code) -%}
  {{- code if is_query else 'select ' ~ (code | trim) -}}
{%- endmacro %}

{% macro default__scalar_function_body_sql() -%}
$$
{{ scalar_function_query(model['compiled_code']) }}
$$ LANGUAGE SQL
{%- endmacro %}

{% macro scalar_function_volatility_sql() -%}
  {{- adapter.dispatch('scalar_function_volatility_sql', 'dbt')() -}}
{%- endmacro %}

{% macro default__scalar_function_volatility_sql() -%}
  {%- set volatility = model['config'].get('volatility') -%}
  {%- set words = {'deterministic': 'IMMUTABLE', 'stable': 'STABLE', 'non-deterministic': 'VOLATILE'} -%}
  {%- if volatility in words -%}
    {{ words[volatility] }}
  {%- elif volatility -%}
    {%- do unsupported_volatility_warning(volatility) -%}
  {%- endif -%}
{%- endmacro %}

{% macro unsupported_volatility_warning(volatility) -%}
  {{- adapter.dispatch('unsupported_volatility_warning', 'dbt')(volatility) -}}
{%- endmacro %}

{% macro default__unsupported_volatility_warning(volatility) -%}
  {%- do exceptions.warn('Found `' ~ volatility ~ '` volatility specified on function `' ~ model['name'] ~ '`. This volatility is not supported by ' ~ adapter.type() ~ ', and will be ignored') -%}
{%- endmacro %}
