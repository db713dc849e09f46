-- Every moment at which a play began, taken apart.
{{ waits_for('songplays') }}
with moments as (

    select distinct {{ epoch_ms_to_timestamp('ts') }} as start_time
    from {{ ref('staging_events') }}
    where page = 'NextSong'

)

select
    start_time,
    cast(extract(hour from start_time) as integer) as hour,
    cast(extract(day from start_time) as integer) as day,
    cast(extract(week from start_time) as integer) as week,
    cast(extract(month from start_time) as integer) as month,
    cast(extract(year from start_time) as integer) as year,
    {{ weekday_of('start_time') }} as weekday
from moments
