{{ config(order_by='customer_id') }}

select
    customer_id,
    full_name,
    email,
    country,
    kyc_level,
    cast(kyc_level = 'full' as Bool) as is_verified,
    signed_up_at,
    toStartOfMonth(signed_up_at) as cohort_month,
    dateDiff('day', toDate(signed_up_at), {{ as_of() }}) as days_since_sign_up
from {{ ref('stg_identity__customers') }}
