{% macro stamp() %}
    {{ return(modules.datetime.datetime.utcnow().strftime('%Y')) }}
{% endmacro %}

{% macro log_results(results) %}
    {% if execute %}
        {% set statuses = {} %}
        {% for result in results %}
            {% set result_dict = result.to_dict() %}
            {% set node = result_dict.get('node', {}) %}
            {% do statuses.update({node.get('name'): result.status | string}) %}
            {% do statuses.setdefault('rows', []).append(result.adapter_response.get('rows_affected')) %}
        {% endfor %}
        {% do log('results: ' ~ tojson(statuses, sort_keys=true), info=true) %}
    {% endif %}
{% endmacro %}

{% macro make_log_table() %}
    {% set rel = api.Relation.create(database=target.database, schema=target.schema, identifier='tool_log', type='table') %}
    {% if execute and flags.WHICH in ('run', 'build') and not load_relation(rel) %}
        {% do run_query('create table if not exists ' ~ rel ~ ' (model ' ~ dbt.type_string() ~ ')') %}
        {% do adapter.cache_added(rel) %}
    {% endif %}
{% endmacro %}
