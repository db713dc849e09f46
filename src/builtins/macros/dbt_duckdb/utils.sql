{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) -%}
  ({{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }})))
{%- endmacro %}

{#- Boundaries between the two; date_diff('week') counts whole weeks instead. -#}
{% macro duckdb__datediff(first_date, second_date, datepart) -%}
  {%- if datepart == 'week' -%}
  (date_diff('day', date_trunc('week', ({{ first_date }})::timestamp), date_trunc('week', ({{ second_date }})::timestamp)) // 7)
  {%- else -%}
  date_diff('{{ datepart }}', ({{ first_date }})::timestamp, ({{ second_date }})::timestamp)
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__date(year, month, day) -%}
  {%- set day_of_calendar = modules.datetime.date(year, month, day) -%}
  cast('{{ day_of_calendar.isoformat() }}' as date)
{%- endmacro %}

{#- The engine's last_day() knows months only. -#}
{% macro duckdb__last_day(date, datepart) -%}
  cast(
    {%- if datepart == 'month' %} last_day({{ date }})
    {%- else %} {{ dbt.date_trunc(datepart, date) }} + interval '1 {{ datepart }}' - interval '1 day'
    {%- endif %} as date)
{%- endmacro %}

{% macro duckdb__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- if limit_num -%}
    list_aggr((array_agg({{ measure }}{{ ' ' ~ order_by_clause if order_by_clause }}))[1:{{ limit_num }}], 'string_agg', {{ delimiter_text }})
  {%- else -%}
    string_agg({{ measure }}, {{ delimiter_text }}{{ ' ' ~ order_by_clause if order_by_clause }})
  {%- endif -%}
{%- endmacro %}

{#- Lists count from either end. -#}
{% macro duckdb__split_part(string_text, delimiter_text, part_number) -%}
  string_split({{ string_text }}, {{ delimiter_text }})[{{ part_number }}]
{%- endmacro %}

{% macro duckdb__safe_cast(field, type) -%}
  try_cast({{ field }} as {{ type }})
{%- endmacro %}

{% macro duckdb__generate_series(upper_bound) -%}
  select generate_series as generated_number
  from generate_series(1, {{ upper_bound }})
{%- endmacro %}
