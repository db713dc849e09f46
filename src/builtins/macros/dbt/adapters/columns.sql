{% macro get_columns_in_relation(relation) -%}
  {%- do return(adapter.dispatch('get_columns_in_relation', 'dbt')(relation)) -%}
{%- endmacro %}

{% macro default__get_columns_in_relation(relation) -%}
  {%- do return(adapter.get_columns_in_relation(relation)) -%}
{%- endmacro %}

{#- A query that gives the columns of `select_sql` and no rows. -#}
{% macro get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
  {%- do return(adapter.dispatch('get_empty_subquery_sql', 'dbt')(select_sql, select_sql_header)) -%}
{%- endmacro %}

{% macro default__get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
  {%- set query -%}
    {%- if select_sql_header is not none %}{{ select_sql_header }}
    {% endif -%}
    select * from (
      {{ select_sql }}
    ) as __dbt_sbq
    where false
    limit 0
  {%- endset -%}
  {%- do return(query) -%}
{%- endmacro %}

{#- A query of no rows with the columns given in YAML, each cast to its data_type. -#}
{% macro get_empty_schema_sql(columns) -%}
  {%- do return(adapter.dispatch('get_empty_schema_sql', 'dbt')(columns)) -%}
{%- endmacro %}

{% macro default__get_empty_schema_sql(columns) -%}
  {%- set casts = [] -%}
  {%- set untyped = [] -%}
  {%- for name in columns -%}
    {%- set column = columns[name] -%}
    {%- set shown = adapter.quote(column['name']) if column.get('quote') else column['name'] -%}
    {%- if column['data_type'] is not defined or column['data_type'] is none -%}
      {%- do untyped.append(column['name']) -%}
    {%- else -%}
      {%- do casts.append(cast('null', column['data_type']) ~ ' as ' ~ shown) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if untyped | length > 0 -%}
    {%- do exceptions.column_type_missing(column_names=untyped) -%}
  {%- endif -%}
  {%- do return('select ' ~ casts | join(', ')) -%}
{%- endmacro %}

{% macro get_column_schema_from_query(select_sql, select_sql_header=none) -%}
  {%- do return(adapter.get_column_schema_from_query(get_empty_subquery_sql(select_sql, select_sql_header))) -%}
{%- endmacro %}

{#- Names of the columns that a query gives. -#}
{% macro get_columns_in_query(select_sql) -%}
  {%- do return(adapter.dispatch('get_columns_in_query', 'dbt')(select_sql)) -%}
{%- endmacro %}

{% macro default__get_columns_in_query(select_sql) -%}
  {%- call statement('get_columns_in_query', fetch_result=True, auto_begin=False) -%}
    {{ get_empty_subquery_sql(select_sql) }}
  {%- endcall -%}
  {%- do return(load_result('get_columns_in_query').table.columns | map(attribute='name') | list) -%}
{%- endmacro %}

{% macro alter_column_type(relation, column_name, new_column_type) -%}
  {%- do return(adapter.dispatch('alter_column_type', 'dbt')(relation, column_name, new_column_type)) -%}
{%- endmacro %}

{% macro default__alter_column_type(relation, column_name, new_column_type) -%}
  {%- do run_query(get_alter_column_type_sql(relation, column_name, new_column_type)) -%}
{%- endmacro %}

{#- sq's own: the statements alone, one after the other, for plans. -#}
{% macro get_alter_column_type_sql(relation, column_name, new_column_type) -%}
  {{ adapter.dispatch('get_alter_column_type_sql', 'dbt')(relation, column_name, new_column_type) }}
{%- endmacro %}

{% macro default__get_alter_column_type_sql(relation, column_name, new_column_type) -%}
  {%- set spare = adapter.quote(column_name ~ '__dbt_alter') -%}
  {%- set column = adapter.quote(column_name) -%}
  alter table {{ relation }} add column {{ spare }} {{ new_column_type }};
  update {{ relation }} set {{ spare }} = {{ column }};
  alter table {{ relation }} drop column {{ column }} cascade;
  alter table {{ relation }} rename column {{ spare }} to {{ column }}
{%- endmacro %}

{% macro alter_relation_add_remove_columns(relation, add_columns=none, remove_columns=none) -%}
  {%- do return(adapter.dispatch('alter_relation_add_remove_columns', 'dbt')(relation, add_columns, remove_columns)) -%}
{%- endmacro %}

{% macro default__alter_relation_add_remove_columns(relation, add_columns, remove_columns) -%}
  {%- for column in add_columns or [] -%}
    {%- do run_query(get_add_column_sql(relation, column)) -%}
  {%- endfor -%}
  {%- for column in remove_columns or [] -%}
    {%- do run_query(get_drop_column_sql(relation, column)) -%}
  {%- endfor -%}
{%- endmacro %}

{#- sq's own: one statement a column, for plans. -#}
{% macro get_add_column_sql(relation, column) -%}
  {{ adapter.dispatch('get_add_column_sql', 'dbt')(relation, column) }}
{%- endmacro %}

{% macro default__get_add_column_sql(relation, column) -%}
  alter table {{ relation.render() }} add column {{ column.quoted }} {{ column.data_type }}
{%- endmacro %}

{% macro get_drop_column_sql(relation, column) -%}
  {{ adapter.dispatch('get_drop_column_sql', 'dbt')(relation, column) }}
{%- endmacro %}

{% macro default__get_drop_column_sql(relation, column) -%}
  alter table {{ relation.render() }} drop column {{ column.quoted }}
{%- endmacro %}
