{#
  Months in which something has changed are written anew, the others stay as
  they are.
#}
{{
    config(
        materialized='incremental',
        incremental_strategy='insert_overwrite',
        order_by=['date_day', 'kind', 'currency'],
        partition_by='toYYYYMM(date_day)',
    )
}}

{%- set statuses = ['settled', 'pending', 'declined', 'reversed', 'withdrawn'] %}

select
    toDate(created_at) as date_day,
    kind,
    currency,
    countIf(status != 'withdrawn') as transactions,
    uniqExactIf(customer_id, status != 'withdrawn') as customers,
    {%- for status in statuses %}
    countIf(status = '{{ status }}') as {{ status }},
    {%- endfor %}
    {{ money("sumIf(amount, status = 'settled')") }} as settled_volume,
    {{ money("sumIf(amount_" ~ base_suffix() ~ ", status = 'settled')") }} as settled_volume_{{ base_suffix() }},
    {{ money("sumIf(fee_" ~ base_suffix() ~ ", status = 'settled')") }} as fee_income_{{ base_suffix() }},
    max(fct.arrived_at) as arrived_at
from {{ ref('fct_transactions') }} as fct
{% if is_incremental() -%}
where toYYYYMM(created_at) in (
    select toYYYYMM(created_at) from {{ ref('fct_transactions') }} where arrived_at > {{ arrived_before() }}
)
{%- endif %}
group by date_day, kind, currency
