select a.total, b.total as other
from (select sum(amount) as total from {{ ref('stg_payments') }}) a
cross join (select sum(revenue) as total from {{ ref('daily_revenue') }}) b
where abs(a.total - b.total) > 0.01
