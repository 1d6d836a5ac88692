{{
    config(
        order_by=['account_id', 'date_day'],
        partition_by='toYYYYMM(date_day)',
        tags=['every_5m'],
    )
}}

with movements as (
    select
        substring(ledger_account, 8) as account_id,
        toDate(posted_at) as date_day,
        sum(amount) as net,
        count() as entries
    from {{ ref('fct_ledger_entries') }}
    where ledger_kind = 'wallet'
    group by account_id, date_day
),

days as (
    select
        days.account_id as account_id,
        days.currency as currency,
        days.date_day as date_day,
        {{ money('movements.net') }} as net_change,
        coalesce(movements.entries, 0) as entries
    from {{ ref('int_account_days') }} as days
    left join movements
        on movements.account_id = days.account_id
        and movements.date_day = days.date_day
),

running as (
    select
        *,
        sum(net_change) over (partition by account_id order by date_day rows between unbounded preceding and current row) as total
    from days
)

select
    running.account_id as account_id,
    running.date_day as date_day,
    running.currency as currency,
    running.entries as entries,
    running.net_change as net_change,
    {{ money('running.total') }} as balance,
    {{ converted('running.total', 'rates.base_per_unit') }} as balance_{{ base_suffix() }}
from running
inner join {{ ref('fct_fx_rates_daily') }} as rates
    on rates.currency = running.currency
    and rates.date_day = running.date_day
