{% macro must_be_relation(obj, macro_name) %}
    {%- if not (obj is mapping and obj.get('metadata', {}).get('type', '').endswith('Relation')) -%}
        {%- do exceptions.raise_compiler_error("Macro " ~ macro_name ~ " expected a Relation but received the value: " ~ obj) -%}
    {%- endif -%}
{% endmacro %}

{% macro must_not_be_ephemeral(obj, macro_name) %}
    {%- if obj.is_cte -%}
        {% set prefix = api.Relation.add_ephemeral_prefix('') %}
        {% if obj.name.startswith(prefix) %}
            {% set model_name = obj.name[(prefix|length):] %}
        {% else %}
            {% set model_name = obj.name %}
        {%- endif -%}
        {%- do exceptions.raise_compiler_error(macro_name ~ " cannot look at the ephemeral model " ~ model_name) -%}
    {%- endif -%}
{% endmacro %}
