-- No money comes from nowhere: in each currency the whole ledger sums to zero.
select
    currency,
    sum(amount) as difference
from {{ ref('fct_ledger_entries') }}
group by currency
having difference != 0
