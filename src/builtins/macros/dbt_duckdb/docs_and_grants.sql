{% macro duckdb__alter_relation_comment(relation, comment) -%}
  comment on {{ relation.type or 'table' }} {{ relation }} is {{ duckdb_comment_literal(comment) }}
{%- endmacro %}

{% macro duckdb__alter_column_comment(relation, column_dict) -%}
  {%- for name, column in column_dict.items() %}
    comment on column {{ relation }}.{{ adapter.quote(name) if column['quote'] else name }} is {{ duckdb_comment_literal(column['description']) }};
  {%- endfor -%}
{%- endmacro %}

{% macro duckdb_comment_literal(comment) -%}
  {{- "'" ~ (comment or '') | replace("'", "''") ~ "'" -}}
{%- endmacro %}

{#- An embedded database has no users to grant anything to. -#}
{% macro duckdb__apply_grants(relation, grant_config, should_revoke=True) -%}
  {%- if grant_config -%}
    {%- do exceptions.warn('Grants for relations are not supported by DuckDB') -%}
  {%- endif -%}
{%- endmacro %}
