{% macro spark__snapshot_hash_arguments(args) -%}
  md5({% for arg in args %}coalesce(cast({{ arg }} as string), ''){{ " || '|' || " if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro spark__snapshot_string_as_time(timestamp) -%}
  {{- "timestamp '" ~ timestamp ~ "'" -}}
{%- endmacro %}

{#- Versions are ended by a MERGE: told before the first of them is kept where none could ever be ended. -#}
{% macro spark__build_snapshot_table(strategy, sql) -%}
  {%- set format = config.get('file_format', none) or target.file_format -%}
  {%- if format not in ['iceberg', 'delta'] -%}
    {%- do exceptions.raise_compiler_error(
          "Invalid file format: " ~ format ~ ". A snapshot needs file_format 'iceberg' or 'delta': plain files know no MERGE."
    ) -%}
  {%- endif -%}
  {{- default__build_snapshot_table(strategy, sql) -}}
{%- endmacro %}

{#- One statement whose names say which side they are of: unlike other engines, Spark looks on both. -#}
{% macro spark__snapshot_merge_sql(target, source, insert_cols) -%}
{%- set columns = get_snapshot_columns() -%}
merge into {{ target.render() }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on DBT_INTERNAL_SOURCE.{{ columns.dbt_scd_id }} = DBT_INTERNAL_DEST.{{ columns.dbt_scd_id }}
when matched
  and {{ get_snapshot_is_open('DBT_INTERNAL_DEST.' ~ columns.dbt_valid_to) }}
  and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
  then update set {{ columns.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ columns.dbt_valid_to }}
when not matched
  and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
  then insert ({{ insert_cols | join(', ') }})
  values ({% for column in insert_cols %}DBT_INTERNAL_SOURCE.{{ column }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
