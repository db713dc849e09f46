{# All columns of a relation but some, quoted. #}
{% macro star(from, except=[], prefix='') -%}
  {%- if not execute -%}{{ return('*') }}{%- endif -%}
  {%- set skipped = except | map('lower') | list -%}
  {%- set names = [] -%}
  {%- for column in adapter.get_columns_in_relation(from) if column.name | lower not in skipped -%}
    {%- do names.append(adapter.quote(column.name) ~ (' as ' ~ adapter.quote(prefix ~ column.name) if prefix else '')) -%}
  {%- endfor -%}
  {{ return(names | join(', ')) }}
{%- endmacro %}

{# The distinct values of a column, the most frequent first. #}
{% macro column_values(table, column, default=[]) -%}
  {%- if not execute -%}{{ return(default) }}{%- endif -%}
  {%- call statement('values', fetch_result=true) -%}
    select {{ column }} as value from {{ table }} group by 1 order by count(*) desc, 1
  {%- endcall -%}
  {{ return(load_result('values')['table'].columns[0].values() | list or default) }}
{%- endmacro %}

{% macro pivot(column, values, amount='1', prefix='') -%}
  {% for value in values %}
  sum(case when {{ column }} = {{ dbt.string_literal(value) }} then {{ amount }} else 0 end) as {{ adapter.quote(prefix ~ value) }}
  {%- if not loop.last %},{% endif -%}
  {% endfor %}
{%- endmacro %}

{# All rows of relations that hold other columns each. #}
{% macro union_all(relations) -%}
  {%- if not execute -%}{{ return('select 1') }}{%- endif -%}
  {%- set found = {} -%}
  {%- for relation in relations -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
      {%- if column.name not in found or column.can_expand_to(found[column.name]) -%}{%- do found.update({column.name: column}) -%}{%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- for relation in relations %}
  {%- set own = adapter.get_columns_in_relation(relation) | map(attribute='name') | list %}
  (select {{ dbt.string_literal(relation.identifier) }} as origin,
    {%- for name, column in found.items() %}
    cast({{ adapter.quote(name) if name in own else 'null' }} as {{ column.data_type }}) as {{ adapter.quote(name) }}{{ ',' if not loop.last }}
    {%- endfor %}
  from {{ relation }})
  {{ 'union all' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}
