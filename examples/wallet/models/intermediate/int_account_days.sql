-- One row per account and day from its opening on, whether anything happened or not.
select
    accounts.account_id as account_id,
    accounts.currency as currency,
    dates.date_day as date_day
from {{ ref('dim_accounts') }} as accounts
cross join {{ ref('dim_dates') }} as dates
where dates.date_day >= toDate(accounts.opened_at)
  and dates.date_day <= {{ as_of() }}
