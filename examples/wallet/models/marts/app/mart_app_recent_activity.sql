{{ config(order_by=['account_id', 'position'], settings={'index_granularity': 256}) }}

{%- set shown = var('recent_activity_rows', 20) %}

-- A transfer is shown to both sides: to the receiver as money that came in.
with lines as (
    select
        account_id,
        transaction_id,
        kind,
        status,
        currency,
        if(is_credit, amount, -(amount + fee)) as signed_amount,
        merchant_id,
        created_at
    from {{ ref('fct_transactions') }}
    where status not in ('declined', 'withdrawn')
       or status = 'declined' and created_at >= toDateTime({{ as_of() }}) - interval 7 day

    union all

    select
        to_account_id as account_id,
        transaction_id,
        'transfer_in' as kind,
        'settled' as status,
        to_currency as currency,
        received_amount as signed_amount,
        '' as merchant_id,
        created_at
    from {{ ref('fct_transfers') }}
),

numbered as (
    select
        *,
        row_number() over (partition by account_id order by created_at desc, transaction_id desc) as position
    from lines
)

select
    numbered.account_id as account_id,
    toUInt16(numbered.position) as position,
    numbered.transaction_id as transaction_id,
    numbered.kind as kind,
    numbered.status as status,
    numbered.currency as currency,
    {{ money('numbered.signed_amount') }} as signed_amount,
    coalesce(merchants.name, '') as merchant_name,
    coalesce(merchants.category_family, '') as merchant_family,
    numbered.created_at as created_at
from numbered
left join {{ ref('dim_merchants') }} as merchants on merchants.merchant_id = numbered.merchant_id
where numbered.position <= {{ shown }}
