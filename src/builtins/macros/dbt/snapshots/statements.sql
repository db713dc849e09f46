{#- The first snapshot: all rows of the query, valid from now on. -#}
{% macro build_snapshot_table(strategy, sql) -%}
  {{ adapter.dispatch('build_snapshot_table', 'dbt')(strategy, sql) }}
{%- endmacro %}

{% macro default__build_snapshot_table(strategy, sql) -%}
{%- set columns = get_snapshot_columns() -%}
select *,
  {{ strategy.scd_id }} as {{ columns.dbt_scd_id }},
  {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
  {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
  {{ get_dbt_valid_to_current(strategy, columns) }}
  {%- if strategy.hard_deletes == 'new_record' %},
  'False' as {{ columns.dbt_is_deleted }}
  {%- endif %}
from (
{{ sql }}
) as sbq
{%- endmacro %}

{% macro snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {{ adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation) }}
{%- endmacro %}

{#- What a later snapshot does, row by row (dbt_change_type): `insert` a version, `update` (end the version that is
    valid now, because another follows), `delete` (end it, because the source's row is gone). -#}
{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
{%- set columns = get_snapshot_columns() -%}
{%- set key = strategy.unique_key -%}
{%- set follows_deletes = strategy.hard_deletes in ['invalidate', 'new_record'] -%}
{%- set records_deletes = strategy.hard_deletes == 'new_record' -%}
{%- set is_deleted = 'snapshotted_data.' ~ columns.dbt_is_deleted ~ " = 'True'" -%}
{%- set changed = strategy.row_changed ~ (' or ' ~ is_deleted if records_deletes else '') -%}
{%- set join_on = unique_key_join_on(key, 'snapshotted_data', 'source_data') -%}
{%- set moment = snapshot_get_time() -%}
with snapshot_query as (
{{ source_sql }}
),

snapshotted_data as (
  select *, {{ unique_key_fields(key) }}
  from {{ target_relation }}
  where {{ get_snapshot_is_open(columns.dbt_valid_to) }}
),

insertions_source_data as (
  select *, {{ unique_key_fields(key) }},
    {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
    {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
    {{ get_dbt_valid_to_current(strategy, columns) }},
    {{ strategy.scd_id }} as {{ columns.dbt_scd_id }}
  from snapshot_query
),

updates_source_data as (
  select *, {{ unique_key_fields(key) }},
    {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
    {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
    {{ strategy.updated_at }} as {{ columns.dbt_valid_to }}
  from snapshot_query
),

insertions as (
  select
    'insert' as dbt_change_type,
    source_data.*
    {%- if records_deletes %},
    'False' as {{ columns.dbt_is_deleted }}
    {%- endif %}
  from insertions_source_data as source_data
  left join snapshotted_data on {{ join_on }}
  where {{ unique_key_is_null(key, 'snapshotted_data') }}
    or ({{ unique_key_is_not_null(key, 'snapshotted_data') }} and ({{ changed }}))
),

updates as (
  select
    'update' as dbt_change_type,
    source_data.*,
    snapshotted_data.{{ columns.dbt_scd_id }}
    {%- if records_deletes %},
    snapshotted_data.{{ columns.dbt_is_deleted }}
    {%- endif %}
  from updates_source_data as source_data
  join snapshotted_data on {{ join_on }}
  where {{ changed }}
)
{%- if follows_deletes %},

deletes_source_data as (
  select *, {{ unique_key_fields(key) }}
  from snapshot_query
),

deletes as (
  select
    'delete' as dbt_change_type,
    source_data.*,
    {{ moment }} as {{ columns.dbt_updated_at }},
    {{ moment }} as {{ columns.dbt_valid_from }},
    {{ moment }} as {{ columns.dbt_valid_to }},
    snapshotted_data.{{ columns.dbt_scd_id }}
    {%- if records_deletes %},
    snapshotted_data.{{ columns.dbt_is_deleted }}
    {%- endif %}
  from snapshotted_data
  left join deletes_source_data as source_data on {{ join_on }}
  where {{ unique_key_is_null(key, 'source_data') }}
    {%- if records_deletes %}
    and not ({{ is_deleted }})
    {%- endif %}
)
{%- endif %}
{%- if records_deletes %}
{%- set stored_columns = adapter.get_columns_in_relation(target_relation) | map(attribute='name') | list %},

deletion_records as (
  select
    'insert' as dbt_change_type,
    {%- for name in get_columns_in_query(source_sql) %}
    {{ 'snapshotted_data' if name in stored_columns else 'source_data' }}.{{ adapter.quote(name) }},
    {%- endfor %}
    {%- if key | is_list %}
    {%- for column in key %}
    snapshotted_data.dbt_unique_key_{{ loop.index }},
    {%- endfor %}
    {%- else %}
    snapshotted_data.dbt_unique_key,
    {%- endif %}
    {{ moment }} as {{ columns.dbt_updated_at }},
    {{ moment }} as {{ columns.dbt_valid_from }},
    snapshotted_data.{{ columns.dbt_valid_to }},
    {{ snapshot_hash_arguments(['snapshotted_data.' ~ columns.dbt_scd_id, moment]) }} as {{ columns.dbt_scd_id }},
    'True' as {{ columns.dbt_is_deleted }}
  from snapshotted_data
  left join deletes_source_data as source_data on {{ join_on }}
  where {{ unique_key_is_null(key, 'source_data') }}
    and not ({{ is_deleted }})
)
{%- endif %}

select * from insertions
union all
select * from updates
{%- if follows_deletes %}
union all
select * from deletes
{%- endif %}
{%- if records_deletes %}
union all
select * from deletion_records
{%- endif %}
{%- endmacro %}

{#- For materializations of users: stages on their session. -#}
{% macro build_snapshot_staging_table(strategy, sql, target_relation) -%}
  {%- set staging = make_temp_relation(target_relation) -%}
  {%- call statement('build_snapshot_staging_relation') -%}
    {{ create_table_as(True, staging, snapshot_staging_table(strategy, sql, target_relation)) }}
  {%- endcall -%}
  {%- do return(staging) -%}
{%- endmacro %}

{% macro snapshot_merge_sql(target, source, insert_cols) -%}
  {{ adapter.dispatch('snapshot_merge_sql', 'dbt')(target, source, insert_cols) }}
{%- endmacro %}

{% macro default__snapshot_merge_sql(target, source, insert_cols) -%}
{{ get_snapshot_merge_sql(target, source, insert_cols, insert_cols) }}
{%- endmacro %}

{#- sq's own: the same with `values` spelled otherwise; some engines look for a bare name on both sides. -#}
{% macro get_snapshot_merge_sql(target, source, insert_cols, values) -%}
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
  then insert ({{ insert_cols | join(', ') }}) values ({{ values | join(', ') }})
{%- endmacro %}

{#- sq's own: the same for engines whose MERGE cannot say it: versions that have ended, then those that begin.
    `alias` is what the target is called in its UPDATE. -#}
{% macro get_snapshot_update_insert_sql(target, source, insert_cols, alias) -%}
{%- set columns = get_snapshot_columns() -%}
update {{ target }}{{ ' as ' ~ alias if alias is string }}
set {{ columns.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ columns.dbt_valid_to }}
from {{ source }} as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.{{ columns.dbt_scd_id }} = {{ alias }}.{{ columns.dbt_scd_id }}
  and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
  and {{ get_snapshot_is_open(alias ~ '.' ~ columns.dbt_valid_to) }};

insert into {{ target }} ({{ insert_cols | join(', ') }})
select {{ insert_cols | join(', ') }}
from {{ source }} as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
{%- endmacro %}
