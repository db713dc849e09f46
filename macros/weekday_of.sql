{# 0 is Sunday, 6 is Saturday. #}
{% macro weekday_of(moment) -%}
    {{ return(adapter.dispatch('weekday_of')(moment)) }}
{%- endmacro %}

{% macro default__weekday_of(moment) -%}
    cast(extract(dow from {{ moment }}) as integer)
{%- endmacro %}

{# Spark counts from 1. #}
{% macro spark__weekday_of(moment) -%}
    (dayofweek({{ moment }}) - 1)
{%- endmacro %}
