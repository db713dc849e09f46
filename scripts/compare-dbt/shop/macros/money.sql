{% macro cents_to_whole(column, digits=2) -%}
round({{ column }} / 100.0, {{ digits }})
{%- endmacro %}

{% macro default__surrogate_key(fields) -%}
{{ tools.default__surrogate_key(fields | list) }}
{%- endmacro %}
