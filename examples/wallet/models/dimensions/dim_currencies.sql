{{ config(order_by='currency') }}

select
    currency,
    name,
    symbol,
    minor_units,
    currency = '{{ var("base_currency") }}' as is_base
from {{ ref('currencies') }}
