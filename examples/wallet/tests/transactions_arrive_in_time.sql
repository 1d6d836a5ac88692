-- Changes that took more than a day to arrive. A few are life, many are an
-- incident of the stream.
{{ config(severity='error', warn_if='>100', error_if='>300', tags=['daily']) }}

select
    transaction_id,
    _lsn,
    _received_at
from {{ raw('payments', 'transaction_changes') }}
where dateDiff('hour', fromUnixTimestamp64Milli(_ts_ms, 'UTC'), _received_at) > 24
