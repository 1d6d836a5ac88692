{{ config(materialized='view') }}

-- What the wallet itself holds in each currency from its customers' exchanges,
-- beside what it owes them, at today's rate.
with positions as (
    select
        currency,
        sumIf(amount, ledger_account = 'fx:position') as position,
        sumIf(amount, ledger_kind = 'wallet') as customer_balances,
        sumIf(amount, ledger_account = 'income:fees') as fee_income
    from {{ ref('fct_ledger_entries') }}
    group by currency
)

select
    positions.currency as currency,
    {{ money('positions.position') }} as position,
    {{ money('positions.customer_balances') }} as customer_balances,
    {{ money('positions.fee_income') }} as fee_income,
    rates.base_per_unit as base_per_unit,
    rates.quoted_on as quoted_on,
    {{ converted('positions.position', 'rates.base_per_unit') }} as position_{{ base_suffix() }},
    {{ converted('positions.customer_balances', 'rates.base_per_unit') }} as customer_balances_{{ base_suffix() }}
from positions
inner join {{ ref('fct_fx_rates_daily') }} as rates on rates.currency = positions.currency
where rates.date_day = {{ as_of() }}
