{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) -%}
  ({{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }})))
{%- endmacro %}

{#- How many boundaries of the part lie between the two, as Redshift and Snowflake count. -#}
{% macro postgres__datediff(first_date, second_date, datepart) -%}
  {%- set first = '(' ~ first_date ~ ')::timestamp' -%}
  {%- set second = '(' ~ second_date ~ ')::timestamp' -%}
  {%- set years = '(date_part(\'year\', ' ~ second ~ ') - date_part(\'year\', ' ~ first ~ '))' -%}
  {%- if datepart == 'year' -%}
    {{ years }}::bigint
  {%- elif datepart == 'quarter' -%}
    ({{ years }} * 4 + date_part('quarter', {{ second }}) - date_part('quarter', {{ first }}))::bigint
  {%- elif datepart == 'month' -%}
    ({{ years }} * 12 + date_part('month', {{ second }}) - date_part('month', {{ first }}))::bigint
  {%- elif datepart == 'day' -%}
    (({{ second }})::date - ({{ first }})::date)
  {%- elif datepart == 'week' -%}
    ((date_trunc('week', {{ second }})::date - date_trunc('week', {{ first }})::date) / 7)
  {%- elif datepart in ['hour', 'minute', 'second'] -%}
    {%- set seconds = {'hour': 3600, 'minute': 60, 'second': 1}[datepart] -%}
    ((extract(epoch from date_trunc('{{ datepart }}', {{ second }})) - extract(epoch from date_trunc('{{ datepart }}', {{ first }}))) / {{ seconds }})::bigint
  {%- elif datepart in ['millisecond', 'microsecond'] -%}
    {%- set factor = {'millisecond': 1000, 'microsecond': 1000000}[datepart] -%}
    (floor(extract(epoch from {{ second }}) * {{ factor }}) - floor(extract(epoch from {{ first }}) * {{ factor }}))::bigint
  {%- else -%}
    {%- do exceptions.raise_compiler_error('Unsupported datepart for macro datediff in postgres: ' ~ datepart) -%}
  {%- endif -%}
{%- endmacro %}

{% macro postgres__last_day(date, datepart) -%}
  {%- if datepart == 'quarter' -%}
  cast({{ dbt.date_trunc('quarter', date) }} + interval '3 months' - interval '1 day' as date)
  {%- else -%}
  cast({{ dbt.date_trunc(datepart, date) }} + interval '1 {{ datepart }}' - interval '1 day' as date)
  {%- endif -%}
{%- endmacro %}

{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- if limit_num -%}
    array_to_string((array_agg({{ measure }}{{ ' ' ~ order_by_clause if order_by_clause }}))[1:{{ limit_num }}], {{ delimiter_text }})
  {%- else -%}
    string_agg({{ measure }}::text, {{ delimiter_text }}{{ ' ' ~ order_by_clause if order_by_clause }})
  {%- endif -%}
{%- endmacro %}

{#- split_part counts from the end since version 14; dbt's way works in 13 too. -#}
{% macro postgres__split_part(string_text, delimiter_text, part_number) -%}
  {%- if part_number >= 0 -%}
    {{ dbt.default__split_part(string_text, delimiter_text, part_number) }}
  {%- else -%}
    {{ dbt._split_part_negative(string_text, delimiter_text, part_number) }}
  {%- endif -%}
{%- endmacro %}

{% macro postgres__any_value(expression) -%}
  min({{ expression }})
{%- endmacro %}
