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

{#- Iceberg and Delta only; plain files know no DELETE. -#}
{% macro spark__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- if unique_key %}
    {%- set keys = [unique_key] if unique_key is string else unique_key %}
delete from {{ target }} as DBT_INTERNAL_DEST
where exists (
  select 1 from {{ source }} as DBT_INTERNAL_SOURCE
  where {% for key in keys %}DBT_INTERNAL_SOURCE.{{ key }} = DBT_INTERNAL_DEST.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
)
    {%- for predicate in incremental_predicates or [] %}
and {{ predicate }}
    {%- endfor %};
  {%- endif %}
insert into {{ target }} ({{ columns }})
select {{ columns }} from {{ source }}
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
