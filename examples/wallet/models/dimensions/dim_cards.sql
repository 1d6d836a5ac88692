{{ config(order_by='card_id', tags=['every_5m']) }}

select
    cards.card_id as card_id,
    cards.account_id as account_id,
    accounts.customer_id as customer_id,
    accounts.currency as currency,
    cards.kind as kind,
    cards.status as status,
    cast(cards.status = 'active' and cards.expires_on >= {{ as_of() }} as Bool) as is_usable,
    concat('•••• ', cards.last_four) as masked_number,
    {{ from_minor('cards.monthly_limit_minor', 'currencies.minor_units') }} as monthly_limit,
    cards.issued_at as issued_at,
    cards.expires_on as expires_on
from {{ ref('stg_cards__cards') }} as cards
inner join {{ ref('dim_accounts') }} as accounts on accounts.account_id = cards.account_id
inner join {{ ref('dim_currencies') }} as currencies on currencies.currency = accounts.currency
