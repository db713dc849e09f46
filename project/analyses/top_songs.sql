-- Which songs are played most? Plays are counted by what the player reported, so that songs outside the
-- catalogue count too; in_catalogue tells them apart.
with plays as (

    select
        events.song,
        events.artist,
        plays.song_id,
        plays.user_id
    from {{ ref('songplays') }} as plays
    inner join {{ ref('staging_events') }} as events
        on {{ songplay_key('events') }} = plays.songplay_id

),

counted as (

    select
        song,
        artist,
        count(*) as plays,
        count(distinct user_id) as listeners,
        case when count(song_id) > 0 then 'yes' else 'no' end as in_catalogue
    from plays
    group by song, artist

)

select
    row_number() over (order by plays desc, song, artist) as place,
    song,
    artist,
    plays,
    listeners,
    in_catalogue
from counted
order by place
