{#- Text to datetime by a strptime format. -#}
{%- macro convert_datetime(date_str, date_fmt) -%}
  {%- set problem -%}
    The partition date '{{ date_str }}' does not match the format '{{ date_fmt }}'
  {%- endset -%}
  {%- do return(try_or_compiler_error(problem, modules.datetime.datetime.strptime, date_str.strip(), date_fmt)) -%}
{%- endmacro %}

{#- Every day from start to end, both included, in the output format. -#}
{%- macro dates_in_range(start_date_str, end_date_str=none, in_fmt='%Y%m%d', out_fmt='%Y%m%d') -%}
  {%- set first = convert_datetime(start_date_str, in_fmt) -%}
  {%- set last = convert_datetime(start_date_str if end_date_str is none else end_date_str, in_fmt) -%}
  {%- set days = (last - first).days -%}
  {%- if days < 0 -%}
    {%- do exceptions.raise_compiler_error('Partition start date is after the end date (' ~ start_date_str ~ ', ' ~ end_date_str ~ ')') -%}
  {%- endif -%}
  {%- set found = [] -%}
  {%- for offset in range(days + 1) -%}
    {%- do found.append((first + modules.datetime.timedelta(offset)).strftime(out_fmt)) -%}
  {%- endfor -%}
  {%- do return(found) -%}
{%- endmacro %}

{#- `20240101` or `20240101, 20240131` as a list of days. -#}
{%- macro partition_range(raw_partition_date, date_fmt='%Y%m%d') -%}
  {%- set ends = (raw_partition_date | string).split(',') -%}
  {%- if ends | length not in [1, 2] -%}
    {%- do exceptions.raise_compiler_error('Invalid partition time. Expected format: {Start Date}[,{End Date}]. Got: ' ~ raw_partition_date) -%}
  {%- endif -%}
  {%- do return(dates_in_range(ends[0], ends[1] if ends | length == 2 else none, in_fmt=date_fmt)) -%}
{%- endmacro %}

{#- Hours, minutes, seconds and microseconds of now: the tail of dbt's temporary names. -#}
{%- macro py_current_timestring() -%}
  {%- do return(modules.datetime.datetime.now().strftime('%H%M%S%f')) -%}
{%- endmacro %}
