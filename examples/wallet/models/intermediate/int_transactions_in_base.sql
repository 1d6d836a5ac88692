-- Transactions with their amounts in the base currency, at the rate of the day they were made.
select
    transactions.* except (arrived_at),
    -- A corrected rate changes the row, too.
    greatest(transactions.arrived_at, rates.arrived_at) as arrived_at,
    rates.base_per_unit as base_per_unit,
    {{ converted('transactions.amount', 'rates.base_per_unit') }} as amount_{{ base_suffix() }},
    {{ converted('transactions.fee', 'rates.base_per_unit') }} as fee_{{ base_suffix() }}
from {{ ref('stg_payments__transactions') }} as transactions
inner join {{ ref('fct_fx_rates_daily') }} as rates
    on rates.currency = transactions.currency
    and rates.date_day = toDate(transactions.created_at)
