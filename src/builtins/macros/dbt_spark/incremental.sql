{% macro spark__get_insert_into_sql(target_relation, temp_relation, dest_columns) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
insert into {{ target_relation }} ({{ columns }})
select {{ columns }} from {{ temp_relation }}
{%- endmacro %}

{#- Partitions that the rows touch, by the setting of the session; without partition_by the whole table. -#}
{% macro spark__get_incremental_insert_overwrite_sql(arg_dict) -%}
  {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
set spark.sql.sources.partitionOverwriteMode={{ 'dynamic' if config.get('partition_by', none) else 'static' }};
insert overwrite table {{ arg_dict['target_relation'] }}
select {{ columns }} from {{ arg_dict['temp_relation'] }};
reset spark.sql.sources.partitionOverwriteMode
{%- endmacro %}

{#- Iceberg and Delta only; plain files know no DELETE. One statement, so that no row is gone between deleting and
    inserting, and the rows are read as they were before: a row of the source stands there twice, once a key of what
    goes and once what comes. Source columns have names of their own: a predicate speaks of the target. -#}
{% macro spark__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- if not unique_key -%}
insert into {{ target }} ({{ columns }})
select {{ columns }} from {{ source }}
  {%- else -%}
    {%- set keys = [unique_key] if unique_key is string else unique_key -%}
merge into {{ target }} as DBT_INTERNAL_DEST
using (
  select false as sq_goes, {% for key in keys %}{{ key }} as sq_key_{{ loop.index }}, {% endfor %}{% for column in dest_columns %}{{ column.quoted }} as sq_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
  from {{ source }}
  union all
  select distinct true, {% for key in keys %}{{ key }}, {% endfor %}{% for column in dest_columns %}null{{ ', ' if not loop.last }}{% endfor %}
  from {{ source }}
) as DBT_INTERNAL_SOURCE
on DBT_INTERNAL_SOURCE.sq_goes{% for key in keys %} and DBT_INTERNAL_SOURCE.sq_key_{{ loop.index }} = DBT_INTERNAL_DEST.{{ key }}{% endfor %}
when matched
    {%- for predicate in incremental_predicates or [] %}
  and {{ predicate }}
    {%- endfor %}
  then delete
when not matched and not DBT_INTERNAL_SOURCE.sq_goes
  then insert ({{ columns }})
  values ({% for column in dest_columns %}DBT_INTERNAL_SOURCE.sq_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %})
  {%- endif -%}
{%- endmacro %}

{% macro spark__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set updated = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns) -%}
  {%- set keys = [] if not unique_key else ([unique_key] if unique_key is string else unique_key) -%}
merge into {{ target }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on {% if keys %}{% for key in keys %}DBT_INTERNAL_SOURCE.{{ key }} = DBT_INTERNAL_DEST.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}{% else %}false{% endif %}
  {%- for predicate in incremental_predicates or [] %}
and {{ predicate }}
  {%- endfor %}
  {%- if keys %}
when matched then update set
  {% for column in updated %}{{ column }} = DBT_INTERNAL_SOURCE.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
  {%- endif %}
when not matched then insert ({{ columns }})
values ({% for column in dest_columns %}DBT_INTERNAL_SOURCE.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{#- Delta replaces the batch's time in one statement, Iceberg deletes it first; plain files are overwritten by partition,
    so that the partitions must be those of the batches. -#}
{% macro spark__get_incremental_microbatch_sql(arg_dict) -%}
  {%- set format = spark_file_format() -%}
  {%- if format == 'iceberg' -%}
    {%- do return(get_microbatch_delete_insert_sql(arg_dict, 'timestamp ')) -%}
  {%- elif format == 'delta' -%}
    {%- set batch = model['batch'] -%}
    {%- set event_time = config.require('event_time') -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    {%- set in_batch = event_time ~ " >= timestamp '" ~ batch.event_time_start ~ "' and " ~ event_time ~ " < timestamp '" ~ batch.event_time_end ~ "'" -%}
insert into {{ arg_dict['target_relation'] }}
replace where {{ in_batch }}
select {{ columns }} from {{ arg_dict['temp_relation'] }}
where {{ in_batch }}
  {%- elif not config.get('partition_by', none) -%}
    {%- do exceptions.raise_compiler_error(
          "dbt-spark 'microbatch' requires a `partition_by` config where file_format is " ~ format ~ ": a batch overwrites its partitions."
    ) -%}
  {%- else -%}
    {{- spark__get_incremental_insert_overwrite_sql(arg_dict) -}}
  {%- endif -%}
{%- endmacro %}

{#- Iceberg and Delta widen a type in place. -#}
{% macro spark__get_alter_column_type_sql(relation, column_name, new_column_type) -%}
  alter table {{ relation }} alter column {{ adapter.quote(column_name) }} type {{ new_column_type }}
{%- endmacro %}
