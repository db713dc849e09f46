{#- A view's own comment is a property of it. -#}
{% macro spark__alter_relation_comment(relation, comment) -%}
  {%- if relation.is_view -%}
  alter view {{ relation }} set tblproperties ('comment' = {{ spark_text(comment) }})
  {%- else -%}
  comment on table {{ relation }} is {{ spark_text(comment) }}
  {%- endif -%}
{%- endmacro %}

{#- A view takes comments of columns only where it is made. -#}
{% macro spark__alter_column_comment(relation, column_dict) -%}
  {%- if not relation.is_view -%}
    {%- for name, column in column_dict.items() %}
    alter table {{ relation }} alter column {{ adapter.quote(name) if column['quote'] else name }} comment {{ spark_text(column['description']) }};
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}

{% macro spark_text(text) -%}
  {{- "'" ~ escape_single_quotes(text or '') ~ "'" -}}
{%- endmacro %}

{#- Spark's own SQL has no GRANT; what may be read is the business of whoever keeps the files. -#}
{% macro spark__apply_grants(relation, grant_config, should_revoke=True) -%}
  {%- if grant_config -%}
    {%- do exceptions.warn('Grants for relations are not supported by Spark') -%}
  {%- endif -%}
{%- endmacro %}
