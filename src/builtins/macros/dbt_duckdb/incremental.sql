{#- dbt-duckdb: with a unique key rows are replaced, without one they are added. -#}
{% macro duckdb__get_incremental_default_sql(arg_dict) -%}
  {%- if arg_dict['unique_key'] -%}
    {%- do return(get_incremental_delete_insert_sql(arg_dict)) -%}
  {%- endif -%}
  {%- do return(get_incremental_append_sql(arg_dict)) -%}
{%- endmacro %}

{#- The merge of dbt-duckdb: conditions and expressions of its own, a USING list, or whole clauses. -#}
{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- set clauses = config.get('merge_clauses') or {} -%}
  {%- set using_columns = config.get('merge_on_using_columns') or [] -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
merge into {{ target }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
  {%- if using_columns %}
using ({{ using_columns | join(', ') }})
  {%- else %}
on ({{ get_merge_conditions(unique_key, incremental_predicates) | join(') and (') }})
  {%- endif %}
  {%- if clauses.get('when_matched') %}
    {%- for clause in clauses['when_matched'] %}
when matched{{ duckdb_merge_condition(clause.get('condition')) }} then {{ duckdb_merge_update(clause, dest_columns) }}
    {%- endfor %}
  {%- elif unique_key or using_columns %}
    {%- set assignments = duckdb_merge_assignments(
          config.get('merge_update_columns'),
          config.get('merge_exclude_columns'),
          config.get('merge_update_set_expressions') or {},
          dest_columns
    ) -%}
    {%- if assignments %}
when matched{{ duckdb_merge_condition(config.get('merge_update_condition')) }} then update set
  {{ assignments | join(',\n  ') }}
    {%- endif %}
  {%- endif %}
  {%- if clauses.get('when_not_matched') %}
    {%- for clause in clauses['when_not_matched'] %}
when not matched{{ ' by ' ~ clause['by'] if clause.get('by') }}{{ duckdb_merge_condition(clause.get('condition')) }} then {{ duckdb_merge_insert(clause) }}
    {%- endfor %}
  {%- else %}
when not matched{{ duckdb_merge_condition(config.get('merge_insert_condition')) }} then insert ({{ get_quoted_csv(dest_columns | map(attribute='name')) }})
values ({% for column in dest_columns %}DBT_INTERNAL_SOURCE.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
  {%- endif -%}
{%- endmacro %}

{% macro duckdb_merge_condition(condition) -%}
  {%- if condition -%}
    {{ ' and ' ~ (condition if condition is string else '(' ~ condition | join(') and (') ~ ')') }}
  {%- endif -%}
{%- endmacro %}

{#- `column = value` of an update: expressions as given, the other columns from the source. -#}
{% macro duckdb_merge_assignments(update_columns, exclude_columns, set_expressions, dest_columns) -%}
  {%- set found = [] -%}
  {%- for column, expression in set_expressions.items() -%}
    {%- do found.append(column ~ ' = ' ~ expression) -%}
  {%- endfor -%}
  {%- if set_expressions and not update_columns and not exclude_columns -%}
    {%- set columns = [] -%}
  {%- else -%}
    {%- set columns = get_merge_update_columns(update_columns, exclude_columns, dest_columns) -%}
  {%- endif -%}
  {%- for column in columns if column | replace('"', '') not in set_expressions -%}
    {%- do found.append(column ~ ' = DBT_INTERNAL_SOURCE.' ~ column) -%}
  {%- endfor -%}
  {%- do return(found) -%}
{%- endmacro %}

{% macro duckdb_merge_update(clause, dest_columns) -%}
  {%- set action = clause.get('action', 'update') -%}
  {%- set mode = clause.get('mode', 'by_name') -%}
  {%- if action == 'delete' -%}
    delete
  {%- elif action == 'do_nothing' -%}
    do nothing
  {%- elif action == 'error' -%}
    error{{ " '" ~ clause['error_message'] | replace("'", "''") ~ "'" if clause.get('error_message') }}
  {%- elif mode == 'explicit' -%}
    {%- set chosen = clause.get('update') or {} -%}
    update set {{ duckdb_merge_assignments(chosen.get('include'), chosen.get('exclude'), chosen.get('set_expressions') or {}, dest_columns) | join(', ') }}
  {%- else -%}
    update {{ {'by_name': 'by name', 'by_position': 'by position', 'star': 'set *'}[mode] }}
  {%- endif -%}
{%- endmacro %}

{% macro duckdb_merge_insert(clause) -%}
  {%- set action = clause.get('action', 'insert') -%}
  {%- set mode = clause.get('mode', 'by_name') -%}
  {%- if action == 'update' -%}
    {%- set assignments = [] -%}
    {%- for column, expression in (clause.get('set_expressions') or {}).items() -%}
      {%- do assignments.append(column ~ ' = ' ~ expression) -%}
    {%- endfor -%}
    update set {{ assignments | join(', ') }}
  {%- elif action != 'insert' -%}
    {{ duckdb_merge_update(clause, []) }}
  {%- elif mode == 'explicit' -%}
    {%- set chosen = clause.get('insert') or {} -%}
    insert ({{ chosen.get('columns', []) | join(', ') }}) values ({{ chosen.get('values', []) | join(', ') }})
  {%- else -%}
    insert {{ {'by_name': 'by name', 'by_position': 'by position', 'star': '*'}[mode] }}
  {%- endif -%}
{%- endmacro %}

{#- The rows of the batch's time give way to those that came. A key would say nothing: rows are told by their time. -#}
{% macro duckdb__get_incremental_microbatch_sql(arg_dict) -%}
  {%- if config.get('unique_key') -%}
    {%- do exceptions.raise_compiler_error("microbatch incremental strategy does not support 'unique_key'. Microbatch runs delete+insert per batch based on 'event_time' and does not do key-based upserts. Remove 'unique_key' or use incremental_strategy='merge'.") -%}
  {%- endif -%}
  {%- do return(get_microbatch_delete_insert_sql(arg_dict, '')) -%}
{%- endmacro %}
