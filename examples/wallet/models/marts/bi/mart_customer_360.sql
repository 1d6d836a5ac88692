{{ config(order_by='customer_id') }}

with accounts as (
    select
        accounts.customer_id as customer_id,
        count() as accounts,
        uniqExact(accounts.currency) as currencies,
        sum(balances.balance_{{ base_suffix() }}) as balance
    from {{ ref('dim_accounts') }} as accounts
    left join {{ ref('fct_account_balances_daily') }} as balances
        on balances.account_id = accounts.account_id
        and balances.date_day = {{ as_of() }}
    group by customer_id
),

cards as (
    select customer_id, count() as cards
    from {{ ref('dim_cards') }}
    group by customer_id
),

activity as (
    select
        customer_id,
        countIf(status = 'settled') as settled_transactions,
        countIf(status = 'declined') as declined_transactions,
        sumIf(amount_{{ base_suffix() }}, status = 'settled' and not is_credit) as spent,
        sumIf(fee_{{ base_suffix() }}, status = 'settled') as fees,
        min(created_at) as first_transaction_at,
        max(created_at) as last_transaction_at
    from {{ ref('fct_transactions') }}
    where status != 'withdrawn'
    group by customer_id
)

select
    customers.customer_id as customer_id,
    customers.full_name as full_name,
    customers.country as country,
    customers.kyc_level as kyc_level,
    customers.cohort_month as cohort_month,
    coalesce(accounts.accounts, 0) as accounts,
    coalesce(accounts.currencies, 0) as currencies,
    coalesce(cards.cards, 0) as cards,
    {{ money('accounts.balance') }} as balance_{{ base_suffix() }},
    coalesce(activity.settled_transactions, 0) as settled_transactions,
    coalesce(activity.declined_transactions, 0) as declined_transactions,
    {{ money('activity.spent') }} as spent_{{ base_suffix() }},
    {{ money('activity.fees') }} as fee_income_{{ base_suffix() }},
    activity.first_transaction_at as first_transaction_at,
    activity.last_transaction_at as last_transaction_at,
    multiIf(
        activity.last_transaction_at is null, 'never active',
        toDate(activity.last_transaction_at) > {{ as_of() }} - 30, 'active',
        toDate(activity.last_transaction_at) > {{ as_of() }} - 60, 'cooling',
        'dormant'
    ) as activity_segment
from {{ ref('dim_customers') }} as customers
left join accounts on accounts.customer_id = customers.customer_id
left join cards on cards.customer_id = customers.customer_id
left join activity on activity.customer_id = customers.customer_id
