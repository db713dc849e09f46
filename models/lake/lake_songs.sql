-- The catalogue in folders by year and artist, as the cluster's jobs left it.
{{ config(location = var('lake') ~ '/songs/', partition_by = ['year', 'artist_id']) }}

select
    song_id,
    title,
    artist_id,
    year,
    duration
from {{ ref('songs') }}
