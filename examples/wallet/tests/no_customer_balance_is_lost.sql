-- Joins neither lose an account nor count one twice on the way to the customer.
with totals as (
    select
        (select sum(balance_{{ base_suffix() }}) from {{ ref('mart_customer_360') }}) as customers,
        (
            select sum(balance_{{ base_suffix() }}) from {{ ref('fct_account_balances_daily') }}
            where date_day = {{ as_of() }}
        ) as accounts
)

select *
from totals
where customers != accounts
