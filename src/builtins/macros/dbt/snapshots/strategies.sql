{#- A strategy is a macro snapshot_<name>_strategy of the project, of a package (`package.name`) or of sq. -#}
{% macro strategy_dispatch(name) -%}
  {%- set package_name, own_name = name.split('.', 1) if '.' in name else (none, name) -%}
  {%- set macro_name = 'snapshot_' ~ own_name ~ '_strategy' -%}
  {%- if package_name is not none and package_name not in context -%}
    {%- do exceptions.raise_compiler_error("Could not find package '" ~ package_name ~ "', called with '" ~ name ~ "'") -%}
  {%- endif -%}
  {%- set found = context[macro_name] if package_name is none else context[package_name][macro_name] -%}
  {%- if not found -%}
    {%- do exceptions.raise_compiler_error("The specified strategy macro '" ~ own_name ~ "' was not found in package '" ~ package_name ~ "'") -%}
  {%- endif -%}
  {%- do return(found) -%}
{%- endmacro %}

{#- sq's own, for plans: what the node's strategy says, as a dictionary; of a target that can take it. -#}
{% macro get_snapshot_strategy(target_relation, target_exists) -%}
  {%- set strategy_macro = strategy_dispatch(config.get('strategy')) -%}
  {%- set strategy = strategy_macro(model, 'snapshotted_data', 'source_data', model['config'], target_exists) -%}
  {%- if target_exists -%}
    {%- do adapter.assert_valid_snapshot_target_given_strategy(target_relation, get_snapshot_columns(), strategy) -%}
  {%- endif -%}
  {%- do return(strategy) -%}
{%- endmacro %}

{#- A row is new when the column `updated_at` is later than the moment from which the stored row is valid. -#}
{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set columns = get_snapshot_columns() -%}
  {%- set updated_at = config.get('updated_at') -%}
  {%- set row_changed = '(' ~ snapshotted_rel ~ '.' ~ columns.dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')' -%}
  {%- do return(get_snapshot_strategy_answer(updated_at, row_changed)) -%}
{%- endmacro %}

{#- A row is new when one of the columns `check_cols` differs, nulls told apart from values. -#}
{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set updated_at = config.get('updated_at') or snapshot_get_time() -%}
  {%- set column_added, check_cols = snapshot_check_all_get_existing_columns(node, target_exists, config.get('check_cols')) -%}
  {%- if column_added -%}
    {%- set row_changed = '(' ~ get_true_sql() ~ ')' -%}
  {%- else -%}
    {%- set differences = [] -%}
    {%- for column in check_cols or [] -%}
      {%- set stored = snapshotted_rel ~ '.' ~ column -%}
      {%- set current = current_rel ~ '.' ~ column -%}
      {%- do differences.append(
            stored ~ ' != ' ~ current
            ~ ' or (' ~ stored ~ ' is null and ' ~ current ~ ' is not null)'
            ~ ' or (' ~ stored ~ ' is not null and ' ~ current ~ ' is null)'
      ) -%}
    {%- endfor -%}
    {%- set row_changed = '(' ~ (differences | join('\n      or ') or 'false') ~ ')' -%}
  {%- endif -%}
  {%- do return(get_snapshot_strategy_answer(updated_at, row_changed)) -%}
{%- endmacro %}

{#- sq's own: what both strategies answer. -#}
{% macro get_snapshot_strategy_answer(updated_at, row_changed) -%}
  {%- set unique_key = config.get('unique_key') -%}
  {%- set hard_deletes = adapter.get_hard_deletes_behavior(config) -%}
  {%- do return({
        'unique_key': unique_key,
        'updated_at': updated_at,
        'row_changed': row_changed,
        'scd_id': snapshot_hash_arguments(api.Relation.scd_args(unique_key, updated_at)),
        'invalidate_hard_deletes': hard_deletes == 'invalidate',
        'hard_deletes': hard_deletes
  }) -%}
{%- endmacro %}

{#- (whether the query has a checked column that the table has not, the checked columns that both have). -#}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
  {%- if not target_exists -%}
    {%- do return((false, none)) -%}
  {%- endif -%}
  {%- if check_cols_config == 'all' -%}
    {%- set checked = get_columns_in_query(node['compiled_code']) -%}
  {%- elif check_cols_config is iterable and check_cols_config | length > 0 -%}
    {#- the engine's spelling of the names; a comment may end the query, hence the line breaks -#}
    {%- set checked = get_columns_in_query(
          'select ' ~ check_cols_config | join(', ') ~ ' from (\n' ~ node['compiled_code'] ~ '\n) as subq'
    ) -%}
  {%- else -%}
    {%- do exceptions.raise_compiler_error("Invalid value for 'check_cols': " ~ check_cols_config) -%}
  {%- endif -%}
  {%- set relation = adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias) -%}
  {%- set stored = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
  {%- set common = [] -%}
  {%- for name in checked if name in stored -%}
    {%- do common.append(adapter.quote(name)) -%}
  {%- endfor -%}
  {%- do return((common | length < checked | length, common)) -%}
{%- endmacro %}

{#- One text of several values, for the id of a stored row. -#}
{% macro snapshot_hash_arguments(args) -%}
  {{ adapter.dispatch('snapshot_hash_arguments', 'dbt')(args) }}
{%- endmacro %}

{% macro default__snapshot_hash_arguments(args) -%}
  md5({% for arg in args %}coalesce(cast({{ arg }} as varchar ), ''){{ " || '|' || " if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro get_true_sql() -%}
  {{ adapter.dispatch('get_true_sql', 'dbt')() }}
{%- endmacro %}

{% macro default__get_true_sql() -%}
  {%- do return('TRUE') -%}
{%- endmacro %}
