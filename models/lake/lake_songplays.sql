-- The fact in folders by day. A run of an interval replaces the days that it touches and leaves the others' files as they are.
{{ config(
    location = var('lake') ~ '/songplays/',
    partition_by = ['year', 'month', 'day'],
    incremental_strategy = 'insert_overwrite'
) }}

select
    songplay_id,
    start_time,
    user_id,
    level,
    song_id,
    artist_id,
    session_id,
    location,
    user_agent,
    cast(extract(year from start_time) as integer) as year,
    cast(extract(month from start_time) as integer) as month,
    cast(extract(day from start_time) as integer) as day
from {{ ref('songplays') }}
{% if interval %}
where {{ on_days_of_interval('start_time') }}
{% endif %}
