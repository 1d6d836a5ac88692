{#
  The one staging model that is stored: everything downstream reads it, and on
  reading a view would sort all changes again each time. A load sorts only the
  changes of the transactions of which something has arrived since the last one.

  What the service deletes is kept and called withdrawn: a row that vanished
  here would stay in tables that are loaded piece by piece.
#}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='transaction_id',
        order_by='transaction_id',
        partition_by='toYYYYMM(created_at)',
        settings={'index_granularity': 1024},
    )
}}

with latest as (
    {{ latest_change(raw('payments', 'transaction_changes'), key='transaction_id', since=arrived_before()) }}
)

select
    latest.transaction_id as transaction_id,
    latest.account_id as account_id,
    latest.kind as kind,
    if(latest._deleted, 'withdrawn', latest.status) as status,
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
    latest._received_at as arrived_at
from latest
inner join {{ ref('currencies') }} as own on own.currency = latest.currency
left join {{ ref('currencies') }} as other on other.currency = latest.counterparty_currency
