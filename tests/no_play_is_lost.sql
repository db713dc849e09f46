-- Every NextSong event is one row of the fact, and every row of the fact is such an event.
with events as (

    select {{ songplay_key('staged') }} as songplay_id
    from {{ ref('staging_events') }} as staged
    where staged.page = 'NextSong'

)

select
    events.songplay_id as in_staging,
    plays.songplay_id as in_fact
from events
full outer join {{ ref('songplays') }} as plays
    on plays.songplay_id = events.songplay_id
where events.songplay_id is null
    or plays.songplay_id is null
