{{ config(order_by='currency') }}

select
    currency,
    name,
    symbol,
    minor_units,
    cast(currency = '{{ var("base_currency") }}' as Bool) as is_base
from {{ ref('currencies') }}
