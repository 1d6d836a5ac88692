-- The running balances end where the ledger does.
with last_day as (
    select currency, sum(balance) as total
    from {{ ref('fct_account_balances_daily') }}
    where date_day = {{ as_of() }}
    group by currency
)

select
    last_day.currency as currency,
    last_day.total as balances,
    exposure.customer_balances as ledger
from last_day
inner join {{ ref('mart_fx_exposure') }} as exposure on exposure.currency = last_day.currency
where last_day.total != exposure.customer_balances
