{#
  The one staging model that is stored: everything downstream reads it, and on
  reading a view would sort all changes again each time.
#}
{{
    config(
        materialized='table',
        engine=engine('ReplacingMergeTree', '_version'),
        order_by='transaction_id',
        partition_by='toYYYYMM(created_at)',
        settings={'index_granularity': 1024},
        post_hook='optimize table {{ this }} final',
    )
}}

with latest as (
    {{ latest_change(raw('payments', 'transaction_changes'), key='transaction_id') }}
)

select
    latest.transaction_id as transaction_id,
    latest.account_id as account_id,
    latest.kind as kind,
    latest.status as status,
    {{ from_minor('latest.amount_minor', 'own.minor_units') }} as amount,
    {{ from_minor('latest.fee_minor', 'own.minor_units') }} as fee,
    latest.currency as currency,
    latest.card_id as card_id,
    latest.merchant_id as merchant_id,
    latest.counterparty_account_id as counterparty_account_id,
    -- Money of the counterparty: both columns are empty where there is none.
    {{ from_minor('coalesce(latest.counterparty_amount_minor, 0)', 'other.minor_units') }} as counterparty_amount,
    latest.counterparty_currency as counterparty_currency,
    latest.decline_reason as decline_reason,
    latest.created_at as created_at,
    latest.settled_at as settled_at,
    toUInt64(latest._ts_ms) as _version
from latest
inner join {{ ref('currencies') }} as own on own.currency = latest.currency
left join {{ ref('currencies') }} as other on other.currency = latest.counterparty_currency
where not latest._deleted
