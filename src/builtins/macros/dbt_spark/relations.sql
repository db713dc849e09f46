{#- Of a model; the profile's where the model has none. -#}
{% macro spark_file_format() -%}
  {%- do return(config.get('file_format', none) or target.file_format) -%}
{%- endmacro %}

{#- Format and folders of a table: dbt-spark's config names. -#}
{% macro spark_table_clauses(relation) -%}
  {%- set format = spark_file_format() -%}
  {%- set partitions = config.get('partition_by', none) -%}
  {%- set clusters = config.get('clustered_by', none) -%}
  {%- set root = config.get('location_root', none) or target.location_root -%}
  {%- set properties = config.get('tblproperties', none) -%}
using {{ format }}
  {%- if partitions %}
partitioned by ({{ ([partitions] if partitions is string else partitions) | join(', ') }})
  {%- endif %}
  {%- if clusters %}
clustered by ({{ ([clusters] if clusters is string else clusters) | join(', ') }}) into {{ config.require('buckets') }} buckets
  {%- endif %}
  {%- if root %}
location '{{ root }}/{{ relation.identifier }}'
  {%- endif %}
  {%- if properties %}
tblproperties ({% for key, value in properties.items() %}'{{ key }}' = '{{ value }}'{{ ', ' if not loop.last }}{% endfor %})
  {%- endif %}
{%- endmacro %}

{#- What other engines keep in a temporary table is a temporary view here: it is read once. -#}
{% macro spark__create_table_as(temporary, relation, sql) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
  {%- if temporary -%}
create or replace temporary view {{ relation.include(database=false, schema=false) }} as
{{ sql }}
  {%- else -%}
    {%- if contract_enforced() -%}
      {{- get_assert_columns_equivalent(sql) -}}
    {%- endif -%}
create table {{ relation }}
{{ spark_table_clauses(relation) }}
as
{{ sql }}
  {%- endif -%}
{%- endmacro %}

{#- Iceberg and Delta replace a table at once. Of plain files the new ones are written beside first: a query that
    fails leaves the old table; readers find none for the moment in which the names change. -#}
{% macro spark__get_replace_table_sql(relation, sql) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- set format = spark_file_format() -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
  {%- if format in ['iceberg', 'delta'] -%}
create or replace table {{ relation }}
{{ spark_table_clauses(relation) }}
as
{{ sql }}
  {%- else -%}
    {%- set beside = relation.incorporate(path={'identifier': relation.identifier ~ '__dbt_tmp'}) -%}
drop table if exists {{ beside }};
create table {{ beside }}
using {{ format }}
as
{{ sql }};
drop table if exists {{ relation }};
create table {{ relation }}
{{ spark_table_clauses(relation) }}
as
select * from {{ beside }};
drop table if exists {{ beside }}
  {%- endif -%}
{%- endmacro %}

{% macro spark__create_view_as(relation, sql) -%}
  {%- set sql_header = config.get('sql_header', none) -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
  {%- if contract_enforced() -%}
    {{- get_assert_columns_equivalent(sql) -}}
  {%- endif -%}
create or replace view {{ relation }} as
{{ sql }}
{%- endmacro %}

{% macro spark__get_replace_view_sql(relation, sql) -%}
  {{- create_view_as(relation, sql) -}}
{%- endmacro %}

{% macro spark__drop_view(relation) -%}
  drop view if exists {{ relation }}
{%- endmacro %}

{#- A relation without a schema is a temporary view. -#}
{% macro spark__drop_table(relation) -%}
  {%- if relation.schema is none -%}
  drop view if exists {{ relation }}
  {%- else -%}
  drop table if exists {{ relation }}
  {%- endif -%}
{%- endmacro %}

{% macro spark__get_rename_view_sql(relation, new_name) -%}
  alter view {{ relation }} rename to {{ adapter.quote(relation.schema) }}.{{ adapter.quote(new_name) }}
{%- endmacro %}

{#- Not every catalog of Iceberg renames, and files in folders are renamed one by one: those are written once more. -#}
{% macro spark__get_rename_table_sql(relation, new_name) -%}
  {%- set format = spark_file_format() -%}
  {%- if format == 'iceberg' or config.get('partition_by', none) -%}
    {%- set renamed = relation.incorporate(path={'identifier': new_name}) -%}
create {{ 'or replace ' if format in ['iceberg', 'delta'] }}table {{ renamed }}
{{ spark_table_clauses(renamed) }}
as
select * from {{ relation }};
drop table {{ relation }}
  {%- else -%}
  alter table {{ relation }} rename to {{ adapter.quote(relation.schema) }}.{{ adapter.quote(new_name) }}
  {%- endif -%}
{%- endmacro %}

{% macro spark__get_create_seed_table_sql(relation, columns, replace=false) -%}
  {%- set format = spark_file_format() -%}
  {%- if replace and format not in ['iceberg', 'delta'] -%}
drop table if exists {{ relation }};
  {%- endif %}
create {{ 'or replace ' if replace and format in ['iceberg', 'delta'] }}table {{ relation }} (
  {%- for column in columns %}
  {{ adapter.quote_seed_column(column.name, model['config'].get('quote_columns', none)) }} {{ api.Column.translate_type(column.data_type) }}{{ ',' if not loop.last }}
  {%- endfor %}
)
{{ spark_table_clauses(relation) }}
{%- endmacro %}
