{% macro spark__type_string() -%}
  string
{%- endmacro %}

{% macro spark__type_float() -%}
  double
{%- endmacro %}

{% macro spark__type_int() -%}
  int
{%- endmacro %}

{% macro spark__type_numeric() -%}
  decimal(28, 6)
{%- endmacro %}

{% macro spark__current_timestamp() -%}
  current_timestamp()
{%- endmacro %}

{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
  timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro %}

{% macro spark__datediff(first_date, second_date, datepart) -%}
  timestampdiff({{ datepart }}, date_trunc('{{ datepart }}', {{ first_date }}), date_trunc('{{ datepart }}', {{ second_date }}))
{%- endmacro %}

{% macro spark__safe_cast(field, type) -%}
  try_cast({{ field }} as {{ type }})
{%- endmacro %}

{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  listagg({{ measure }}, {{ delimiter_text }}){% if order_by_clause %} within group ({{ order_by_clause }}){% endif %}
{%- endmacro %}

{% macro spark__get_columns_in_query_sql(select_sql) -%}
  select * from ({{ select_sql }}) as __dbt_sbq where false limit 0
{%- endmacro %}
