{% macro delete_vanished_plays() -%}
    {% if is_incremental() -%}
    delete from {{ this }}
    where songplay_id not in (
        select {{ songplay_key('events') }}
        from {{ ref('staging_events') }} as events
        where events.page = 'NextSong'
    )
    {%- endif %}
{%- endmacro %}
