{% macro differs(a, b) -%}
    {{ return(adapter.dispatch('differs')(a, b)) }}
{%- endmacro %}

{# Redshift has no `is distinct from`. #}
{% macro default__differs(a, b) -%}
    ({{ a }} <> {{ b }} or ({{ a }} is null and {{ b }} is not null) or ({{ a }} is not null and {{ b }} is null))
{%- endmacro %}

{% macro duckdb__differs(a, b) -%}
    {{ a }} is distinct from {{ b }}
{%- endmacro %}

{% macro postgres__differs(a, b) -%}
    {{ a }} is distinct from {{ b }}
{%- endmacro %}

{# Redshift's dispatch would fall back to postgres__ before default__. #}
{% macro redshift__differs(a, b) -%}
    {{ return(default__differs(a, b)) }}
{%- endmacro %}
