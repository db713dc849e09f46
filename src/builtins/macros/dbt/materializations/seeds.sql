{#- Column list of a seed, quoted as its config says. -#}
{% macro get_seed_column_quoted_csv(model, column_names) %}
  {%- set quote_columns = model['config'].get('quote_columns', none) -%}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}
    {%- do quoted.append(adapter.quote_seed_column(name, quote_columns)) -%}
  {%- endfor -%}
  {%- do return(quoted | join(', ')) -%}
{% endmacro %}

{#- The empty table of a seed: columns are name and type in order. sq's own, see materializations/seed. -#}
{% macro get_create_seed_table_sql(relation, columns, replace=false) -%}
  {{ adapter.dispatch('get_create_seed_table_sql', 'dbt')(relation, columns, replace) }}
{%- endmacro %}

{% macro default__get_create_seed_table_sql(relation, columns, replace=false) -%}
create {{ 'or replace ' if replace }}table {{ relation }} (
  {%- for column in columns %}
  {{ adapter.quote_seed_column(column.name, model['config'].get('quote_columns', none)) }} {{ column.data_type }}{{ ',' if not loop.last }}
  {%- endfor %}
)
{%- endmacro %}

{#- The rows of a seed, given as a query, go into its table. sq's own. -#}
{% macro get_insert_seed_rows_sql(relation, column_names, rows_sql) -%}
  {{ adapter.dispatch('get_insert_seed_rows_sql', 'dbt')(relation, column_names, rows_sql) }}
{%- endmacro %}

{% macro default__get_insert_seed_rows_sql(relation, column_names, rows_sql) -%}
insert into {{ relation }} ({{ get_seed_column_quoted_csv(model, column_names) }})
{{ rows_sql }}
{%- endmacro %}

{#- What follows is dbt's way to load a seed, from rows that were read. It is taken where a project has one of these
    macros of its own, and can be called from a macro. -#}
{% materialization seed, default %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- set rows = load_agate_table() -%}
  {%- do store_result('agate_table', response='OK', agate_table=rows) -%}
  {{- run_hooks(pre_hooks, inside_transaction=False) -}}
  {{- run_hooks(pre_hooks, inside_transaction=True) -}}
  {%- if existing is not none and existing.is_view -%}
    {%- do exceptions.raise_compiler_error("Cannot seed to '" ~ existing ~ "', it is a view") -%}
  {%- endif -%}
  {%- if existing is none -%}
    {%- set made = create_csv_table(model, rows) -%}
  {%- else -%}
    {%- set made = reset_csv_table(model, should_full_refresh(), existing, rows) -%}
  {%- endif -%}
  {%- set code = 'CREATE' if should_full_refresh() else 'INSERT' -%}
  {%- set filled = load_csv_rows(model, rows) -%}
  {%- call noop_statement('main', code ~ ' ' ~ rows.rows | length, code, rows.rows | length) -%}
    {{ get_csv_sql(made, filled) }}
  {%- endcall -%}
  {{- finish_materialization(target) -}}
  {%- do return({'relations': [target]}) -%}
{% endmaterialization %}

{% macro create_csv_table(model, agate_table) -%}
  {{- adapter.dispatch('create_csv_table', 'dbt')(model, agate_table) -}}
{%- endmacro %}

{% macro default__create_csv_table(model, agate_table) -%}
  {%- set given = model['config'].get('column_types') or {} -%}
  {%- set quote = model['config'].get('quote_columns', none) -%}
  {%- set columns = [] -%}
  {%- for name in agate_table.column_names -%}
    {%- do columns.append(adapter.quote_seed_column(name, quote) ~ ' ' ~ given.get(name, adapter.convert_type(agate_table, loop.index0))) -%}
  {%- endfor -%}
  {%- set create = 'create table ' ~ this.render() ~ ' (' ~ columns | join(', ') ~ ')' -%}
  {%- call statement('_') -%}{{ create }}{%- endcall -%}
  {%- do return(create) -%}
{%- endmacro %}

{#- Empties the table, or makes it anew. -#}
{% macro reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {{- adapter.dispatch('reset_csv_table', 'dbt')(model, full_refresh, old_relation, agate_table) -}}
{%- endmacro %}

{% macro default__reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {%- if full_refresh -%}
    {%- do adapter.drop_relation(old_relation) -%}
    {%- do return(create_csv_table(model, agate_table)) -%}
  {%- endif -%}
  {%- do adapter.truncate_relation(old_relation) -%}
  {%- do return('truncate table ' ~ old_relation.render()) -%}
{%- endmacro %}

{% macro get_csv_sql(create_or_truncate_sql, insert_sql) -%}
  {{- adapter.dispatch('get_csv_sql', 'dbt')(create_or_truncate_sql, insert_sql) -}}
{%- endmacro %}

{% macro default__get_csv_sql(create_or_truncate_sql, insert_sql) -%}
{{ create_or_truncate_sql }};
{{ insert_sql }}
{%- endmacro %}

{#- What stands for a value in the text of load_csv_rows; adapter.add_query puts the values there. -#}
{% macro get_binding_char() -%}
  {%- do return(adapter.dispatch('get_binding_char', 'dbt')()) -%}
{%- endmacro %}

{% macro default__get_binding_char() -%}
  {%- do return('%s') -%}
{%- endmacro %}

{#- Rows of a seed that one statement inserts. -#}
{% macro get_batch_size() -%}
  {%- do return(adapter.dispatch('get_batch_size', 'dbt')()) -%}
{%- endmacro %}

{% macro default__get_batch_size() -%}
  {%- do return(10000) -%}
{%- endmacro %}

{% macro load_csv_rows(model, agate_table) -%}
  {{- adapter.dispatch('load_csv_rows', 'dbt')(model, agate_table) -}}
{%- endmacro %}

{% macro default__load_csv_rows(model, agate_table) -%}
  {%- set into = 'insert into ' ~ this.render() ~ ' (' ~ get_seed_column_quoted_csv(model, agate_table.column_names) ~ ') values ' -%}
  {%- set places = [] -%}
  {%- for name in agate_table.column_names -%}
    {%- do places.append(get_binding_char()) -%}
  {%- endfor -%}
  {%- set sent = [] -%}
  {%- for part in agate_table.rows | batch(get_batch_size()) -%}
    {%- set values = [] -%}
    {%- set rows = [] -%}
    {%- for row in part -%}
      {%- do values.extend(row) -%}
      {%- do rows.append('(' ~ places | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set insert = into ~ rows | join(', ') -%}
    {%- do adapter.add_query(insert, bindings=values, abridge_sql_log=True) -%}
    {%- do sent.append(insert) -%}
  {%- endfor -%}
  {%- do return(sent[0] if sent else '') -%}
{%- endmacro %}
