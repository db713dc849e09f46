{#- Text that stands in front of the statement that builds the model. -#}
{% macro set_sql_header(config) -%}
  {{ config.set('sql_header', caller()) }}
{%- endmacro %}

{#- Config `full_refresh`, and where it says nothing the flag. -#}
{% macro should_full_refresh() %}
  {%- set configured = config.get('full_refresh') -%}
  {%- do return(flags.FULL_REFRESH if configured is none else configured) -%}
{% endmacro %}

{#- Config `store_failures`, and where it says nothing the flag. -#}
{% macro should_store_failures() %}
  {%- set configured = config.get('store_failures') -%}
  {%- do return(flags.STORE_FAILURES if configured is none else configured) -%}
{% endmacro %}
