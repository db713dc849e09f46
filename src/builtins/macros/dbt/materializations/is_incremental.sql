{#- True when this run adds to a table that is there: not the first run, no full refresh, not a view. -#}
{% macro is_incremental() %}
  {%- if not execute -%}
    {%- do return(False) -%}
  {%- endif -%}
  {%- set relation = adapter.get_relation(this.database, this.schema, this.table) -%}
  {%- do return(
        relation is not none
        and relation.type == 'table'
        and model.config.materialized in ['incremental', 'microbatch']
        and not should_full_refresh()
  ) -%}
{% endmacro %}
