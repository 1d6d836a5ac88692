{{ config(order_by=['date_day', 'kind', 'currency'], partition_by='toYear(date_day)') }}

{%- set statuses = ['settled', 'pending', 'declined', 'reversed'] %}

select
    toDate(created_at) as date_day,
    kind,
    currency,
    count() as transactions,
    uniqExact(customer_id) as customers,
    {%- for status in statuses %}
    countIf(status = '{{ status }}') as {{ status }},
    {%- endfor %}
    {{ money("sumIf(amount, status = 'settled')") }} as settled_volume,
    {{ money("sumIf(amount_" ~ base_suffix() ~ ", status = 'settled')") }} as settled_volume_{{ base_suffix() }},
    {{ money("sumIf(fee_" ~ base_suffix() ~ ", status = 'settled')") }} as fee_income_{{ base_suffix() }}
from {{ ref('fct_transactions') }}
group by date_day, kind, currency
