{#
    Condition for the rows of the days that the run's interval touches. A folder of the lake is a day and is replaced as
    a whole: with the rows of an hour only, the other hours of its day would be gone.
#}
{% macro on_days_of_interval(moment) -%}
    {% set last = interval.end - modules.datetime.timedelta(microseconds=1) -%}
    {% set after = last + modules.datetime.timedelta(days=1) -%}
    {{ moment }} >= '{{ interval.start.strftime('%Y-%m-%d') }}' and {{ moment }} < '{{ after.strftime('%Y-%m-%d') }}'
{%- endmacro %}
