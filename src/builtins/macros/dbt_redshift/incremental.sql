{#- dbt-redshift: with a unique key rows are replaced, without one they are added. -#}
{% macro redshift__get_incremental_default_sql(arg_dict) -%}
  {%- if arg_dict['unique_key'] -%}
    {%- do return(get_incremental_delete_insert_sql(arg_dict)) -%}
  {%- endif -%}
  {%- do return(get_incremental_append_sql(arg_dict)) -%}
{%- endmacro %}

{#- Columns that the table numbers itself are not written. -#}
{% macro redshift_written_columns(dest_columns) -%}
  {%- set numbered = redshift_identity_columns().keys() | map('lower') | list -%}
  {%- set found = [] -%}
  {%- for column in dest_columns if column.name | lower not in numbered -%}
    {%- do found.append(column) -%}
  {%- endfor -%}
  {%- do return(found) -%}
{%- endmacro %}

{% macro redshift__get_insert_into_sql(target, source, dest_columns) -%}
  {{- default__get_insert_into_sql(target, source, redshift_written_columns(dest_columns)) -}}
{%- endmacro %}

{#- DELETE takes no alias of its target. -#}
{% macro redshift__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- if unique_key -%}
    {%- set key = unique_key if unique_key is string else unique_key | join(', ') -%}
delete from {{ target }}
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

{#- Redshift's MERGE: no alias of the target, a table as source (the temporary one), equality, and both clauses.
    Without a key nothing can match, which is an insert. -#}
{% macro redshift__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- if not unique_key -%}
    {%- do return(get_insert_into_sql(target, source, dest_columns)) -%}
  {%- endif -%}
  {%- set dest_columns = redshift_written_columns(dest_columns) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- set keys = [unique_key] if unique_key is string else unique_key -%}
  {%- set conditions = [] -%}
  {%- for key in keys -%}
    {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = ' ~ target ~ '.' ~ key) -%}
  {%- endfor -%}
  {%- set conditions = conditions + as_predicate_list(incremental_predicates) -%}
  {%- set update_columns = get_merge_update_columns(
        config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns
  ) -%}
  {%- set update_columns = update_columns if update_columns else [keys[0]] -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
merge into {{ target }}
using {{ source }} as DBT_INTERNAL_SOURCE
on ({{ conditions | join(') and (') }})
when matched then update set
  {%- for column in update_columns %}
  {{ column }} = DBT_INTERNAL_SOURCE.{{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
when not matched then insert ({{ get_quoted_csv(dest_columns | map(attribute='name')) }})
values ({% for column in dest_columns %}DBT_INTERNAL_SOURCE.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{#- The rows of the batch's time give way to those that came. -#}
{% macro redshift__get_incremental_microbatch_sql(arg_dict) -%}
  {%- do return(get_microbatch_delete_insert_sql(arg_dict, 'TIMESTAMP ')) -%}
{%- endmacro %}
