{% macro duckdb__list_schemas(database) -%}
  {%- do return(run_query("select distinct schema_name from duckdb_schemas()" ~ (" where database_name = '" ~ database ~ "'" if database else ''))) -%}
{%- endmacro %}

{% macro duckdb__check_schema_exists(information_schema, schema) -%}
  {%- do return(run_query("select count(*) from information_schema.schemata where lower(schema_name) = lower('" ~ schema ~ "')")) -%}
{%- endmacro %}
