-- Everybody who was ever seen on any page, as they were last seen.
{{ waits_for('songplays') }}
with seen as (

    select
        user_id,
        first_name,
        last_name,
        gender,
        level,
        ts,
        row_number() over (
            partition by user_id
            order by ts desc, item_in_session desc, session_id desc
        ) as recency
    from {{ ref('staging_events') }}
    where user_id is not null

)

select
    user_id,
    first_name,
    last_name,
    gender,
    level,
    ts as last_ts
from seen
where recency = 1
