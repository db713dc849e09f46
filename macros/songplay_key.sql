{% macro songplay_key(events) -%}
    {%- set text = 'string' if target.type == 'spark' else 'varchar' -%}
    md5(cast({{ events }}.session_id as {{ text }}) || '-' || cast({{ events }}.item_in_session as {{ text }}))
{%- endmacro %}
