{% macro refresh_materialized_view(relation) -%}
  {{- adapter.dispatch('refresh_materialized_view', 'dbt')(relation) -}}
{%- endmacro %}

{% macro default__refresh_materialized_view(relation) -%}
  refresh materialized view {{ relation.render() }}
{%- endmacro %}

{#- None: nothing differs that could be changed in place. -#}
{% macro get_materialized_view_configuration_changes(existing_relation, new_config) -%}
  {%- do return(adapter.dispatch('get_materialized_view_configuration_changes', 'dbt')(existing_relation, new_config)) -%}
{%- endmacro %}

{% macro default__get_materialized_view_configuration_changes(existing_relation, new_config) -%}
  {%- do return(none) -%}
{%- endmacro %}

{% macro get_replace_materialized_view_sql(relation, sql) -%}
  {{- adapter.dispatch('get_replace_materialized_view_sql', 'dbt')(relation, sql) -}}
{%- endmacro %}

{% macro default__get_replace_materialized_view_sql(relation, sql) -%}
  {%- do exceptions.raise_compiler_error('`get_replace_materialized_view_sql` has not been implemented for this adapter.') -%}
{%- endmacro %}

{#- The one property that can be changed in place. sq's own, for plans. -#}
{% macro get_alter_auto_refresh_sql(relation, auto_refresh) -%}
  {{- adapter.dispatch('get_alter_auto_refresh_sql', 'dbt')(relation, auto_refresh) -}}
{%- endmacro %}

{#- One row: the text that made the view, and whether it refreshes itself. sq's own, for plans. -#}
{% macro get_materialized_view_state_sql(relation) -%}
  {{- adapter.dispatch('get_materialized_view_state_sql', 'dbt')(relation) -}}
{%- endmacro %}

{#- Empty: the engine does not show the text in a form that could be compared. -#}
{% macro default__get_materialized_view_state_sql(relation) -%}
{%- endmacro %}

{#- Rows: name, method, whether unique, columns joined by commas. Empty: there are no indexes. sq's own, for plans. -#}
{% macro get_relation_indexes_sql(relation) -%}
  {{- adapter.dispatch('get_relation_indexes_sql', 'dbt')(relation) -}}
{%- endmacro %}

{% macro default__get_relation_indexes_sql(relation) -%}
{%- endmacro %}

{#- sq's own, for plans: what dbt says in its log. -#}
{% macro log_relation_change(what, relation) -%}
  {%- do log('Applying ' ~ what ~ ' to: ' ~ relation) -%}
{%- endmacro %}
