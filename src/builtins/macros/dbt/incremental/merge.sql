{% macro get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {{ adapter.dispatch('get_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates) }}
{%- endmacro %}

{#- Rows of the key are set anew, others come in; without a key all come in. -#}
{% macro default__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- set matches = get_merge_conditions(unique_key, incremental_predicates) -%}
  {%- set update_columns = get_merge_update_columns(
        config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns
  ) -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
merge into {{ target }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on ({{ matches | join(') and (') }})
  {%- if unique_key and update_columns %}
when matched then update set
  {%- for column in update_columns %}
  {{ column }} = DBT_INTERNAL_SOURCE.{{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
  {%- endif %}
when not matched then insert ({{ get_quoted_csv(dest_columns | map(attribute='name')) }})
values ({% for column in dest_columns %}DBT_INTERNAL_SOURCE.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{#- sq's own: what must hold for a row of the source to be a row of the target. -#}
{% macro get_merge_conditions(unique_key, incremental_predicates) -%}
  {%- set conditions = [] -%}
  {%- if not unique_key -%}
    {%- do conditions.append('FALSE') -%}
  {%- else -%}
    {%- for key in ([unique_key] if unique_key is string else unique_key) -%}
      {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- do return(conditions + as_predicate_list(incremental_predicates)) -%}
{%- endmacro %}

{#- sq's own: predicates as a list, whether one or many were given. -#}
{% macro as_predicate_list(incremental_predicates) -%}
  {%- if not incremental_predicates -%}
    {%- do return([]) -%}
  {%- endif -%}
  {%- do return([incremental_predicates] if incremental_predicates is string else [] + incremental_predicates) -%}
{%- endmacro %}

{% macro get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {{ adapter.dispatch('get_delete_insert_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates) }}
{%- endmacro %}

{% macro default__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- if unique_key -%}
    {%- set key = unique_key if unique_key is string else unique_key | join(', ') -%}
delete from {{ target }} as DBT_INTERNAL_DEST
where ({{ key }}) in (
  select distinct {{ key }}
  from {{ source }} as DBT_INTERNAL_SOURCE
)
    {%- for predicate in as_predicate_list(incremental_predicates) %}
  and {{ predicate }}
    {%- endfor -%}
;
{% endif -%}
{{ get_insert_into_sql(target, source, dest_columns) }}
{%- endmacro %}

{% macro get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header=false) -%}
  {{ adapter.dispatch('get_insert_overwrite_merge_sql', 'dbt')(target, source, dest_columns, predicates, include_sql_header) }}
{%- endmacro %}

{#- The rows that the predicates name are given up for those of the source. -#}
{% macro default__get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header) -%}
  {%- set conditions = as_predicate_list(predicates) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set sql_header = config.get('sql_header', none) if include_sql_header else none -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
merge into {{ target }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on FALSE
when not matched by source{{ ' and (' ~ conditions | join(') and (') ~ ')' if conditions }} then delete
when not matched then insert ({{ columns }}) values ({{ columns }})
{%- endmacro %}
