{% macro results_as_dict(query) %}
    {{ return(adapter.dispatch('results_as_dict', 'tools')(query)) }}
{% endmacro %}

{% macro default__results_as_dict(query) %}
    {%- call statement('results_as_dict', fetch_result=True, auto_begin=false) -%}
        {{ query }}
    {%- endcall -%}
    {% set sql_results = {} %}
    {%- if execute -%}
        {% set columns = load_result('results_as_dict').table.columns %}
        {% for column_name, column in columns.items() %}
            {% do sql_results.update({column_name: column.values()}) %}
        {% endfor %}
    {%- endif -%}
    {{ return(sql_results) }}
{% endmacro %}

{% macro single_value(query, default=none) %}
    {% if not execute %}{{ return(default) }}{% endif %}
    {%- call statement('single_value', fetch_result=True, auto_begin=false) -%}
        {{ query }}
    {%- endcall -%}
    {% set r = load_result('single_value').table.columns[0].values() %}
    {% if r | length == 0 %}
        {% do print('Query `' ~ query ~ '` returned no rows. Using the default value: ' ~ default) %}
        {% set sql_result = default %}
    {% else %}
        {% set sql_result = r[0] %}
    {% endif %}
    {% do return(sql_result) %}
{% endmacro %}

{% macro relations_like(schema_pattern, table_pattern, exclude='', database=target.database) %}
    {%- call statement('get_tables', fetch_result=True) %}
        select distinct
            table_schema as {{ adapter.quote('table_schema') }},
            table_name as {{ adapter.quote('table_name') }},
            case table_type when 'BASE TABLE' then 'table' when 'VIEW' then 'view' else lower(table_type) end as {{ adapter.quote('table_type') }}
        from {{ database }}.information_schema.tables
        where table_schema ilike '{{ schema_pattern }}' and table_name ilike '{{ table_pattern }}' and table_name not ilike '{{ exclude }}'
        order by 2
    {% endcall %}
    {%- set table_list = load_result('get_tables') -%}
    {%- if table_list and table_list['table'] -%}
        {%- set tbl_relations = [] -%}
        {%- for row in table_list['table'] -%}
            {%- set tbl_relation = api.Relation.create(database=database, schema=row.table_schema, identifier=row.table_name, type=row.table_type) -%}
            {%- do tbl_relations.append(tbl_relation) -%}
        {%- endfor -%}
        {{ return(tbl_relations) }}
    {%- else -%}
        {{ return([]) }}
    {%- endif -%}
{% endmacro %}

{% macro powers(upper_bound) %}
    {% if upper_bound <= 0 %}
        {{ exceptions.raise_compiler_error("upper bound must be positive") }}
    {% endif %}
    {% for _ in range(1, 100) %}
        {% if upper_bound <= 2 ** loop.index %}{{ return(loop.index) }}{% endif %}
    {% endfor %}
{% endmacro %}

{% macro compared(a, b, primary_key) %}
    {% set columns = adapter.get_columns_in_relation(a) %}
    {% set names = columns | map(attribute='quoted') | join(', ') %}
    {% set query %}
        with a as (select {{ names }} from {{ a }}), b as (select {{ names }} from {{ b }}),
        both_ways as (
            select *, true as in_a, true as in_b from (select * from a {{ dbt.intersect() }} select * from b) x
            union all
            select *, true, false from (select * from a {{ dbt.except() }} select * from b) y
            union all
            select *, false, true from (select * from b {{ dbt.except() }} select * from a) z
        )
        select in_a, in_b, count(*) as count from both_ways group by 1, 2 order by 1 desc, 2 desc
    {% endset %}
    {% set results = run_query(query) %}
    {% if execute %}
        {% do results.print_table(max_columns=none, max_column_width=30) %}
        {% for row in results.rows %}
            {% do log('| ' ~ row[0] ~ ' | ' ~ row['in_b'] ~ ' | ' ~ row.count ~ ' |', info=True) %}
        {% endfor %}
        {% do log(results.column_names | join(','), info=True) %}
    {% endif %}
    {{ return(results) }}
{% endmacro %}
