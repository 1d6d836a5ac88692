-- How late each stream delivers, by hour of arrival. Compiled, not run: paste it
-- into a client when a freshness alert fires. It reads the sources, always.
{% set streams = [('identity', 'customer_changes'), ('accounts', 'account_changes'), ('payments', 'transaction_changes')] %}

{% for service, table in streams %}
select
    '{{ service }}' as service,
    toStartOfHour(_received_at) as hour,
    count() as changes,
    quantileExact(0.99)(toUnixTimestamp64Milli(_received_at) - _ts_ms) as p99_lag_ms
from {{ source(service, table) }}
group by hour
{{ "union all" if not loop.last }}
{% endfor %}
