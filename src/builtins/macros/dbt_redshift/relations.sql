{#- Tables and views. Nothing is dropped with CASCADE unless the model says `drop_cascade: true`. -#}
{% macro redshift__create_table_as(temporary, relation, sql) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
  {%- if temporary -%}
create temporary table {{ relation.include(database=False, schema=False) }} as (
{{ sql }}
)
  {%- elif redshift_contract_enforced() or redshift_identity_columns() or redshift_encodings() -%}
    {%- set found = [] if redshift_contract_enforced() else adapter.get_column_schema_from_query(sql) -%}
    {%- set filled = redshift_insert_columns(found) | join(', ') -%}
    {%- if redshift_contract_enforced() -%}
      {{- get_assert_columns_equivalent(sql) -}}
    {%- endif -%}
create table {{ relation }}
{{ redshift_table_columns(found) }}
{{ redshift_table_attributes() }};
insert into {{ relation }} ({{ filled }})
(
select {{ filled }}
from (
{{ sql }}
) as model_subq
)
  {%- else -%}
create table {{ relation }}
{{ redshift_table_attributes() }}
as (
{{ sql }}
)
  {%- endif -%}
{%- endmacro %}

{#- Without DISTSTYLE a table made by a query takes keys from the query's plan: AUTO is always written. -#}
{% macro redshift_table_attributes() -%}
  {%- set parts = [] -%}
  {%- if config.get('backup') is false -%}
    {%- do parts.append('backup no') -%}
  {%- endif -%}
  {%- do parts.append(redshift_dist(config.get('dist') or target.get('dist'))) -%}
  {%- set sort = redshift_sort(config.get('sort_type'), config.get('sort')) -%}
  {%- if sort -%}
    {%- do parts.append(sort) -%}
  {%- endif -%}
  {{- parts | join(' ') -}}
{%- endmacro %}

{% macro redshift_dist(dist) -%}
  {%- if dist is none or dist is undefined -%}
    diststyle auto
  {%- elif dist is not string -%}
    {%- do exceptions.raise_compiler_error("config 'dist' is " ~ tojson(dist) ~ ": it is one column, or all, even, auto") -%}
  {%- elif dist | trim | lower in ['all', 'even', 'auto'] -%}
    diststyle {{ dist | trim | lower }}
  {%- else -%}
    diststyle key distkey ({{ redshift_column(dist | trim) }})
  {%- endif -%}
{%- endmacro %}

{% macro redshift_sort(sort_type, sort) -%}
  {%- if sort is none or sort is undefined or not sort -%}
    {%- do return('') -%}
  {%- endif -%}
  {%- set kind = (sort_type or 'compound') | trim | lower -%}
  {%- if kind not in ['compound', 'interleaved'] -%}
    {%- do exceptions.raise_compiler_error("config 'sort_type' is '" ~ sort_type ~ "': it is compound or interleaved") -%}
  {%- endif -%}
  {%- set names = [sort] if sort is string else sort -%}
  {%- if names | length == 1 and names[0] | lower == 'auto' -%}
    {%- do return('') -%}
  {%- endif -%}
  {%- set most = 8 if kind == 'interleaved' else 400 -%}
  {%- if names | length > most -%}
    {%- do exceptions.raise_compiler_error("config 'sort' has " ~ names | length ~ ' columns: Redshift takes ' ~ most ~ ' for a ' ~ kind ~ ' sort key') -%}
  {%- endif -%}
  {%- set columns = [] -%}
  {%- for name in names -%}
    {%- do columns.append(redshift_column(name | trim)) -%}
  {%- endfor -%}
  {%- do return(kind ~ ' sortkey (' ~ columns | join(', ') ~ ')') -%}
{%- endmacro %}

{#- A column that a config names: quoted, so that a reserved word is no trouble; what is quoted stays. -#}
{% macro redshift_column(name) -%}
  {{- name if name.startswith('"') else adapter.quote(name) -}}
{%- endmacro %}

{#- Late binding is sq's default: a view does not hold its tables, so that these can be swapped. -#}
{% macro redshift__create_view_as(relation, sql) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
create view {{ relation }} as (
{{ sql }}
){{ '' if config.get('bind') else ' with no schema binding' }}
{%- endmacro %}

{#- ALTER TABLE renames views too; there is no ALTER VIEW. -#}
{% macro redshift__get_rename_view_sql(relation, new_name) -%}
  alter table {{ relation }} rename to {{ adapter.quote(new_name) }}
{%- endmacro %}

{% macro redshift__drop_table(relation) -%}
  drop table if exists {{ relation }}{{ redshift_cascade() }}
{%- endmacro %}

{% macro redshift__drop_view(relation) -%}
  drop view if exists {{ relation }}{{ redshift_cascade() }}
{%- endmacro %}

{% macro redshift__drop_materialized_view(relation) -%}
  drop materialized view if exists {{ relation }}{{ redshift_cascade() }}
{%- endmacro %}

{% macro redshift_cascade() -%}
  {{- ' cascade' if config is defined and config.get('drop_cascade') else '' -}}
{%- endmacro %}

{#- TRUNCATE commits the open transaction on Redshift, so rows are deleted. -#}
{% macro redshift__get_truncate_sql(relation) -%}
  delete from {{ relation }}
{%- endmacro %}

{#- A seed's table; sort keys are for models, as in dbt-redshift. TEXT is VARCHAR(256): texts get the widest type. -#}
{% macro redshift__get_create_seed_table_sql(relation, columns, replace=false) -%}
create table {{ relation }} (
  {%- for column in columns %}
  {{ adapter.quote_seed_column(column.name, model['config'].get('quote_columns', none)) }} {{ 'varchar(65535)' if column.data_type | lower in ['text', 'varchar', 'character varying'] else column.data_type }}{{ ',' if not loop.last }}
  {%- endfor %}
) {{ redshift_dist(config.get('dist') or target.get('dist')) }}
{%- endmacro %}

{#- The name of a temporary table stands for itself: it belongs to the session, not to a schema. -#}
{% macro redshift__make_temp_relation(base_relation, suffix) -%}
  {%- do return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix ~ py_current_timestring()})
        .include(database=false, schema=false)) -%}
{%- endmacro %}
