{{ config(materialized='incremental', unique_key='day', on_schema_change='append_new_columns') }}
select order_date as day, {{ dbt.date_trunc('month', 'order_date') }} as month, count(*) as orders, sum(amount) as revenue
from {{ ref('orders') }}
{% if is_incremental() %}
where order_date >= (select max(day) from {{ this }})
{% endif %}
group by 1, 2
