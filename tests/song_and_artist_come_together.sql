-- A play has both its song and that song's artist, or neither.
select
    plays.songplay_id,
    plays.song_id,
    plays.artist_id,
    songs.artist_id as artist_of_the_song
from {{ ref('songplays') }} as plays
left join {{ ref('songs') }} as songs
    on songs.song_id = plays.song_id
where (plays.song_id is null and plays.artist_id is not null)
    or (plays.song_id is not null and plays.artist_id is null)
    or songs.artist_id <> plays.artist_id
