{% test within(model, column_name, min_value=none, max_value=none, inclusive=true) %}
    {{ return(adapter.dispatch('test_within', 'tools')(model, column_name, min_value, max_value, inclusive)) }}
{% endtest %}

{% macro default__test_within(model, column_name, min_value, max_value, inclusive) %}
with meet_condition as (
  select * from {{ model }}
),
validation_errors as (
  select * from meet_condition
  where 1 = 2
  {%- if min_value is not none %}
    or not {{ column_name }} > {{- "=" if inclusive }} {{ min_value }}
  {%- endif %}
  {%- if max_value is not none %}
    or not {{ column_name }} < {{- "=" if inclusive }} {{ max_value }}
  {%- endif %}
)
select * from validation_errors
{% endmacro %}

{% test same_count(model, compare_model) %}
    {{ config(fail_calc = 'sum(coalesce(diff_count, 0))') }}
    {%- if not execute -%}
        {{ return('') }}
    {% endif %}
    select abs(a.n - b.n) as diff_count
    from (select count(*) as n from {{ model }}) a, (select count(*) as n from {{ compare_model }}) b
{% endtest %}

{% test same_rows(model, compare_model, compare_columns=none, exclude_columns=none) %}
    {%- if not execute -%}
        {{ return('') }}
    {% endif %}
    {%- do tools.must_be_relation(model, 'test_same_rows') -%}
    {%- if compare_columns is none -%}
        {%- set exclude = (exclude_columns or []) | map('lower') | list -%}
        {%- set include = [] -%}
        {%- for column in adapter.get_columns_in_relation(model) -%}
            {%- if column.name | lower not in exclude -%}{% do include.append(column) %}{%- endif -%}
        {%- endfor -%}
        {%- set compare_columns = include | map(attribute='quoted') -%}
    {%- endif -%}
    {% set csv = compare_columns | join(', ') %}
    with a as (select {{ csv }} from {{ model }}), b as (select {{ csv }} from {{ compare_model }})
    select 'only in a' as where_it_is, x.* from (select * from a {{ dbt.except() }} select * from b) x
    union all
    select 'only in b', y.* from (select * from b {{ dbt.except() }} select * from a) y
{% endtest %}

{% test holds(model, expression, column_name=None) %}
    {% set column_list = '*' if should_store_failures() else "1" %}
    select {{ column_list }} from {{ model }}
    where not({% if column_name %}{{ column_name }} {{ expression }}{% else %}{{ expression }}{% endif %})
{% endtest %}
