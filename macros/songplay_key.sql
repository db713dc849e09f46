{% macro songplay_key(events) -%}
    md5(cast({{ events }}.session_id as varchar) || '-' || cast({{ events }}.item_in_session as varchar))
{%- endmacro %}
