-- The same answer by another way: no event of a person is later than the one in users, and none at that very
-- moment says another plan.
select
    users.user_id,
    users.level,
    events.level as level_in_events,
    events.ts
from {{ ref('users') }} as users
inner join {{ ref('staging_events') }} as events
    on events.user_id = users.user_id
where events.ts > users.last_ts
    or (events.ts = users.last_ts and events.level <> users.level)
