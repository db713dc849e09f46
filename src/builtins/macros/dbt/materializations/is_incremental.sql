{#- True when this run adds to what is there: not the first run, no full refresh, not a view of its own. -#}
{% macro is_incremental() %}
  {%- if not execute -%}
    {%- do return(False) -%}
  {%- endif -%}
  {%- set relation = adapter.get_relation(this.database, this.schema, this.table) -%}
  {#- over the files of an external model stands a view -#}
  {%- set in_partitions = model.config.materialized == 'external' and model.config.incremental_strategy == 'insert_overwrite' -%}
  {%- do return(
        relation is not none
        and (in_partitions or (relation.type == 'table' and model.config.materialized in ['incremental', 'microbatch']))
        and not should_full_refresh()
  ) -%}
{% endmacro %}
