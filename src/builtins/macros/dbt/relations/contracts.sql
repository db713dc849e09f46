{#- An enforced contract: the query has the columns that YAML declares, in name and type; the table is declared with them. -#}
{% macro get_assert_columns_equivalent(sql) -%}
  {{ adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) }}
{%- endmacro %}

{% macro default__get_assert_columns_equivalent(sql) -%}
  {{ assert_columns_equivalent(sql) }}
{%- endmacro %}

{#- Only looks: the columns of two queries without rows. Gives no text, or dbt's error with a table of what differs. -#}
{% macro assert_columns_equivalent(sql) -%}
  {%- set declared = get_column_schema_from_query(get_empty_schema_sql(model['columns'])) -%}
  {%- set found = get_column_schema_from_query(sql, config.get('sql_header', none)) -%}
  {%- set declared_types = {} -%}
  {%- for column in declared -%}{%- do declared_types.update({column.name | lower: column.data_type}) -%}{%- endfor -%}
  {%- set found_types = {} -%}
  {%- for column in found -%}{%- do found_types.update({column.name | lower: column.data_type}) -%}{%- endfor -%}
  {%- set lines = [] -%}
  {%- for column in found -%}
    {%- if column.name | lower not in declared_types -%}
      {%- do lines.append('| ' ~ column.name ~ ' | ' ~ column.data_type ~ ' | | missing in contract |') -%}
    {%- elif declared_types[column.name | lower] | lower != column.data_type | lower -%}
      {%- do lines.append('| ' ~ column.name ~ ' | ' ~ column.data_type ~ ' | ' ~ declared_types[column.name | lower] ~ ' | data type mismatch |') -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for column in declared if column.name | lower not in found_types -%}
    {%- do lines.append('| ' ~ column.name ~ ' | | ' ~ column.data_type ~ ' | missing in definition |') -%}
  {%- endfor -%}
  {%- if lines | length > 0 -%}
    {%- do exceptions.raise_compiler_error('This model has an enforced contract that failed.\nPlease ensure the name, data_type, and number of columns in your contract match the columns in your model\'s definition.\n\n| column_name | definition_type | contract_type | mismatch_reason |\n| ----------- | --------------- | ------------- | --------------- |\n' ~ lines | join('\n')) -%}
  {%- endif -%}
{%- endmacro %}

{% macro get_table_columns_and_constraints() -%}
  {{- adapter.dispatch('get_table_columns_and_constraints', 'dbt')() -}}
{%- endmacro %}

{% macro default__get_table_columns_and_constraints() -%}
  {{- table_columns_and_constraints() -}}
{%- endmacro %}

{% macro table_columns_and_constraints() -%}
  {%- set lines = [] -%}
  {%- for name, column in model['columns'].items() -%}
    {%- set parts = [adapter.quote(name) if column.get('quote') else name, column['data_type']] -%}
    {%- for constraint in column.get('constraints') or [] -%}
      {%- do parts.append(contract_constraint(constraint, [])) -%}
    {%- endfor -%}
    {%- do lines.append(parts | select | join(' ')) -%}
  {%- endfor -%}
  {%- for constraint in model.get('constraints') or [] -%}
    {%- set text = contract_constraint(constraint, constraint.get('columns') or []) -%}
    {%- if text -%}
      {%- do lines.append(('constraint ' ~ constraint['name'] ~ ' ' if constraint.get('name') else '') ~ text) -%}
    {%- endif -%}
  {%- endfor -%}
(
  {{ lines | join(',\n  ') }}
)
{%- endmacro %}

{#- sq's own: one constraint; of a table when it names its columns. -#}
{% macro contract_constraint(constraint, columns) -%}
  {%- set list = ' (' ~ columns | join(', ') ~ ')' if columns else '' -%}
  {%- set expression = constraint.get('expression') or '' -%}
  {%- set kind = constraint['type'] -%}
  {%- if kind == 'not_null' -%}
    {%- set text = 'not null' -%}
  {%- elif kind == 'check' -%}
    {%- set text = 'check (' ~ expression ~ ')' -%}
  {%- elif kind == 'unique' -%}
    {%- set text = 'unique' ~ list ~ (' ' ~ expression if expression else '') -%}
  {%- elif kind == 'primary_key' -%}
    {%- set text = 'primary key' ~ list ~ (' ' ~ expression if expression else '') -%}
  {%- elif kind == 'foreign_key' -%}
    {%- set to = constraint.get('to') -%}
    {%- set references = (to ~ ' (' ~ (constraint.get('to_columns') or []) | join(', ') ~ ')') if to else expression -%}
    {%- set text = ('foreign key' ~ list ~ ' ' if columns else '') ~ 'references ' ~ references -%}
  {%- else -%}
    {%- set text = expression -%}
  {%- endif -%}
  {%- do return(text) -%}
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
