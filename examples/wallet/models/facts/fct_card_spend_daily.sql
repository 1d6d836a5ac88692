{{ config(order_by=['card_id', 'date_day'], partition_by='toYYYYMM(date_day)', tags=['every_5m']) }}

select
    card_id,
    toDate(created_at) as date_day,
    any(account_id) as account_id,
    any(currency) as currency,
    countIf(kind = 'card_payment' and status in ('settled', 'pending')) as payments,
    countIf(status = 'declined') as declines,
    {{ money("sumIf(amount, kind in ('card_payment', 'withdrawal') and status in ('settled', 'pending'))") }} as spent,
    {{ money("sumIf(amount, kind = 'refund' and status = 'settled')") }} as refunded,
    {{ money("sumIf(amount_" ~ base_suffix() ~ ", kind in ('card_payment', 'withdrawal') and status in ('settled', 'pending'))") }} as spent_{{ base_suffix() }}
from {{ ref('fct_transactions') }}
where card_id != '' and status != 'withdrawn'
group by card_id, date_day
