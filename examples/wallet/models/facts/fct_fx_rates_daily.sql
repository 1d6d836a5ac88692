{{ config(order_by=['currency', 'date_day'], tags=['every_5m'], query_settings={'join_use_nulls': 0}) }}

-- The bank quotes on working days only: on the others the last quote holds.
with days as (
    select
        currencies.currency as currency,
        currencies.is_base as is_base,
        dates.date_day as date_day
    from {{ ref('dim_currencies') }} as currencies
    cross join {{ ref('dim_dates') }} as dates
),

quoted as (
    select
        days.currency as currency,
        days.date_day as date_day,
        days.is_base as is_base,
        rates.rate_date as quoted_on,
        rates.units_per_eur as quote,
        rates.arrived_at as arrived_at
    from days
    asof left join {{ ref('stg_fx__rates') }} as rates
        on rates.currency = days.currency
        and days.date_day >= rates.rate_date
)

select
    currency,
    date_day,
    cast(if(is_base, toDecimal64(1, 6), quote) as Decimal(18, 6)) as units_per_base,
    cast(toDecimal128(1, 16) / if(is_base, toDecimal64(1, 6), quote) as Decimal(18, 8)) as base_per_unit,
    if(is_base, date_day, quoted_on) as quoted_on,
    dateDiff('day', quoted_on, date_day) as quote_age_days,
    arrived_at
from quoted
where is_base or quote > 0
