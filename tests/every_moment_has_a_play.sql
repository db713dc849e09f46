-- The time dimension holds no moment at which nothing began.
select moments.start_time
from {{ ref('time') }} as moments
left join {{ ref('songplays') }} as plays
    on plays.start_time = moments.start_time
where plays.songplay_id is null
