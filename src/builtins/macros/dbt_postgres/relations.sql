{#- Text that names a relation where the statement cannot take its database: COMMENT, GRANT, INDEX take it too. -#}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- set kind = 'temporary ' if temporary else ('unlogged ' if config.get('unlogged', default=false) else '') -%}
  {%- set shown = relation.include(database=(not temporary), schema=(not temporary)) -%}
  {%- if contract_enforced() -%}
    {{- get_assert_columns_equivalent(sql) -}}
  {%- endif -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
  {%- if contract_enforced() and not temporary -%}
create {{ kind }}table {{ shown }}
{{ get_table_columns_and_constraints() }};
insert into {{ shown }} ({{ get_column_names() }})
(
{{ get_select_subquery(sql) }}
)
  {%- else -%}
create {{ kind }}table {{ shown }} as (
{{ sql }}
)
  {%- endif -%}
{%- endmacro %}

{% macro postgres__create_view_as(relation, sql) -%}
  {{- postgres_view(relation, sql, 'create view') -}}
{%- endmacro %}

{#- The server refuses it where the new query has other columns, but for more at the end. -#}
{% macro postgres__get_replace_view_sql(relation, sql) -%}
  {{- postgres_view(relation, sql, 'create or replace view') -}}
{%- endmacro %}

{% macro postgres_view(relation, sql, verb) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- if contract_enforced() -%}
    {{- get_assert_columns_equivalent(sql) -}}
  {%- endif -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
{{ verb }} {{ relation }} as (
{{ sql }}
)
{%- endmacro %}

{% macro postgres__get_replace_table_sql(relation, sql) -%}
  {%- do exceptions.raise_compiler_error('PostgreSQL has no `create or replace table`: a table is built beside and takes the name.') -%}
{%- endmacro %}

{#- sq's own: what gives its name to a new relation goes; what depends on it forbids that, unless told otherwise. -#}
{% macro postgres__get_drop_replaced_sql(relation) -%}
  drop {{ relation.type | replace('_', ' ') if relation.type else 'table' }} if exists {{ relation.render() }}{{ ' cascade' if config.get('drop_cascade') }}
{%- endmacro %}

{% macro postgres__get_rename_materialized_view_sql(relation, new_name) -%}
  alter materialized view {{ relation.render() }} rename to {{ adapter.quote(new_name) }}
{%- endmacro %}

{% macro postgres__make_temp_relation(base_relation, suffix) -%}
  {%- set found = postgres__make_relation_with_suffix(base_relation, suffix, dstring=True) -%}
  {%- do return(found.incorporate(path={'schema': none, 'database': none})) -%}
{%- endmacro %}

{% macro postgres__make_intermediate_relation(base_relation, suffix) -%}
  {%- do return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False)) -%}
{%- endmacro %}

{% macro postgres__make_backup_relation(base_relation, backup_relation_type, suffix) -%}
  {%- set found = postgres__make_relation_with_suffix(base_relation, suffix, dstring=False) -%}
  {%- do return(found.incorporate(type=backup_relation_type)) -%}
{%- endmacro %}

{#- The name is cut so that it fits with its suffix into 63 bytes. -#}
{% macro postgres__make_relation_with_suffix(base_relation, suffix, dstring) -%}
  {%- set ending = suffix ~ (py_current_timestring() if dstring else '') -%}
  {%- do return(base_relation.incorporate(path={
        'identifier': base_relation.identifier[:(63 - ending | length)] ~ ending
  })) -%}
{%- endmacro %}

{#- The name tells relation, columns and kind apart, so that a second index finds a name of its own. -#}
{% macro postgres__get_create_index_sql(relation, index_dict) -%}
  {%- set columns = index_dict['columns'] -%}
  {%- set columns = [columns] if columns is string else columns -%}
  {%- set unique = index_dict.get('unique', false) -%}
  {%- set method = index_dict.get('type') -%}
  {%- set name = local_md5([relation.render(), columns | join(','), unique | string, method | string] | join('_')) -%}
  create {{ 'unique ' if unique }}index if not exists "{{ name }}"
  on {{ relation }}{{ ' using ' ~ method if method }} ({{ columns | join(', ') }})
{%- endmacro %}

{% macro postgres__get_drop_index_sql(relation, index_name) -%}
  drop index if exists "{{ relation.schema }}"."{{ index_name }}"
{%- endmacro %}

{% macro postgres__get_alter_column_type_sql(relation, column_name, new_column_type) -%}
  alter table {{ relation }} alter column {{ adapter.quote(column_name) }} type {{ new_column_type }} using {{ adapter.quote(column_name) }}::{{ new_column_type }}
{%- endmacro %}

{% macro postgres__get_create_materialized_view_as_sql(relation, sql) -%}
  create materialized view if not exists {{ relation }} as (
{{ sql }}
)
{%- endmacro %}
