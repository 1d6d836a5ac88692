{{ config(order_by='merchant_id') }}

select
    merchants.merchant_id as merchant_id,
    merchants.name as name,
    merchants.category_code as category_code,
    -- The list of categories is kept by hand: a new code must not lose the merchant.
    if(categories.category = '', 'Other', categories.category) as category,
    if(categories.family = '', 'Other', categories.family) as category_family,
    merchants.country as country,
    merchants.risk as risk,
    merchants.onboarded_at as onboarded_at
from {{ ref('stg_merchants__merchants') }} as merchants
left join {{ ref('merchant_categories') }} as categories on categories.category_code = merchants.category_code
