{#- The columns of what stands in some schemas, as dbt's catalog has them. sq docs generate asks in a way of its own. -#}
{% macro get_catalog_relations(information_schema, relations) -%}
  {%- do return(adapter.dispatch('get_catalog_relations', 'dbt')(information_schema, relations)) -%}
{%- endmacro %}

{% macro default__get_catalog_relations(information_schema, relations) -%}
  {%- set places = [] -%}
  {%- for one in relations -%}
    {%- set place = "lower(t.table_schema) = lower('" ~ one.schema ~ "')" -%}
    {%- if one.identifier -%}
      {%- set place = place ~ " and lower(t.table_name) = lower('" ~ one.identifier ~ "')" -%}
    {%- endif -%}
    {%- do places.append('(' ~ place ~ ')') -%}
  {%- endfor -%}
  {%- do return(run_query(get_catalog_columns_sql(information_schema, places))) -%}
{%- endmacro %}

{% macro get_catalog_for_single_relation(relation) -%}
  {%- do return(adapter.dispatch('get_catalog_for_single_relation', 'dbt')(relation)) -%}
{%- endmacro %}

{% macro default__get_catalog_for_single_relation(relation) -%}
  {%- do return(get_catalog_relations(relation.information_schema(), [relation])) -%}
{%- endmacro %}

{% macro get_catalog(information_schema, schemas) -%}
  {%- do return(adapter.dispatch('get_catalog', 'dbt')(information_schema, schemas)) -%}
{%- endmacro %}

{% macro default__get_catalog(information_schema, schemas) -%}
  {%- set places = [] -%}
  {%- for schema in schemas -%}
    {%- do places.append("lower(t.table_schema) = lower('" ~ schema ~ "')") -%}
  {%- endfor -%}
  {%- do return(run_query(get_catalog_columns_sql(information_schema, places))) -%}
{%- endmacro %}

{#- sq's own. `places`: conditions on the schema and name of the table, one of which must hold. -#}
{% macro get_catalog_columns_sql(information_schema, places) -%}
select
  t.table_catalog as table_database,
  t.table_schema,
  t.table_name,
  t.table_type,
  cast(null as varchar) as table_comment,
  cast(null as varchar) as table_owner,
  c.column_name,
  c.ordinal_position as column_index,
  c.data_type as column_type,
  cast(null as varchar) as column_comment
from information_schema.tables as t
join information_schema.columns as c
  on t.table_catalog = c.table_catalog and t.table_schema = c.table_schema and t.table_name = c.table_name
where {{ places | join(' or ') if places else 'false' }}
order by t.table_schema, t.table_name, c.ordinal_position
{%- endmacro %}

{#- Rows: name, method, unique, columns. -#}
{% macro get_show_indexes_sql(relation) -%}
  {{- adapter.dispatch('get_show_indexes_sql', 'dbt')(relation) -}}
{%- endmacro %}

{% macro default__get_show_indexes_sql(relation) -%}
  {{- get_relation_indexes_sql(relation) -}}
{%- endmacro %}

{#- False: macros of packages that ask are those of dbt Core 1. -#}
{% macro is_core_v2() -%}
  {%- do return(false) -%}
{%- endmacro %}

{% macro get_list_of_column_names(columns) -%}
  {%- set names = [] -%}
  {%- for column in columns -%}
    {%- do names.append(column.name) -%}
  {%- endfor -%}
  {%- do return(names) -%}
{%- endmacro %}
