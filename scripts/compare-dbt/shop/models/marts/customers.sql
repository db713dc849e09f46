with orders as (select * from {{ ref('orders') }}),
per_customer as (
    select customer_id, min(order_date) as first_order, max(order_date) as most_recent_order,
        count(order_id) as number_of_orders, sum(amount) as lifetime_value
    from orders group by customer_id
)
select {{ tools.surrogate_key(['c.customer_id', 'c.last_name']) }} as customer_key,
    c.*, p.first_order, p.most_recent_order, p.number_of_orders, p.lifetime_value
from {{ ref('stg_customers') }} c
left join per_customer p using (customer_id)
