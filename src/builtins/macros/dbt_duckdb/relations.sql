{#- With a contract the table is declared first; a temporary table of DuckDB takes no constraints. -#}
{% macro duckdb__create_table_as(temporary, relation, sql) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- set shown = relation.include(database=(not temporary), schema=(not temporary)) -%}
  {%- if contract_enforced() -%}
    {{- get_assert_columns_equivalent(sql) -}}
  {%- endif -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
  {%- if contract_enforced() and not temporary -%}
create table {{ shown }}
{{ get_table_columns_and_constraints() }};
insert into {{ shown }} ({{ get_column_names() }})
(
{{ get_select_subquery(sql) }}
)
  {%- else -%}
create {{ 'temporary ' if temporary }}table {{ shown }} as (
{{ sql }}
)
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__get_replace_table_sql(relation, sql) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
create or replace table {{ relation }} as (
{{ sql }}
)
{%- endmacro %}

{% macro duckdb__get_replace_view_sql(relation, sql) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
  {%- if contract_enforced() -%}
    {{- get_assert_columns_equivalent(sql) -}}
  {%- endif -%}
create or replace view {{ relation }} as (
{{ sql }}
)
{%- endmacro %}

{#- A temporary name of DuckDB belongs to a connection, not to a schema. -#}
{% macro duckdb__make_temp_relation(base_relation, suffix) -%}
  {%- do return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix ~ py_current_timestring()})
        .include(database=false, schema=false)) -%}
{%- endmacro %}

{#- The name tells relation, columns and uniqueness apart, so that a second index finds a name of its own. -#}
{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
  {%- set columns = index_dict['columns'] -%}
  {%- set unique = index_dict.get('unique', false) -%}
  {%- set parts = [relation.render(), columns | join(','), unique | string] -%}
  create {{ 'unique ' if unique }}index "__dbt_index_{{ local_md5(parts | join('_')) }}"
  on {{ relation }} ({{ columns | join(', ') }})
{%- endmacro %}
