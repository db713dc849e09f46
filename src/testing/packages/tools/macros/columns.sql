{% macro columns_but(from, but=[]) -%}
    {{ return(adapter.dispatch('columns_but', 'tools')(from, but)) }}
{% endmacro %}

{% macro default__columns_but(from, but=[]) -%}
    {%- do tools.must_be_relation(from, 'columns_but') -%}
    {%- do tools.must_not_be_ephemeral(from, 'columns_but') -%}
    {%- if not execute -%}
        {{ return('') }}
    {% endif %}
    {%- set kept = [] -%}
    {%- set cols = adapter.get_columns_in_relation(from) -%}
    {%- set but = but | map("lower") | list %}
    {%- for col in cols -%}
        {%- if col.column|lower not in but -%}
            {% do kept.append(col.column) %}
        {%- endif %}
    {%- endfor %}
    {{ return(kept) }}
{%- endmacro %}

{% macro star(from, relation_alias=False, but=[], prefix='', suffix='') -%}
    {%- set cols = tools.columns_but(from, but) -%}
    {%- if cols|length <= 0 -%}
        {%- set response -%}
            *
            /* no columns were found: compiled without looking */
        {%- endset -%}
        {{ return(response) }}
    {%- else -%}
        {%- for col in cols %}
            {%- if relation_alias %}{{ relation_alias }}.{% else %}{%- endif -%}
            {{ adapter.quote(col)|trim }} {%- if prefix!='' or suffix!='' %} as {{ adapter.quote(prefix ~ col ~ suffix)|trim }} {%- endif -%}
            {%- if not loop.last %},{{ '\n  ' }}{%- endif -%}
        {%- endfor -%}
    {% endif %}
{%- endmacro %}

{% macro values_of(table, column, order_by='count(*) desc', max_records=none, default=none, where=none) -%}
    {%- if not execute -%}
        {% set default = [] if not default %}
        {{ return(default) }}
    {% endif %}
    {%- set target_relation = adapter.get_relation(database=table.database, schema=table.schema, identifier=table.identifier) -%}
    {%- set relation_exists = (load_relation(target_relation) is not none) -%}
    {%- if not relation_exists and default is none -%}
        {{ exceptions.raise_compiler_error("relation " ~ table ~ " does not exist") }}
    {%- elif not relation_exists -%}
        {{ return(default) }}
    {%- endif -%}
    {%- call statement('values_of', fetch_result=true) %}
        with cte as (
            select {{ column }} as value
            from {{ target_relation }}
            {% if where is not none %} where {{ where }} {% endif %}
            group by {{ column }}
            order by {{ order_by }}, 1
            {% if max_records is not none %} limit {{ max_records }} {% endif %}
        )
        select * from cte
    {% endcall %}
    {%- set value_list = load_result('values_of') -%}
    {%- if value_list and value_list['data'] -%}
        {%- set values = value_list['data'] | map(attribute=0) | list %}
        {{ return(values) }}
    {%- else -%}
        {{ return(default) }}
    {%- endif -%}
{%- endmacro %}

{% macro union_all_of(relations, column_override=none, include=[], exclude=[], source_column_name='_source') -%}
    {%- if exclude and include -%}
        {{ exceptions.raise_compiler_error("Both an exclude and include list were provided. Only one is allowed") }}
    {%- endif -%}
    {%- if not execute %}
        {{ return('') }}
    {% endif -%}
    {%- set column_override = column_override if column_override is not none else {} -%}
    {%- set relation_columns = {} -%}
    {%- set column_superset = {} -%}
    {%- for relation in relations -%}
        {%- do relation_columns.update({relation: []}) -%}
        {%- do tools.must_be_relation(relation, 'union_all_of') -%}
        {%- set cols = adapter.get_columns_in_relation(relation) -%}
        {%- for col in cols -%}
            {%- if col.column | lower in exclude | map("lower") -%}
            {%- elif include and col.column | lower not in include | map("lower") -%}
            {%- else -%}
                {%- do relation_columns[relation].append(col.column) -%}
                {%- if col.column in column_superset -%}
                    {%- set stored = column_superset[col.column] -%}
                    {%- if stored.is_string() and col.is_string() and col.string_size() > stored.string_size() -%}
                        {%- do column_superset.update({col.column: col}) -%}
                    {%- endif %}
                {%- else -%}
                    {%- do column_superset.update({col.column: col}) -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set ordered_column_names = column_superset.keys() -%}
    {%- if ordered_column_names | length == 0 -%}
        {{ exceptions.raise_compiler_error("There were no columns found to union for relations " ~ relations | join(', ')) }}
    {%- endif -%}
    {%- for relation in relations %}
        (
            select
                {% if source_column_name is not none -%}
                cast({{ dbt.string_literal(relation.name) }} as {{ dbt.type_string() }}) as {{ source_column_name }},
                {%- endif %}
                {% for col_name in ordered_column_names -%}
                    {%- set col = column_superset[col_name] %}
                    {%- set col_type = column_override.get(col.column, col.data_type) %}
                    {%- set col_name = adapter.quote(col_name) if col_name in relation_columns[relation] else 'null' %}
                    cast({{ col_name }} as {{ col_type }}) as {{ col.quoted }} {% if not loop.last %},{% endif -%}
                {%- endfor %}
            from {{ relation }}
        )
        {% if not loop.last -%}
            union all
        {% endif -%}
    {%- endfor -%}
{%- endmacro %}

{% macro pivoted(column, values, alias=True, agg='sum', cmp='=', then_value=1, else_value=0, quote_identifiers=True) %}
    {% for value in values %}
        {{ agg }}(case when {{ column }} {{ cmp }} '{{ dbt.escape_single_quotes(value) }}' then {{ then_value }} else {{ else_value }} end)
        {% if alias %}as {{ adapter.quote(value) if quote_identifiers else tools.slug(value) }}{% endif %}
        {% if not loop.last %},{% endif %}
    {% endfor %}
{% endmacro %}

{% macro slug(string) %}
    {% if not string %}{{ return('') }}{% endif %}
    {% set string = string | lower %}
    {% set string = modules.re.sub('[ -]+', '_', string) %}
    {% set string = modules.re.sub('[^a-z0-9_]+', '', string) %}
    {% set string = modules.re.sub('^[0-9]', '_' + string[0], string) %}
    {{ return(string) }}
{% endmacro %}

{%- macro key_of(field_list) -%}
    {%- if var('keys_treat_nulls_as_empty', False) -%}
        {%- set default_null_value = "" -%}
    {%- else -%}
        {%- set default_null_value = '_null_' -%}
    {%- endif -%}
    {%- set fields = [] -%}
    {%- for field in field_list -%}
        {%- do fields.append("coalesce(cast(" ~ field ~ " as " ~ dbt.type_string() ~ "), '" ~ default_null_value ~"')") -%}
        {%- if not loop.last %}
            {%- do fields.append("'" ~ var('separator') ~ "'") -%}
        {%- endif -%}
    {%- endfor -%}
    {{ dbt.hash(dbt.concat(fields)) }}
{%- endmacro -%}
