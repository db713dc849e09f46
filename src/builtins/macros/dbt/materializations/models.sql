{#- dbt's materializations under their own names, for macros of users that wrap one: materialization_table_default()
    and so on. Nodes without such a macro are built by the plans in src/materializations. -#}
{% materialization view, default %}
  {%- set target = this.incorporate(type='view') -%}
  {{- run_hooks(pre_hooks, inside_transaction=False) -}}
  {{- run_hooks(pre_hooks, inside_transaction=True) -}}
  {%- do put_in_place(target, get_create_view_as_sql(make_intermediate_relation(target), sql)) -%}
  {{- finish_materialization(target) -}}
  {%- do return({'relations': [target]}) -%}
{% endmaterialization %}

{% materialization table, default %}
  {%- set target = this.incorporate(type='table') -%}
  {{- run_hooks(pre_hooks, inside_transaction=False) -}}
  {{- run_hooks(pre_hooks, inside_transaction=True) -}}
  {%- do put_in_place(target, get_create_table_as_sql(False, make_intermediate_relation(target), sql)) -%}
  {%- do create_indexes(target) -%}
  {{- finish_materialization(target) -}}
  {%- do return({'relations': [target]}) -%}
{% endmaterialization %}

{% materialization incremental, default %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set existing = load_cached_relation(this) -%}
  {{- run_hooks(pre_hooks, inside_transaction=False) -}}
  {{- run_hooks(pre_hooks, inside_transaction=True) -}}
  {%- if existing is none or not existing.is_table or should_full_refresh() -%}
    {%- do put_in_place(target, get_create_table_as_sql(False, make_intermediate_relation(target), sql)) -%}
    {%- do create_indexes(target) -%}
  {%- else -%}
    {%- set staged = make_temp_relation(target) -%}
    {%- set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
    {%- do run_query(get_create_table_as_sql(True, staged, sql)) -%}
    {%- set columns = process_schema_changes(on_schema_change, staged, existing) or adapter.get_columns_in_relation(existing) -%}
    {%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') -%}
    {%- set order = {
          'target_relation': target,
          'temp_relation': staged,
          'unique_key': config.get('unique_key'),
          'dest_columns': columns,
          'incremental_predicates': config.get('predicates') or config.get('incremental_predicates')
    } -%}
    {%- call statement('main') -%}{{ strategy(order) }}{%- endcall -%}
    {%- do run_query('drop table if exists ' ~ staged.render()) -%}
  {%- endif -%}
  {{- finish_materialization(target) -}}
  {%- do return({'relations': [target]}) -%}
{% endmaterialization %}

{% materialization snapshot, default %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set existing = load_cached_relation(this) -%}
  {{- run_hooks(pre_hooks, inside_transaction=False) -}}
  {{- run_hooks(pre_hooks, inside_transaction=True) -}}
  {%- set strategy = get_snapshot_strategy(existing or target, existing is not none) -%}
  {%- if existing is none -%}
    {%- call statement('main') -%}
      {{ get_create_table_as_sql(False, target, build_snapshot_table(strategy, model['compiled_code'] or sql)) }}
    {%- endcall -%}
    {%- do create_indexes(target) -%}
  {%- else -%}
    {%- set columns = get_snapshot_columns() -%}
    {%- set staged = build_snapshot_staging_table(strategy, sql, target) -%}
    {%- set own = ['dbt_change_type', 'dbt_unique_key'] -%}
    {%- for place in range(strategy.unique_key | length if strategy.unique_key is not string else 0) -%}
      {%- do own.append('dbt_unique_key_' ~ loop.index) -%}
    {%- endfor -%}
    {%- set missing = [] -%}
    {%- for column in adapter.get_missing_columns(staged, target) if column.name | lower not in own -%}
      {%- do missing.append(column) -%}
    {%- endfor -%}
    {%- do create_columns(target, missing) -%}
    {%- set names = [] -%}
    {%- for column in adapter.get_columns_in_relation(staged) if column.name | lower not in own -%}
      {%- do names.append(adapter.quote(column.name)) -%}
    {%- endfor -%}
    {%- call statement('main') -%}{{ snapshot_merge_sql(target=target, source=staged, insert_cols=names) }}{%- endcall -%}
    {%- do post_snapshot(staged) -%}
    {%- do run_query('drop table if exists ' ~ staged.render()) -%}
  {%- endif -%}
  {{- finish_materialization(target) -}}
  {%- do return({'relations': [target]}) -%}
{% endmaterialization %}

{% materialization test, default %}
  {%- set main = sql -%}
  {%- set relations = [] -%}
  {%- if should_store_failures() -%}
    {%- set kind = config.get('store_failures_as') or 'table' -%}
    {%- set kept = this.incorporate(type=kind) -%}
    {%- do adapter.create_schema(kept) -%}
    {%- do drop_relation_if_exists(load_cached_relation(kept)) -%}
    {%- call statement(auto_begin=True) -%}{{ get_create_sql(kept, sql) }}{%- endcall -%}
    {%- do relations.append(kept) -%}
    {%- do adapter.commit() -%}
    {%- set main = 'select *\nfrom ' ~ kept.render() -%}
  {%- endif -%}
  {%- call statement('main', fetch_result=True) -%}
    {{ get_test_sql(main, config.get('fail_calc') or 'count(*)', config.get('warn_if') or '!= 0', config.get('error_if') or '!= 0', config.get('limit')) }}
  {%- endcall -%}
  {%- do return({'relations': relations}) -%}
{% endmaterialization %}

{#- sq's own: runs `create`, which makes the relation beside its place, and exchanges what stands there for it. -#}
{% macro put_in_place(target, create) -%}
  {%- set beside = make_intermediate_relation(target) -%}
  {%- set existing = load_cached_relation(target) -%}
  {%- set old = make_backup_relation(target, existing.type if existing else target.type) -%}
  {%- do drop_relation_if_exists(load_cached_relation(beside)) -%}
  {%- do drop_relation_if_exists(load_cached_relation(old)) -%}
  {%- call statement('main') -%}{{ create }}{%- endcall -%}
  {%- if existing -%}
    {%- do adapter.rename_relation(existing, old) -%}
  {%- endif -%}
  {%- do adapter.rename_relation(beside, target) -%}
  {%- if existing -%}
    {%- do drop_relation_if_exists(old) -%}
  {%- endif -%}
{%- endmacro %}

{#- sq's own: what follows the rows. -#}
{% macro finish_materialization(target) -%}
  {%- do apply_grants(target, config.get('grants'), should_revoke=True) -%}
  {%- do persist_docs(target, model) -%}
  {{- run_hooks(post_hooks, inside_transaction=True) -}}
  {%- do adapter.commit() -%}
  {{- run_hooks(post_hooks, inside_transaction=False) -}}
{%- endmacro %}
