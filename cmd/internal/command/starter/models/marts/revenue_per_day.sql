{{ config(order_by='day') }}

select
    toDate(paid_at) as day,
    count() as payments,
    sum(amount) as revenue
from {{ ref('stg_payments') }}
group by day
