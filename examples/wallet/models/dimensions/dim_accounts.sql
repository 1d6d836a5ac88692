{{ config(order_by='account_id', tags=['every_5m']) }}

select
    accounts.account_id as account_id,
    accounts.customer_id as customer_id,
    customers.country as customer_country,
    accounts.kind as kind,
    accounts.currency as currency,
    accounts.status as status,
    cast(accounts.status = 'active' as Bool) as is_active,
    accounts.reported_balance as reported_balance,
    accounts.opened_at as opened_at
from {{ ref('stg_accounts__accounts') }} as accounts
inner join {{ ref('stg_identity__customers') }} as customers on customers.customer_id = accounts.customer_id
