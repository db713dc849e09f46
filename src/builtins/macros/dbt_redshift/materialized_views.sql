{#- A materialized view always says BACKUP, DISTSTYLE and AUTO REFRESH, so that its text tells its state. -#}
{% macro redshift__get_create_materialized_view_as_sql(relation, sql) -%}
create materialized view {{ relation }}
backup {{ 'no' if config.get('backup') is false else 'yes' }}
{{ redshift_materialized_view_dist() }}
{{- '\n' ~ redshift_sort(config.get('sort_type'), config.get('sort')) if config.get('sort') }}
auto refresh {{ 'yes' if config.get('auto_refresh') else 'no' }}
as (
{{ sql }}
)
{%- endmacro %}

{#- Redshift knows no DISTSTYLE AUTO of a materialized view; EVEN is its default. -#}
{% macro redshift_materialized_view_dist() -%}
  {%- set dist = config.get('dist') or 'even' -%}
  {%- if dist is string and dist | lower == 'auto' -%}
    {%- do exceptions.raise_compiler_error("config 'dist' is 'auto': a materialized view takes a column, all or even") -%}
  {%- endif -%}
  {{- redshift_dist(dist) -}}
{%- endmacro %}

{% macro redshift__refresh_materialized_view(relation) -%}
  refresh materialized view {{ relation }}
{%- endmacro %}

{% macro redshift__get_alter_auto_refresh_sql(relation, auto_refresh) -%}
  alter materialized view {{ relation }} auto refresh {{ 'yes' if auto_refresh else 'no' }}
{%- endmacro %}

{% macro redshift__get_materialized_view_state_sql(relation) -%}
select v.definition, m.autorefresh
from pg_catalog.pg_views v
left join svv_mv_info m
  on m.database_name = current_database() and trim(m.schema_name) = v.schemaname and trim(m.name) = v.viewname
where lower(v.schemaname) = '{{ relation.schema | lower }}' and lower(v.viewname) = '{{ relation.identifier | lower }}'
{%- endmacro %}
