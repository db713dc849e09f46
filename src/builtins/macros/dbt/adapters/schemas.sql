{%- macro create_schema(relation) -%}
  {{- adapter.dispatch('create_schema', 'dbt')(relation) -}}
{%- endmacro %}

{%- macro default__create_schema(relation) -%}
  {%- call statement('create_schema') -%}
    {{ get_create_schema_sql(relation) }}
  {%- endcall -%}
{%- endmacro %}

{#- sq's own: the statement alone, for plans. -#}
{%- macro get_create_schema_sql(relation) -%}
  {{ adapter.dispatch('get_create_schema_sql', 'dbt')(relation) }}
{%- endmacro %}

{%- macro default__get_create_schema_sql(relation) -%}
  create schema if not exists {{ relation.without_identifier() }}
{%- endmacro %}

{%- macro drop_schema(relation) -%}
  {{- adapter.dispatch('drop_schema', 'dbt')(relation) -}}
{%- endmacro %}

{%- macro default__drop_schema(relation) -%}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier() }} cascade
  {%- endcall -%}
{%- endmacro %}
