{#- Runs the text of a call block; its answer is kept under `name` for load_result(). -#}
{%- macro statement(name=None, fetch_result=False, auto_begin=True, language='sql') -%}
  {%- if execute -%}
    {%- set code = caller() -%}
    {%- set response, table = adapter.execute(code, auto_begin=auto_begin, fetch=fetch_result) -%}
    {%- if name is not none -%}
      {{- store_result(name, response=response, agate_table=table) -}}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{#- Keeps an answer that no statement gave, so that load_result() finds it. -#}
{%- macro noop_statement(name=None, message=None, code=None, rows_affected=None, res=None) -%}
  {#- `{% call noop_statement(...) %}` gives the text that was not run -#}
  {%- set text = caller() if caller is defined else '' -%}
  {%- if name is not none -%}
    {{- store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) -}}
  {%- endif -%}
{%- endmacro %}

{#- The rows of a query as a table; none while parsing. -#}
{%- macro run_query(sql) -%}
  {%- call statement('run_query_statement', fetch_result=true, auto_begin=false) -%}
    {{ sql }}
  {%- endcall -%}
  {%- do return(load_result('run_query_statement').table if execute else none) -%}
{%- endmacro %}
