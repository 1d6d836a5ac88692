with latest as (
    {{ latest_change(raw('identity', 'customer_changes'), key='customer_id') }}
)

select
    customer_id,
    full_name,
    lower(email) as email,
    country,
    kyc_level,
    signed_up_at,
    fromUnixTimestamp64Milli(_ts_ms, 'UTC') as changed_at
from latest
where not _deleted
