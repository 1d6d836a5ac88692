select
    payment_id,
    customer,
    toDecimal64(amount, 2) as amount,
    paid_at
from {{ ref('raw_payments') }}
