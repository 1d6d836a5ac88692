{{ config(order_by=['month_start', 'merchant_id']) }}

with months as (
    select
        merchant_id,
        toStartOfMonth(created_at) as month_start,
        countIf(kind = 'card_payment' and status in ('settled', 'pending')) as payments,
        countIf(kind = 'card_payment' and status = 'declined') as declines,
        countIf(kind = 'card_payment') as attempts,
        uniqExactIf(customer_id, kind = 'card_payment' and status in ('settled', 'pending')) as buyers,
        {{ money("sumIf(amount_" ~ base_suffix() ~ ", kind = 'card_payment' and status in ('settled', 'pending'))") }} as sales,
        {{ money("sumIf(amount_" ~ base_suffix() ~ ", kind = 'refund' and status = 'settled')") }} as refunds
    from {{ ref('fct_transactions') }}
    where merchant_id != '' and status != 'withdrawn'
    group by merchant_id, month_start
)

select
    months.month_start as month_start,
    months.merchant_id as merchant_id,
    merchants.name as merchant_name,
    merchants.category as category,
    merchants.category_family as category_family,
    merchants.risk as risk,
    months.payments as payments,
    months.buyers as buyers,
    months.sales as sales_{{ base_suffix() }},
    months.refunds as refunds_{{ base_suffix() }},
    {{ money('months.sales - months.refunds') }} as net_sales_{{ base_suffix() }},
    if(months.attempts = 0, 0, round(months.declines / months.attempts, 4)) as decline_rate,
    rank() over (partition by months.month_start, merchants.category_family order by months.sales desc) as rank_in_family
from months
inner join {{ ref('dim_merchants') }} as merchants on merchants.merchant_id = months.merchant_id
