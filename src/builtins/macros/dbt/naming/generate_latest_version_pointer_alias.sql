{%- macro generate_latest_version_pointer_alias(custom_alias_name=none, node=none) -%}
  {%- do return(adapter.dispatch('generate_latest_version_pointer_alias', 'dbt')(custom_alias_name, node)) -%}
{%- endmacro %}

{#- The configured alias, or the model's name without its version. -#}
{%- macro default__generate_latest_version_pointer_alias(custom_alias_name=none, node=none) -%}
  {{- (custom_alias_name or node.name) | trim -}}
{%- endmacro %}
