{{ config(order_by='date_day') }}

with days as (
    select toDate('{{ var("calendar_start") }}') + number as date_day
    from numbers(toUInt64(dateDiff('day', toDate('{{ var("calendar_start") }}'), toLastDayOfMonth({{ as_of() }})) + 1))
)

select
    date_day,
    toYear(date_day) as year,
    toQuarter(date_day) as quarter,
    toStartOfMonth(date_day) as month_start,
    toMonday(date_day) as week_start,
    toISOWeek(date_day) as iso_week,
    toDayOfWeek(date_day) as day_of_week,
    cast(day_of_week in (6, 7) as Bool) as is_weekend,
    cast(date_day = toLastDayOfMonth(date_day) as Bool) as is_month_end
from days
