{{ config(order_by=['from_account_id', 'created_at']) }}

select
    transactions.transaction_id as transaction_id,
    transactions.account_id as from_account_id,
    transactions.customer_id as from_customer_id,
    transactions.counterparty_account_id as to_account_id,
    receivers.customer_id as to_customer_id,
    cast(transactions.customer_id = receivers.customer_id as Bool) as is_own_transfer,
    transactions.currency as from_currency,
    transactions.counterparty_currency as to_currency,
    cast(transactions.currency != transactions.counterparty_currency as Bool) as is_cross_currency,
    transactions.amount as sent_amount,
    transactions.counterparty_amount as received_amount,
    transactions.fee as fee,
    transactions.amount_{{ base_suffix() }} as sent_{{ base_suffix() }},
    transactions.created_at as created_at,
    transactions.settled_at as settled_at
from {{ ref('fct_transactions') }} as transactions
inner join {{ ref('dim_accounts') }} as receivers on receivers.account_id = transactions.counterparty_account_id
where transactions.kind = 'transfer'
  and transactions.status = 'settled'
