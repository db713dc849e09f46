{% macro redshift__list_schemas(database) -%}
  {%- do return(run_query("select nspname as schema_name from pg_catalog.pg_namespace")) -%}
{%- endmacro %}

{% macro redshift__check_schema_exists(information_schema, schema) -%}
  {%- do return(run_query("select count(*) from pg_catalog.pg_namespace where lower(nspname) = lower('" ~ schema ~ "')")) -%}
{%- endmacro %}

{#- A schema is made in the connected database: CREATE SCHEMA takes no database. -#}
{% macro redshift__get_create_schema_sql(relation) -%}
  create schema if not exists {{ relation.without_identifier().include(database=False) }}
{%- endmacro %}

{% macro redshift__drop_schema(relation) -%}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier().include(database=False) }} cascade
  {%- endcall -%}
{%- endmacro %}

{#- Comments stand in dollar quotes, where no character is special. -#}
{% macro redshift__alter_relation_comment(relation, comment) -%}
  comment on {{ 'view' if relation.type in ['view', 'materialized_view'] else 'table' }} {{ relation }} is {{ redshift_comment(comment) }}
{%- endmacro %}

{#- Columns of a late-binding view take no comments. Columns are those that the relation has. -#}
{% macro redshift__alter_column_comment(relation, column_dict) -%}
  {%- if relation.type == 'view' and not config.get('bind') -%}
    {%- do return('') -%}
  {%- endif -%}
  {%- for name, column in column_dict.items() %}
    comment on column {{ relation }}.{{ adapter.quote(name) if column['quote'] else name }} is {{ redshift_comment(column['description']) }};
  {%- endfor -%}
{%- endmacro %}

{% macro redshift_comment(comment) -%}
  {%- if '$dbt_comment_literal_block$' in (comment or '') -%}
    {%- do exceptions.raise_compiler_error('The string $dbt_comment_literal_block$ is not allowed in comments.') -%}
  {%- endif -%}
  {{- '$dbt_comment_literal_block$' ~ (comment or '') ~ '$dbt_comment_literal_block$' -}}
{%- endmacro %}
