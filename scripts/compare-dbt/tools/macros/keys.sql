{# One text of several fields, hashed. #}
{% macro surrogate_key(fields) -%}
  {{ return(adapter.dispatch('surrogate_key', 'tools')(fields)) }}
{%- endmacro %}

{% macro default__surrogate_key(fields) -%}
  {%- set parts = [] -%}
  {%- for field in fields -%}
    {%- do parts.append("coalesce(cast(" ~ field ~ " as " ~ dbt.type_string() ~ "), '_none_')") -%}
    {%- if not loop.last %}{% do parts.append("'-'") %}{% endif -%}
  {%- endfor -%}
  {{ dbt.hash(dbt.concat(parts)) }}
{%- endmacro %}
