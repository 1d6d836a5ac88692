with latest as (
    {{ latest_change(raw('fx', 'rate_changes'), key=['currency', 'rate_date']) }}
)

select
    currency,
    rate_date,
    units_per_eur,
    provider,
    cast(_op = 'u' as Bool) as is_corrected,
    _received_at as arrived_at
from latest
where not _deleted
