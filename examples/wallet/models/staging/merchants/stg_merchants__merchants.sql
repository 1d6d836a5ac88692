with latest as (
    {{ latest_change(raw('merchants', 'merchant_changes'), key='merchant_id') }}
)

select
    merchant_id,
    name,
    category_code,
    country,
    risk,
    onboarded_at,
    fromUnixTimestamp64Milli(_ts_ms, 'UTC') as changed_at
from latest
where not _deleted
