{% macro spark__type_string() -%}
  string
{%- endmacro %}

{% macro spark__type_float() -%}
  double
{%- endmacro %}

{% macro spark__type_int() -%}
  int
{%- endmacro %}

{% macro spark__type_numeric() -%}
  decimal(28, 6)
{%- endmacro %}

{% macro spark__current_timestamp() -%}
  current_timestamp()
{%- endmacro %}

{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
  timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro %}

{% macro spark__datediff(first_date, second_date, datepart) -%}
  timestampdiff({{ datepart }}, date_trunc('{{ datepart }}', {{ first_date }}), date_trunc('{{ datepart }}', {{ second_date }}))
{%- endmacro %}

{% macro spark__safe_cast(field, type) -%}
  try_cast({{ field }} as {{ type }})
{%- endmacro %}

{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  listagg({{ measure }}, {{ delimiter_text }}){% if order_by_clause %} within group ({{ order_by_clause }}){% endif %}
{%- endmacro %}

{% macro spark__get_columns_in_query_sql(select_sql) -%}
  select * from ({{ select_sql }}) as __dbt_sbq where false limit 0
{%- endmacro %}

{% macro spark__date(year, month, day) -%}
  {%- set day_of_calendar = modules.datetime.date(year, month, day) -%}
  date '{{ day_of_calendar.isoformat() }}'
{%- endmacro %}

{% macro spark__hash(field) -%}
  md5(cast({{ field }} as string))
{%- endmacro %}

{#- A backslash escapes in Spark's strings. -#}
{% macro spark__escape_single_quotes(expression) -%}
  {{ expression | replace('\\', '\\\\') | replace("'", "\\'") }}
{%- endmacro %}

{% macro spark__array_construct(inputs, data_type) -%}
  {%- if inputs | length > 0 -%}
    array({{ inputs | join(', ') }})
  {%- else -%}
    cast(array() as array<{{ data_type }}>)
  {%- endif -%}
{%- endmacro %}

{% macro spark__array_concat(array_1, array_2) -%}
  concat({{ array_1 }}, {{ array_2 }})
{%- endmacro %}

{#- The body of a function is an expression or a query in parentheses. -#}
{% macro spark__scalar_function_body_sql() -%}
return ({{ scalar_function_query(model['compiled_code']) }})
{%- endmacro %}

{% macro spark__scalar_function_create_replace_signature_sql(target_relation) -%}
create or replace function {{ target_relation.render() }} ({{ formatted_scalar_function_args_sql() | trim }})
returns {{ model['returns']['data_type'] }}
{%- endmacro %}
