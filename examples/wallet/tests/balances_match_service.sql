-- Two independent accounts of the same money: the balance that the accounts
-- service keeps, and the sum of the ledger.
with ledger as (
    select
        substring(ledger_account, 8) as account_id,
        sum(amount) as balance
    from {{ ref('fct_ledger_entries') }}
    where ledger_kind = 'wallet'
    group by account_id
)

select
    accounts.account_id as account_id,
    accounts.reported_balance as reported_balance,
    ledger.balance as ledger_balance
from {{ ref('dim_accounts') }} as accounts
left join ledger on ledger.account_id = accounts.account_id
where accounts.reported_balance != ledger.balance
