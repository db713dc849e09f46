{#- Redshift makes VARCHAR columns wider in place, outside transactions only. sq's own, for plans. -#}
{% macro get_widen_column_sql(relation, column_name, new_column_type) -%}
  {{ adapter.dispatch('get_widen_column_sql', 'dbt')(relation, column_name, new_column_type) }}
{%- endmacro %}

{% macro redshift__get_widen_column_sql(relation, column_name, new_column_type) -%}
  alter table {{ relation }} alter column {{ adapter.quote(column_name) }} type {{ new_column_type }}
{%- endmacro %}

{#- Another type, inside a transaction: a new column takes the old one's values and its name. -#}
{% macro redshift__get_alter_column_type_sql(relation, column_name, new_column_type) -%}
  {%- set spare = adapter.quote(column_name ~ '__sq_alter') -%}
  {%- set column = adapter.quote(column_name) -%}
  alter table {{ relation }} add column {{ spare }} {{ new_column_type }};
  update {{ relation }} set {{ spare }} = {{ column }};
  alter table {{ relation }} drop column {{ column }}{{ redshift_cascade() }};
  alter table {{ relation }} rename column {{ spare }} to {{ column }}
{%- endmacro %}

{% macro redshift__get_drop_column_sql(relation, column) -%}
  alter table {{ relation }} drop column {{ column.quoted }}{{ redshift_cascade() }}
{%- endmacro %}
