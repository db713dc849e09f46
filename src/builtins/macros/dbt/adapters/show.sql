{#- What `show` runs: the compiled query, cut to `limit` rows. -#}
{% macro get_show_sql(compiled_code, sql_header, limit) -%}
  {%- if sql_header is not none -%}
    {{ sql_header }}
  {%- endif %}
  {{ get_limit_sql(compiled_code, limit) }}
{%- endmacro %}

{% macro get_limit_sql(sql, limit) -%}
  {{ adapter.dispatch('get_limit_sql', 'dbt')(sql, limit) }}
{%- endmacro %}

{% macro default__get_limit_sql(sql, limit) -%}
  {{ sql }}
  {%- if limit is not none %}
  limit {{ limit }}
  {%- endif -%}
{%- endmacro %}

{% macro get_limit_subquery_sql(sql, limit) -%}
  {{ adapter.dispatch('get_limit_subquery_sql', 'dbt')(sql, limit) }}
{%- endmacro %}

{% macro default__get_limit_subquery_sql(sql, limit) -%}
  select * from (
    {{ sql }}
  ) as model_limit_subq
  limit {{ limit }}
{%- endmacro %}

{% macro validate_sql(sql) -%}
  {%- do return(adapter.dispatch('validate_sql', 'dbt')(sql)) -%}
{%- endmacro %}

{% macro default__validate_sql(sql) -%}
  {%- call statement('validate_sql') -%}
    explain {{ sql }}
  {%- endcall -%}
  {%- do return(load_result('validate_sql')) -%}
{%- endmacro %}
