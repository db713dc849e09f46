-- One row per artist. The catalogue repeats an artist on each song, sometimes spelt in another way:
-- the song with the smallest song_id decides.
{{ waits_for('songplays') }}
with named as (

    select
        artist_id,
        artist_name,
        artist_location,
        artist_latitude,
        artist_longitude,
        row_number() over (partition by artist_id order by song_id) as place
    from {{ ref('staging_songs') }}

)

select
    artist_id,
    artist_name as name,
    artist_location as location,
    artist_latitude as latitude,
    artist_longitude as longitude
from named
where place = 1
