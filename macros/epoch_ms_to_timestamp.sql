{% macro epoch_ms_to_timestamp(column) -%}
    {{ return(adapter.dispatch('epoch_ms_to_timestamp')(column)) }}
{%- endmacro %}

{# An interval times a number keeps the milliseconds; `ts / 1000 * interval '1 second'` would drop them. #}
{% macro default__epoch_ms_to_timestamp(column) -%}
    (timestamp '1970-01-01 00:00:00' + {{ column }} * interval '0.001 second')
{%- endmacro %}

{# DuckDB counts in microseconds: exact, and faster than an interval. #}
{% macro duckdb__epoch_ms_to_timestamp(column) -%}
    make_timestamp({{ column }} * 1000)
{%- endmacro %}

{% macro spark__epoch_ms_to_timestamp(column) -%}
    timestamp_millis({{ column }})
{%- endmacro %}
