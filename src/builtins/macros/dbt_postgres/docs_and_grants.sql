{% macro postgres__alter_relation_comment(relation, comment) -%}
  comment on {{ (relation.type or 'table') | replace('_', ' ') }} {{ relation }} is {{ postgres_text_literal(comment) }}
{%- endmacro %}

{#- `column_dict` holds columns that the relation has. -#}
{% macro postgres__alter_column_comment(relation, column_dict) -%}
  {%- set statements = [] -%}
  {%- for name, column in column_dict.items() -%}
    {%- do statements.append('comment on column ' ~ relation ~ '.' ~ (adapter.quote(name) if column['quote'] else name) ~ ' is ' ~ postgres_text_literal(column['description'])) -%}
  {%- endfor -%}
  {{- statements | join(';\n') -}}
{%- endmacro %}

{#- As a literal whatever the text holds: quotes, dollars, backslashes. -#}
{% macro postgres_text_literal(comment) -%}
  {%- set text = (comment or '') | replace("'", "''") -%}
  {{- ("E'" ~ text | replace('\\', '\\\\') ~ "'") if '\\' in text else ("'" ~ text ~ "'") -}}
{%- endmacro %}

{% macro postgres__get_show_grant_sql(relation) -%}
  select grantee, privilege_type
  from information_schema.role_table_grants
  where grantor = current_role
    and grantee != current_role
    and table_schema = '{{ relation.schema | replace("'", "''") }}'
    and table_name = '{{ relation.identifier | replace("'", "''") }}'
{%- endmacro %}

{#- A table that was made new has the grants that its config names, and nothing else. -#}
{% macro postgres__copy_grants() -%}
  {%- do return(False) -%}
{%- endmacro %}
