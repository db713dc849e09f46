{% macro source_yaml(schema_name, database_name=target.database, table_names=none, include_descriptions=False) %}
    {% set sources_yaml = [] %}
    {% do sources_yaml.append('version: 2') %}
    {% do sources_yaml.append('') %}
    {% do sources_yaml.append('sources:') %}
    {% do sources_yaml.append('  - name: ' ~ schema_name | lower) %}
    {% if database_name != target.database %}
        {% do sources_yaml.append('    database: ' ~ database_name | lower) %}
    {% endif %}
    {% do sources_yaml.append('    tables:') %}
    {% if table_names is none %}
        {% set tables = tools.relations_like(schema_name, '%') | map(attribute='identifier') | list %}
    {% else %}
        {% set tables = table_names %}
    {% endif %}
    {% for table in tables %}
        {% do sources_yaml.append('      - name: ' ~ table | lower) %}
        {% set table_relation = api.Relation.create(database=database_name, schema=schema_name, identifier=table) %}
        {% do sources_yaml.append('        columns:') %}
        {% for column in adapter.get_columns_in_relation(table_relation) %}
            {% do sources_yaml.append('          - name: ' ~ column.name | lower) %}
            {% do sources_yaml.append('            data_type: ' ~ column.data_type | lower) %}
        {% endfor %}
    {% endfor %}
    {% if execute %}
        {% set joined = sources_yaml | join('\n') %}
        {{ print(joined) }}
        {% do return(joined) %}
    {% endif %}
{% endmacro %}

{% macro model_yaml(model_names=[], upstream_descriptions=False) %}
    {% set model_yaml = ['version: 2', '', 'models:'] %}
    {% if model_names is string %}
        {{ exceptions.raise_compiler_error("The `model_names` argument must always be a list, even if there is only one model.") }}
    {% else %}
        {% for model in model_names %}
            {% do model_yaml.append('  - name: ' ~ model | lower) %}
            {% do model_yaml.append('    description: ""') %}
            {% do model_yaml.append('    columns:') %}
            {% set relation = ref(model) %}
            {%- set columns = adapter.get_columns_in_relation(relation) -%}
            {% set described = tools.descriptions_above(model) if upstream_descriptions else {} %}
            {% for column in columns %}
                {% do model_yaml.append('      - name: ' ~ column.name | lower) %}
                {% do model_yaml.append('        description: "' ~ described.get(column.name, '') ~ '"') %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {% if execute %}
        {% set joined = model_yaml | join('\n') %}
        {{ print(joined) }}
        {% do return(joined) %}
    {% endif %}
{% endmacro %}

{% macro descriptions_above(model_name) %}
    {% set found = {} %}
    {% if execute %}
        {% set node = graph.nodes.values() | selectattr('name', 'equalto', model_name) | first %}
        {% for parent_id in node.depends_on.nodes %}
            {% set parent = graph.nodes.get(parent_id) or graph.sources.get(parent_id) %}
            {% for column in parent.columns.values() %}
                {% do found.update({column.name: column.description}) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {{ return(found) }}
{% endmacro %}

{% macro models_in(directory=none, prefix=none) %}
    {% set model_names = [] %}
    {% set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list %}
    {% for node in models | sort(attribute='name') %}
        {% set path = node.original_file_path.split('/') %}
        {% if (directory is none or directory in path[:-1]) and (not prefix or node.name.startswith(prefix)) %}
            {% do model_names.append(node.name) %}
        {% endif %}
    {% endfor %}
    {{ return(model_names) }}
{% endmacro %}
