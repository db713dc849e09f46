{#- An enforced contract: the query has the columns that YAML declares, in name and type; the table is declared with them. -#}
{% macro get_assert_columns_equivalent(sql) -%}
  {{ adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) }}
{%- endmacro %}

{% macro default__get_assert_columns_equivalent(sql) -%}
  {{ assert_columns_equivalent(sql) }}
{%- endmacro %}

{#- Only looks: the columns of two queries without rows. Gives no text, or dbt's error with a table of what differs. -#}
{% macro assert_columns_equivalent(sql) -%}
  {%- if not model['columns'] -%}
    {%- do exceptions.raise_contract_error([], []) -%}
  {%- endif -%}
  {%- set found = format_columns(get_column_schema_from_query(sql, config.get('sql_header', none))) -%}
  {%- set declared = format_columns(get_column_schema_from_query(get_empty_schema_sql(model['columns']))) -%}
  {%- set known = declared | map(attribute='formatted') | list -%}
  {%- set strangers = found | map(attribute='formatted') | reject('in', known) | list -%}
  {%- if strangers or found | length != declared | length -%}
    {%- do exceptions.raise_contract_error(declared, found) -%}
  {%- endif -%}
{%- endmacro %}

{% macro format_columns(columns) -%}
  {%- set formatted = [] -%}
  {%- for column in columns -%}
    {%- do formatted.append(adapter.dispatch('format_column', 'dbt')(column)) -%}
  {%- endfor -%}
  {%- do return(formatted) -%}
{%- endmacro %}

{#- What a contract compares: `formatted`. -#}
{% macro default__format_column(column) -%}
  {%- do return({
        'name': column.name,
        'data_type': column.dtype,
        'formatted': column.name | lower ~ ' ' ~ column.dtype
  }) -%}
{%- endmacro %}

{#- sq's own: whether the model's contract is enforced. -#}
{% macro contract_enforced() -%}
  {%- set contract = config.get('contract') -%}
  {%- do return(contract is not none and contract is not undefined and contract.enforced | default(false)) -%}
{%- endmacro %}

{% macro get_table_columns_and_constraints() -%}
  {{- adapter.dispatch('get_table_columns_and_constraints', 'dbt')() -}}
{%- endmacro %}

{% macro default__get_table_columns_and_constraints() -%}
  {{- table_columns_and_constraints() -}}
{%- endmacro %}

{% macro table_columns_and_constraints() -%}
(
  {{ (adapter.render_raw_columns_constraints(raw_columns=model['columns'])
      + adapter.render_raw_model_constraints(raw_constraints=model.get('constraints') or [])) | join(',\n  ') }}
)
{%- endmacro %}

{#- The columns of an INSERT into a table whose columns are declared. -#}
{% macro get_column_names() -%}
  {{- adapter.dispatch('get_column_names', 'dbt')() -}}
{%- endmacro %}

{% macro default__get_column_names() -%}
  {%- set names = [] -%}
  {%- for name, column in model['columns'].items() -%}
    {%- do names.append(adapter.quote(name) if column.get('quote') else name) -%}
  {%- endfor -%}
  {{- names | join(', ') -}}
{%- endmacro %}

{% macro get_select_subquery(sql) -%}
  {{- adapter.dispatch('get_select_subquery', 'dbt')(sql) -}}
{%- endmacro %}

{#- The query's columns in the order of the contract. -#}
{% macro default__get_select_subquery(sql) -%}
select
  {%- for name, column in model['columns'].items() %}
  {{ adapter.quote(name) if column.get('quote') else name }}{{ ',' if not loop.last }}
  {%- endfor %}
from (
{{ sql }}
) as model_subq
{%- endmacro %}
