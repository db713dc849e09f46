{#- sq's own: rows of the batch's time are deleted, those that came are inserted. `type`: word in front of a moment. -#}
{% macro get_microbatch_delete_insert_sql(arg_dict, type) -%}
  {%- set event_time = config.get('event_time') -%}
  {%- set batch = model.get('batch') -%}
  {%- if not event_time -%}
    {%- do exceptions.raise_compiler_error("microbatch incremental strategy requires an 'event_time' model config") -%}
  {%- endif -%}
  {%- if not batch -%}
    {%- do exceptions.raise_compiler_error("microbatch incremental strategy requires 'batch.event_time_start' and 'batch.event_time_end' to be set in the context") -%}
  {%- endif -%}
  {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
  {%- set in_batch -%}
{{ event_time }} >= {{ type }}'{{ batch.event_time_start }}'
  and {{ event_time }} < {{ type }}'{{ batch.event_time_end }}'
  {%- endset -%}
delete from {{ arg_dict['target_relation'] }}
where {{ in_batch }}
  {%- for predicate in as_predicate_list(arg_dict['incremental_predicates']) %}
  and ({{ predicate }})
  {%- endfor %};

insert into {{ arg_dict['target_relation'] }} ({{ columns }})
select {{ columns }}
from {{ arg_dict['temp_relation'] }}
where {{ in_batch }}
{%- endmacro %}
