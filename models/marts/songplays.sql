-- The fact: one row per play, with the song where the catalogue has it.
--
-- A second run writes only what differs: plays not loaded yet, however late they came, and plays whose row
-- would now read otherwise (their song has joined the catalogue, say). Plays that are no longer in staging
-- are deleted first, by the pre-hook. So a run after any change of the data ends as a full refresh would.
-- On Spark plain files know no DELETE, so there it is a table, and no transaction stays open for its tests.
{{ config(
    materialized = 'table' if target.get('file_format') == 'parquet' else 'incremental',
    publish = 'immediate' if target.type == 'spark' else 'audited',
    unique_key = 'songplay_id',
    incremental_strategy = 'delete+insert',
    on_schema_change = 'fail',
    pre_hook = "{{ delete_vanished_plays() }}"
) }}

with plays as (

    select *
    from {{ ref('staging_events') }}
    where page = 'NextSong'

),

-- names, title and length together name a song; should a delivery hold them twice, a play still counts once
catalogue as (

    select
        song_id,
        artist_id,
        artist_name,
        title,
        duration,
        row_number() over (partition by artist_name, title, duration order by song_id) as place
    from {{ ref('staging_songs') }}

),

matched as (

    select
        {{ songplay_key('plays') }} as songplay_id,
        {{ epoch_ms_to_timestamp('plays.ts') }} as start_time,
        plays.user_id,
        plays.level,
        catalogue.song_id,
        catalogue.artist_id,
        plays.session_id,
        plays.location,
        plays.user_agent
    from plays
    left join catalogue
        on catalogue.artist_name = plays.artist
        and catalogue.title = plays.song
        and catalogue.duration = plays.length
        and catalogue.place = 1

)

select matched.*
from matched
{% if is_incremental() %}
left join {{ this }} as loaded
    on loaded.songplay_id = matched.songplay_id
where loaded.songplay_id is null
    {% for column in ['start_time', 'user_id', 'level', 'song_id', 'artist_id', 'session_id', 'location', 'user_agent'] %}
    or {{ differs('loaded.' ~ column, 'matched.' ~ column) }}
    {% endfor %}
{% endif %}
