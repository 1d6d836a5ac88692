{#
  One row per account with all that the home screen shows: the app reads it by
  its key and joins nothing.
#}
{{ config(order_by='account_id', settings={'index_granularity': 256}) }}

with balances as (
    select
        daily.account_id as account_id,
        argMax(daily.balance, daily.date_day) as balance,
        arrayMap(pair -> pair.2, arraySort(groupArray((daily.date_day, daily.balance)))) as balance_last_days
    from {{ ref('fct_account_balances_daily') }} as daily
    where daily.date_day > {{ as_of() }} - 14
    group by account_id
),

activity as (
    select
        account_id,
        {{ money("sumIf(amount + fee, status = 'pending' and not is_credit)") }} as reserved,
        {{ money("sumIf(amount + fee, status in ('settled', 'pending') and not is_credit and toStartOfMonth(created_at) = toStartOfMonth(" ~ as_of() ~ "))") }} as spent_this_month,
        max(created_at) as last_activity_at
    from {{ ref('fct_transactions') }}
    where status != 'withdrawn'
    group by account_id
),

cards as (
    select
        account_id,
        countIf(is_usable) as usable_cards
    from {{ ref('dim_cards') }}
    group by account_id
)

select
    accounts.account_id as account_id,
    accounts.customer_id as customer_id,
    accounts.kind as kind,
    accounts.status as status,
    accounts.currency as currency,
    currencies.symbol as currency_symbol,
    {{ money('balances.balance') }} as balance,
    {{ money('balances.balance - coalesce(activity.reserved, 0)') }} as available,
    {{ money('activity.spent_this_month') }} as spent_this_month,
    coalesce(cards.usable_cards, 0) as usable_cards,
    activity.last_activity_at as last_activity_at,
    balances.balance_last_days as balance_last_days
from {{ ref('dim_accounts') }} as accounts
inner join {{ ref('dim_currencies') }} as currencies on currencies.currency = accounts.currency
left join balances on balances.account_id = accounts.account_id
left join activity on activity.account_id = accounts.account_id
left join cards on cards.account_id = accounts.account_id
