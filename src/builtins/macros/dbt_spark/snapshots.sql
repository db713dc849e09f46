{% macro spark__snapshot_hash_arguments(args) -%}
  md5({% for arg in args %}coalesce(cast({{ arg }} as string), ''){{ " || '|' || " if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro spark__snapshot_string_as_time(timestamp) -%}
  {{- "timestamp '" ~ timestamp ~ "'" -}}
{%- endmacro %}

{#- Versions are ended by a MERGE: told before the first of them is kept where none could ever be ended. -#}
{% macro spark__build_snapshot_table(strategy, sql) -%}
  {%- set format = spark_file_format() -%}
  {%- if format not in ['iceberg', 'delta'] -%}
    {%- do exceptions.raise_compiler_error(
          "Invalid file format: " ~ format ~ ". A snapshot needs file_format 'iceberg' or 'delta': plain files know no MERGE."
    ) -%}
  {%- endif -%}
  {{- default__build_snapshot_table(strategy, sql) -}}
{%- endmacro %}

{% macro spark__snapshot_merge_sql(target, source, insert_cols) -%}
  {%- set values = [] -%}
  {%- for column in insert_cols -%}
    {%- do values.append('DBT_INTERNAL_SOURCE.' ~ column) -%}
  {%- endfor -%}
  {{- get_snapshot_merge_sql(target, source, insert_cols, values) -}}
{%- endmacro %}
