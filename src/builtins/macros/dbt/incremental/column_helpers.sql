{#- `"a", "b"` of names. -#}
{% macro get_quoted_csv(column_names) -%}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}
    {%- do quoted.append(adapter.quote(name)) -%}
  {%- endfor -%}
  {%- do return(quoted | join(', ')) -%}
{%- endmacro %}

{#- Columns of the first list that the second has not, by name without regard to case. -#}
{% macro diff_columns(source_columns, target_columns) -%}
  {%- set known = target_columns | map(attribute='column') | map('lower') | list -%}
  {%- set found = [] -%}
  {%- for column in source_columns if column.column | lower not in known -%}
    {%- do found.append(column) -%}
  {%- endfor -%}
  {%- do return(found) -%}
{%- endmacro %}

{#- Columns of both lists whose type differs and cannot be widened: {column_name, new_type}. -#}
{% macro diff_column_data_types(source_columns, target_columns) -%}
  {%- do return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) -%}
{%- endmacro %}

{% macro default__diff_column_data_types(source_columns, target_columns) -%}
  {%- set found = [] -%}
  {%- for source in source_columns -%}
    {%- set same = target_columns | selectattr('name', 'equalto', source.name) | list | first -%}
    {%- if same and source.data_type != same.data_type and not source.can_expand_to(other_column=same) -%}
      {%- do found.append({'column_name': same.name, 'new_type': source.data_type}) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- do return(found) -%}
{%- endmacro %}

{#- Columns that a merge sets: all, those of merge_update_columns, or all but those of merge_exclude_columns. -#}
{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) -%}
  {%- do return(adapter.dispatch('get_merge_update_columns', 'dbt')(merge_update_columns, merge_exclude_columns, dest_columns)) -%}
{%- endmacro %}

{% macro default__get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) -%}
  {%- if merge_update_columns and merge_exclude_columns -%}
    {%- do exceptions.raise_compiler_error(
          'Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config'
    ) -%}
  {%- endif -%}
  {%- if merge_update_columns -%}
    {%- do return(merge_update_columns) -%}
  {%- endif -%}
  {%- set excluded = (merge_exclude_columns or []) | map('lower') | list -%}
  {%- set found = [] -%}
  {%- for column in dest_columns if column.column | lower not in excluded -%}
    {%- do found.append(column.quoted) -%}
  {%- endfor -%}
  {%- do return(found) -%}
{%- endmacro %}
