-- At which hours of which days do people listen? Busiest first, in UTC.
select
    weekdays.name as weekday,
    moments.hour,
    count(*) as plays,
    count(distinct plays.user_id) as listeners,
    sum(case when plays.level = 'paid' then 1 else 0 end) as paid_plays
from {{ ref('songplays') }} as plays
inner join {{ ref('time') }} as moments
    on moments.start_time = plays.start_time
inner join {{ ref('weekdays') }} as weekdays
    on weekdays.weekday = moments.weekday
group by weekdays.name, moments.hour
order by plays desc, weekday, hour
