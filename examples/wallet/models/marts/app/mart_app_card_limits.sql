{{ config(materialized='view') }}

with spend as (
    select
        card_id,
        sum(spent) as spent
    from {{ ref('fct_card_spend_daily') }}
    where date_day >= toStartOfMonth({{ as_of() }})
    group by card_id
)

select
    cards.card_id as card_id,
    cards.account_id as account_id,
    cards.masked_number as masked_number,
    cards.status as status,
    cards.currency as currency,
    cards.monthly_limit as monthly_limit,
    {{ money('spend.spent') }} as spent_this_month,
    greatest(cards.monthly_limit - {{ money('spend.spent') }}, toDecimal64(0, 4)) as left_this_month
from {{ ref('dim_cards') }} as cards
left join spend on spend.card_id = cards.card_id
