{#
  Loaded every five minutes: what has arrived since, late or corrected, takes the
  place of the row of the same transaction.
#}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='transaction_id',
        order_by=['account_id', 'created_at', 'transaction_id'],
        partition_by='toYYYYMM(created_at)',
        tags=['every_5m'],
        indexes=[
            {'name': 'by_id', 'definition': 'transaction_id TYPE bloom_filter GRANULARITY 4'},
            {'name': 'by_merchant', 'definition': 'merchant_id TYPE set(100) GRANULARITY 4'},
        ],
    )
}}

select
    transactions.transaction_id as transaction_id,
    transactions.account_id as account_id,
    accounts.customer_id as customer_id,
    transactions.kind as kind,
    transactions.status as status,
    transactions.currency as currency,
    transactions.amount as amount,
    transactions.fee as fee,
    transactions.amount_{{ base_suffix() }} as amount_{{ base_suffix() }},
    transactions.fee_{{ base_suffix() }} as fee_{{ base_suffix() }},
    cast(transactions.kind in ('top_up', 'refund') as Bool) as is_credit,
    transactions.card_id as card_id,
    transactions.merchant_id as merchant_id,
    transactions.counterparty_account_id as counterparty_account_id,
    transactions.counterparty_amount as counterparty_amount,
    transactions.counterparty_currency as counterparty_currency,
    transactions.decline_reason as decline_reason,
    transactions.created_at as created_at,
    transactions.settled_at as settled_at,
    if(transactions.settled_at is null, null, dateDiff('second', transactions.created_at, transactions.settled_at)) as seconds_to_settle,
    transactions.arrived_at as arrived_at
from {{ ref('int_transactions_in_base') }} as transactions
inner join {{ ref('dim_accounts') }} as accounts on accounts.account_id = transactions.account_id
{% if is_incremental() -%}
where transactions.arrived_at > {{ arrived_before() }}
{%- endif %}
