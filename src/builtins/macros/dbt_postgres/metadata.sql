{% macro postgres__list_schemas(database) -%}
  {%- do return(run_query('select distinct nspname from pg_namespace')) -%}
{%- endmacro %}

{% macro postgres__check_schema_exists(information_schema, schema) -%}
  {%- do return(run_query("select count(*) from pg_namespace where nspname = '" ~ schema ~ "'")) -%}
{%- endmacro %}

{#- A schema of another database cannot be made from here: the name goes without it. -#}
{% macro postgres__get_create_schema_sql(relation) -%}
  create schema if not exists {{ relation.without_identifier().include(database=False) }}
{%- endmacro %}

{% macro postgres__drop_schema(relation) -%}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier().include(database=False) }} cascade
  {%- endcall -%}
{%- endmacro %}

{%- macro postgres__current_timestamp() -%}
  now()
{%- endmacro %}

{%- macro postgres__snapshot_string_as_time(timestamp) -%}
  {%- do return("'" ~ timestamp ~ "'::timestamp without time zone") -%}
{%- endmacro %}

{%- macro postgres__snapshot_get_time() -%}
  {{ current_timestamp() }}::timestamp without time zone
{%- endmacro %}

{%- macro postgres__current_timestamp_backcompat() -%}
  current_timestamp::{{ type_timestamp() }}
{%- endmacro %}

{%- macro postgres__current_timestamp_in_utc_backcompat() -%}
  (current_timestamp at time zone 'utc')::{{ type_timestamp() }}
{%- endmacro %}
