-- A play has both its song and that song's artist, or neither.
select
    plays.songplay_id,
    plays.song_id,
    plays.artist_id,
    catalogue.artist_id as artist_in_catalogue
from {{ ref('songplays') }} as plays
left join {{ ref('staging_songs') }} as catalogue
    on catalogue.song_id = plays.song_id
where (plays.song_id is null and plays.artist_id is not null)
    or (plays.song_id is not null and plays.artist_id is null)
    or catalogue.artist_id <> plays.artist_id
