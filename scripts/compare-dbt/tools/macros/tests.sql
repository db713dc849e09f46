{% test at_least(model, column_name, minimum=0) %}
  select {{ column_name }} from {{ model }} where {{ column_name }} < {{ minimum }}
{% endtest %}

{% test same_row_count(model, compare_model) %}
  select * from (select (select count(*) from {{ model }}) as a, (select count(*) from {{ compare_model }}) as b) as counts where a <> b
{% endtest %}

{% test unique_together(model, columns) %}
  select {{ columns | join(', ') }} from {{ model }} group by {{ columns | join(', ') }} having count(*) > 1
{% endtest %}
