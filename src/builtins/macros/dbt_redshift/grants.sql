{#- Grants for users, groups (`group:analysts`) and roles (`role:reporter`). -#}
{% macro redshift__get_grant_sql(relation, privilege, grantees) -%}
  grant {{ privilege }} on {{ relation }} to {{ redshift_grantees(grantees) }}
{%- endmacro %}

{% macro redshift__get_revoke_sql(relation, privilege, grantees) -%}
  revoke {{ privilege }} on {{ relation }} from {{ redshift_grantees(grantees) }}
{%- endmacro %}

{% macro redshift_grantees(grantees) -%}
  {%- set written = [] -%}
  {%- for grantee in ([grantees] if grantees is string else grantees) -%}
    {%- set lower = grantee | lower -%}
    {%- if lower == 'public' -%}
      {%- do written.append('public') -%}
    {%- elif lower.startswith('group:') -%}
      {%- do written.append('group ' ~ redshift_column(grantee[6:] | trim)) -%}
    {%- elif lower.startswith('role:') -%}
      {%- do written.append('role ' ~ redshift_column(grantee[5:] | trim)) -%}
    {%- elif lower.startswith('user:') -%}
      {%- do written.append(redshift_column(grantee[5:] | trim)) -%}
    {%- else -%}
      {%- do written.append(redshift_column(grantee)) -%}
    {%- endif -%}
  {%- endfor -%}
  {{- written | join(', ') -}}
{%- endmacro %}

{#- Users, groups and roles as the config writes them; the owner's own privileges are none that were granted. -#}
{% macro redshift__get_show_grant_sql(relation) -%}
select case identity_type when 'group' then 'group:' || identity_name when 'role' then 'role:' || identity_name else identity_name end as grantee,
  lower(privilege_type) as privilege_type
from svv_relation_privileges
where namespace_name = '{{ relation.schema | lower }}'
  and relation_name = '{{ relation.identifier | lower }}'
  and identity_name <> current_user
{%- endmacro %}
