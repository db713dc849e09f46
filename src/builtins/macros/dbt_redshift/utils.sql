{%- macro redshift__current_timestamp() -%}
  getdate()
{%- endmacro %}

{%- macro redshift__snapshot_get_time() -%}
  {{ current_timestamp() }}::timestamp
{%- endmacro %}

{%- macro redshift__snapshot_string_as_time(timestamp) -%}
  {%- do return("'" ~ timestamp ~ "'::timestamp") -%}
{%- endmacro %}

{%- macro redshift__current_timestamp_backcompat() -%}
  getdate()
{%- endmacro %}

{% macro redshift__dateadd(datepart, interval, from_date_or_timestamp) -%}
  dateadd(
    {{ datepart }},
    {{ interval }},
    {{ from_date_or_timestamp }}
  )
{%- endmacro %}

{% macro redshift__datediff(first_date, second_date, datepart) -%}
  datediff(
    {{ datepart }},
    {{ first_date }},
    {{ second_date }}
  )
{%- endmacro %}

{#- Redshift's own last_day() knows months only. -#}
{% macro redshift__last_day(date, datepart) -%}
  {{ default_last_day(date, datepart) }}
{%- endmacro %}

{#- A part of a list is cut out of the joined text: LISTAGG has no limit. -#}
{% macro redshift__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- if limit_num -%}
    {%- set delimiter = delimiter_text | trim("'") -%}
    {%- set escaped = redshift_pattern(delimiter) -%}
    regexp_substr(
      listagg({{ measure }}, {{ delimiter_text }}){{ ' within group (' ~ order_by_clause ~ ')' if order_by_clause }},
      '([^{{ escaped }}]+{{ escaped }}){0,{{ limit_num - 1 }}}[^{{ escaped }}]+'
    )
  {%- else -%}
    listagg({{ measure }}, {{ delimiter_text }}){{ ' within group (' ~ order_by_clause ~ ')' if order_by_clause }}
  {%- endif -%}
{%- endmacro %}

{#- Characters that mean something in a pattern, escaped; a literal of Redshift halves backslashes. -#}
{% macro redshift_pattern(text) -%}
  {%- set written = [] -%}
  {%- for character in text -%}
    {%- do written.append('\\\\' ~ character if character in '.|?*+()[]{}^$' else character) -%}
  {%- endfor -%}
  {{- written | join -}}
{%- endmacro %}

{% macro redshift__split_part(string_text, delimiter_text, part_number) -%}
  {%- if part_number >= 0 -%}
    split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
  {%- else -%}
    {{ dbt._split_part_negative(string_text, delimiter_text, part_number) }}
  {%- endif -%}
{%- endmacro %}

{% macro redshift__cast_bool_to_text(field) -%}
  case when ({{ field }}) is true then 'true' when ({{ field }}) is false then 'false' end::text
{%- endmacro %}

{#- Lists are SUPER values. -#}
{% macro redshift__array_construct(inputs, data_type) -%}
  array({{ inputs | join(' , ') }})
{%- endmacro %}

{% macro redshift__array_append(array, new_element) -%}
  {{ redshift__array_concat(array, redshift__array_construct([new_element], none)) }}
{%- endmacro %}

{% macro redshift__array_concat(array_1, array_2) -%}
  array_concat({{ array_1 }}, {{ array_2 }})
{%- endmacro %}
