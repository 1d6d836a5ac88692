{{ config(order_by=['order_date', 'order_id']) }}

with payments as (
    select
        order_id,
        {%- for method in var('payment_methods') %}
        sumIf(amount, payment_method = '{{ method }}') as {{ method }}_amount,
        {%- endfor %}
        sum(amount) as total
    from {{ ref('stg_payments') }}
    group by order_id
)

select
    orders.order_id as order_id,
    orders.customer_id as customer_id,
    orders.order_date as order_date,
    orders.status as status,
    {%- for method in var('payment_methods') %}
    payments.{{ method }}_amount as {{ method }}_amount,
    {%- endfor %}
    payments.total as amount
from {{ ref('stg_orders') }} as orders
left join payments on payments.order_id = orders.order_id
