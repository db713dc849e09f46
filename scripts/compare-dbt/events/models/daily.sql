with days as (
    {{ dbt.date_spine('day', "cast('" ~ var('start') ~ "' as date)", "cast('" ~ var('end') ~ "' as date)") }}
)
select cast(d.date_day as date) as day, count(s.session_key) as sessions, coalesce(sum(s.events), 0) as events
from days d left join {{ ref('sessions') }} s on cast(s.began as date) = cast(d.date_day as date)
group by 1
