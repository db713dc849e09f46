-- Where is most listening done, and how much of it is paid?
select
    location,
    count(*) as plays,
    count(distinct user_id) as listeners,
    round(100.0 * sum(case when level = 'paid' then 1 else 0 end) / count(*), 1) as percent_paid
from {{ ref('songplays') }}
group by location
order by plays desc, location
