with latest as (
    {{ latest_change(raw('fx', 'rate_changes'), key=['currency', 'rate_date']) }}
)

select
    currency,
    rate_date,
    units_per_eur,
    provider,
    cast(_op = 'u' as Bool) as is_corrected
from latest
where not _deleted
