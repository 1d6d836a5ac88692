-- The orders together are worth what was paid, no more and no less.
with totals as (
    select
        (select sum(amount) from {{ ref('orders') }}) as ordered,
        (select sum(amount) from {{ ref('stg_payments') }}) as paid
)

select *
from totals
where ordered != paid
