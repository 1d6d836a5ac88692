with latest as (
    {{ latest_change(raw('accounts', 'account_changes'), key='account_id') }}
)

select
    latest.account_id as account_id,
    latest.customer_id as customer_id,
    latest.kind as kind,
    latest.currency as currency,
    latest.status as status,
    {{ from_minor('latest.balance_minor', 'currencies.minor_units') }} as reported_balance,
    latest.opened_at as opened_at,
    fromUnixTimestamp64Milli(latest._ts_ms, 'UTC') as changed_at
from latest
inner join {{ ref('currencies') }} as currencies on currencies.currency = latest.currency
where not latest._deleted
