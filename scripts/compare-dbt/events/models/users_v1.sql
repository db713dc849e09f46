select user_id, count(*) as sessions from {{ ref('sessions') }} group by 1
