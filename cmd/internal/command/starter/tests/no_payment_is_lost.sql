-- The days add up to all payments. A test is a query for what is wrong.
select total
from (select sum(payments) as total from {{ ref('revenue_per_day') }})
where total != (select count() from {{ ref('stg_payments') }})
