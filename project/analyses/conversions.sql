-- How many people began on the free plan, and how many of them ever paid?
with ordered as (

    select
        user_id,
        level,
        row_number() over (partition by user_id order by ts, session_id, item_in_session) as place
    from {{ ref('staging_events') }}
    where user_id is not null

),

people as (

    select
        user_id,
        max(case when place = 1 then level end) as first_level,
        max(case when level = 'paid' then 1 else 0 end) as ever_paid
    from ordered
    group by user_id

)

select
    count(*) as people,
    sum(case when first_level = 'free' then 1 else 0 end) as began_free,
    sum(case when first_level = 'free' and ever_paid = 1 then 1 else 0 end) as converted,
    round(
        100.0 * sum(case when first_level = 'free' and ever_paid = 1 then 1 else 0 end)
        / nullif(sum(case when first_level = 'free' then 1 else 0 end), 0), 1
    ) as percent_converted
from people
