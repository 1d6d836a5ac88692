with latest as (
    {{ latest_change(raw('cards', 'card_changes'), key='card_id') }}
)

select
    card_id,
    account_id,
    kind,
    status,
    last_four,
    monthly_limit_minor,
    issued_at,
    expires_on,
    fromUnixTimestamp64Milli(_ts_ms, 'UTC') as changed_at
from latest
where not _deleted
