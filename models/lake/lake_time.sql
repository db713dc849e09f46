-- The moments in folders by day.
{{ config(
    location = var('lake') ~ '/time/',
    partition_by = ['year', 'month', 'day'],
    incremental_strategy = 'insert_overwrite'
) }}

select
    start_time,
    hour,
    week,
    weekday,
    year,
    month,
    day
from {{ ref('time') }}
{% if interval %}
where {{ on_days_of_interval('start_time') }}
{% endif %}
