with gaps as (
    select *, case when {{ dbt.datediff('lag(happened_at) over (partition by user_id order by happened_at, event_id)', 'happened_at', 'minute') }} < {{ var('session_minutes') }} then 0 else 1 end as starts
    from {{ ref('recent_events') }}
), numbered as (
    select *, sum(starts) over (partition by user_id order by happened_at, event_id rows unbounded preceding) as session_no
    from gaps
)
select {{ tools.surrogate_key(['user_id', 'session_no']) }} as session_key, user_id, session_no,
    min(happened_at) as began, max(happened_at) as ended, count(*) as events,
    {{ tools.pivot('kind', tools.column_values(ref('all_events'), 'kind'), prefix='n_') }}
from numbered
group by user_id, session_no
