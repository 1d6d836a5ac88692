{{ config(order_by='customer_id', query_settings={'join_use_nulls': 1}) }}

with history as (
    select
        customer_id,
        min(order_date) as first_order,
        max(order_date) as most_recent_order,
        count() as number_of_orders,
        sum(amount) as lifetime_value
    from {{ ref('orders') }}
    group by customer_id
)

select
    customers.customer_id as customer_id,
    customers.first_name as first_name,
    customers.last_name as last_name,
    history.first_order as first_order,
    history.most_recent_order as most_recent_order,
    coalesce(history.number_of_orders, 0) as number_of_orders,
    history.lifetime_value as lifetime_value
from {{ ref('stg_customers') }} as customers
left join history on history.customer_id = customers.customer_id
