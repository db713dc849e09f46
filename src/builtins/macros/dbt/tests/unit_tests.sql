{#- The rows of a unit test's input as a query. Types are those given, else those of the input's own relation. -#}
{% macro get_fixture_sql(rows, column_name_to_data_types) -%}
  {%- set types = {} -%}
  {%- set quoted = {} -%}
  {%- if column_name_to_data_types -%}
    {%- for name, data_type in column_name_to_data_types.items() -%}
      {%- do types.update({name | lower: data_type}) -%}
      {%- do quoted.update({name | lower: adapter.quote(name)}) -%}
    {%- endfor -%}
  {%- else -%}
    {%- for column in get_fixture_columns() -%}
      {%- do types.update({column.name | lower: column.data_type}) -%}
      {%- do quoted.update({column.name | lower: column.quoted}) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- if not types -%}
    {%- do exceptions.raise_compiler_error(
          "Not able to get columns for unit test '" ~ model.name ~ "' from relation " ~ this ~ " because the relation doesn't exist"
    ) -%}
  {%- endif -%}
  {%- do validate_fixture_rows(rows, none) -%}
  {%- set absent = {} -%}
  {%- for name, data_type in types.items() -%}
    {%- do absent.update({name: safe_cast('null', data_type) | trim}) -%}
  {%- endfor -%}
-- rows of {{ model.name }}, given by the unit test
  {%- for row in rows %}
    {%- set cells = absent.copy() %}
    {%- do cells.update(format_row(row, types)) %}
select {% for name, value in cells.items() %}{{ value }} as {{ quoted[name] }}{{ ', ' if not loop.last }}{% endfor %}
    {{- '\nunion all' if not loop.last }}
  {%- else %}
select {% for name, value in absent.items() %}{{ value }} as {{ quoted[name] }}{{ ', ' if not loop.last }}{% endfor %}
limit 0
  {%- endfor %}
{%- endmacro %}

{#- sq's own: columns of the input's relation; of the deferred one where it is not there. -#}
{% macro get_fixture_columns() -%}
  {%- set relation = defer_relation if (defer_relation and not load_relation(this)) else this -%}
  {%- do return(adapter.get_columns_in_relation(relation)) -%}
{%- endmacro %}

{#- What is expected, as a query of the columns that the rows name. -#}
{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) -%}
  {%- for row in rows -%}
select {% for name, value in format_row(row, column_name_to_data_types).items() %}{{ value }} as {{ column_name_to_quoted[name] }}{{ ', ' if not loop.last }}{% endfor %}
    {{- '\nunion all\n' if not loop.last }}
  {%- else -%}
select * from dbt_internal_unit_test_actual
limit 0
  {%- endfor -%}
{%- endmacro %}

{#- A row's values as SQL, each cast to its column's type, by the column's name in lower case. -#}
{%- macro format_row(row, column_name_to_data_types) -%}
  {%- set cells = {} -%}
  {%- for given_name, value in row.items() -%}
    {%- set name = given_name | lower -%}
    {%- if name not in column_name_to_data_types -%}
      {%- set owner = 'expected output' if model.resource_type == 'unit_test' else "'" ~ model.name ~ "'" -%}
      {%- do exceptions.raise_compiler_error(
            "Invalid column name: '" ~ name ~ "' in unit test fixture for " ~ owner ~ "."
            ~ "\nAccepted columns for " ~ owner ~ " are: " ~ column_name_to_data_types.keys() | list
      ) -%}
    {%- endif -%}
    {%- set data_type = column_name_to_data_types[name] -%}
    {#- a length would cut a text that is too long, without a word -#}
    {%- if value is string and 'varying' in data_type -%}
      {%- set data_type = data_type.split('(')[0] -%}
    {%- endif -%}
    {%- set literal = string_literal(escape_single_quotes(value)) if value is string else ('null' if value is none else value) -%}
    {%- do cells.update({name: safe_cast(literal, data_type) | trim}) -%}
  {%- endfor -%}
  {%- do return(cells) -%}
{%- endmacro -%}

{%- macro validate_fixture_rows(rows, row_number) -%}
  {%- do return(adapter.dispatch('validate_fixture_rows', 'dbt')(rows, row_number)) -%}
{%- endmacro -%}

{%- macro default__validate_fixture_rows(rows, row_number) -%}
{%- endmacro -%}

{#- All rows that came and all that were expected, told apart by the column actual_or_expected. -#}
{% macro get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
  {{ adapter.dispatch('get_unit_test_sql', 'dbt')(main_sql, expected_fixture_sql, expected_column_names) }}
{%- endmacro %}

{% macro default__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
{%- set names = expected_column_names | join(', ') -%}
{%- set side = adapter.quote('actual_or_expected') -%}
with dbt_internal_unit_test_actual as (
  select {{ names }}, {{ string_literal('actual') }} as {{ side }}
  from (
{{ main_sql }}
  ) as _dbt_internal_unit_test_actual
),
dbt_internal_unit_test_expected as (
  select {{ names }}, {{ string_literal('expected') }} as {{ side }}
  from (
{{ expected_fixture_sql }}
  ) as _dbt_internal_unit_test_expected
)
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected
{%- endmacro %}
