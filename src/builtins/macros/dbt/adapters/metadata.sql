{#- What stands in the warehouse; asked through the adapter, so that every engine answers in its own way. -#}
{% macro list_schemas(database) -%}
  {%- do return(adapter.dispatch('list_schemas', 'dbt')(database)) -%}
{%- endmacro %}

{% macro default__list_schemas(database) -%}
  {%- do return(run_query('select distinct schema_name from ' ~ information_schema_name(database) ~ '.schemata')) -%}
{%- endmacro %}

{% macro check_schema_exists(information_schema, schema) -%}
  {%- do return(adapter.dispatch('check_schema_exists', 'dbt')(information_schema, schema)) -%}
{%- endmacro %}

{% macro default__check_schema_exists(information_schema, schema) -%}
  {%- do return(run_query("select count(*) from " ~ information_schema.replace_path(identifier=none) ~ ".schemata where schema_name = '" ~ schema ~ "'")) -%}
{%- endmacro %}

{% macro information_schema_name(database) -%}
  {%- do return(adapter.dispatch('information_schema_name', 'dbt')(database)) -%}
{%- endmacro %}

{% macro default__information_schema_name(database) -%}
  {%- do return((adapter.quote(database) ~ '.' if database else '') ~ 'information_schema') -%}
{%- endmacro %}

{% macro list_relations_without_caching(schema_relation) -%}
  {%- do return(adapter.list_relations_without_caching(schema_relation)) -%}
{%- endmacro %}

{% macro get_relations() -%}
  {%- do return(adapter.dispatch('get_relations', 'dbt')()) -%}
{%- endmacro %}

{% macro default__get_relations() -%}
  {%- do exceptions.raise_not_implemented('get_relations macro not implemented for adapter ' ~ adapter.type()) -%}
{%- endmacro %}

{% macro get_relation_last_modified(information_schema, relations) -%}
  {%- do return(adapter.dispatch('get_relation_last_modified', 'dbt')(information_schema, relations)) -%}
{%- endmacro %}

{% macro default__get_relation_last_modified(information_schema, relations) -%}
  {%- do exceptions.raise_not_implemented('get_relation_last_modified macro not implemented for adapter ' ~ adapter.type()) -%}
{%- endmacro %}
