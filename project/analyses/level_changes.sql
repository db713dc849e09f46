-- Who changed plan, when, and in which direction? Read from the events, because users keeps only the last plan.
with ordered as (

    select
        user_id,
        level,
        ts,
        lag(level) over (partition by user_id order by ts, session_id, item_in_session) as level_before
    from {{ ref('staging_events') }}
    where user_id is not null

)

select
    ordered.user_id,
    users.first_name,
    users.last_name,
    {{ epoch_ms_to_timestamp('ordered.ts') }} as changed_at,
    ordered.level_before,
    ordered.level as level_after,
    users.level as level_now
from ordered
inner join {{ ref('users') }} as users
    on users.user_id = ordered.user_id
where ordered.level <> ordered.level_before
order by changed_at, ordered.user_id
