-- Not deduplicated on purpose: a song_id that comes twice is an error of the delivery, and the test says so.
{{ waits_for('songplays') }}
select
    song_id,
    title,
    artist_id,
    year,
    duration
from {{ ref('staging_songs') }}
