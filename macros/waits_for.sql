{#
    With `--vars 'original_order: true'` the dimensions wait for the fact, as in the Airflow DAG that this sample
    descends from (examples/airflow): stage, then songplays, then the dimensions. A comment is enough for an edge.
#}
{% macro waits_for(model) -%}
    {% if var('original_order', false) %}-- depends_on: {{ ref(model) }}{% endif %}
{%- endmacro %}
