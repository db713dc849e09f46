{#- Column list of a seed, quoted as its config says. -#}
{% macro get_seed_column_quoted_csv(model, column_names) %}
  {%- set quote_columns = model['config'].get('quote_columns', none) -%}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}
    {%- do quoted.append(adapter.quote_seed_column(name, quote_columns)) -%}
  {%- endfor -%}
  {%- do return(quoted | join(', ')) -%}
{% endmacro %}

{#- The empty table of a seed: columns are name and type in order. sq's own, see materializations/seed. -#}
{% macro get_create_seed_table_sql(relation, columns, replace=false) -%}
  {{ adapter.dispatch('get_create_seed_table_sql', 'dbt')(relation, columns, replace) }}
{%- endmacro %}

{% macro default__get_create_seed_table_sql(relation, columns, replace=false) -%}
create {{ 'or replace ' if replace }}table {{ relation }} (
  {%- for column in columns %}
  {{ adapter.quote_seed_column(column.name, model['config'].get('quote_columns', none)) }} {{ column.data_type }}{{ ',' if not loop.last }}
  {%- endfor %}
)
{%- endmacro %}

{#- The rows of a seed, given as a query, go into its table. sq's own. -#}
{% macro get_insert_seed_rows_sql(relation, column_names, rows_sql) -%}
  {{ adapter.dispatch('get_insert_seed_rows_sql', 'dbt')(relation, column_names, rows_sql) }}
{%- endmacro %}

{% macro default__get_insert_seed_rows_sql(relation, column_names, rows_sql) -%}
insert into {{ relation }} ({{ get_seed_column_quoted_csv(model, column_names) }})
{{ rows_sql }}
{%- endmacro %}
