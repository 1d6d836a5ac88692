{#
  Double entry: what one ledger account loses another gains, in each currency.
  A transfer between currencies passes through fx:position, which is what the
  wallet itself holds in each currency.
#}
{{
    config(
        order_by=['ledger_account', 'posted_at', 'entry_id'],
        partition_by='toYYYYMM(posted_at)',
        ttl='toDateTime(posted_at) + interval 10 year',
        tags=['every_5m'],
        contract={'enforced': true},
        projections=[
            {'name': 'totals', 'query': 'select ledger_account, currency, sum(amount) group by ledger_account, currency'},
        ],
    )
}}

{%- set wallet = "concat('wallet:', account_id)" -%}
{%- set outside = "multiIf(kind = 'top_up', 'external:banks', kind = 'withdrawal', 'external:cash', 'external:merchants')" -%}
{%- set legs = [
    ('own',  wallet, 'currency', 'if(is_credit, amount, -amount)', 'true'),
    ('outside', outside, 'currency', 'if(is_credit, -amount, amount)', "kind != 'transfer'"),
    ('other', "concat('wallet:', counterparty_account_id)", 'counterparty_currency', 'counterparty_amount', "kind = 'transfer'"),
    ('sold', "'fx:position'", 'currency', 'amount', "kind = 'transfer' and currency != counterparty_currency"),
    ('bought', "'fx:position'", 'counterparty_currency', '-counterparty_amount', "kind = 'transfer' and currency != counterparty_currency"),
    ('fee', wallet, 'currency', '-fee', 'fee > 0'),
    ('earned', "'income:fees'", 'currency', 'fee', 'fee > 0'),
] %}

with settled as (
    select * from {{ ref('fct_transactions') }}
    where status = 'settled'
)

{% for leg, ledger_account, currency, amount, condition in legs %}
select
    concat(transaction_id, '-{{ leg }}') as entry_id,
    transaction_id as transaction_id,
    {{ ledger_account }} as ledger_account,
    cast(splitByChar(':', ledger_account)[1] as LowCardinality(String)) as ledger_kind,
    cast({{ currency }} as LowCardinality(String)) as currency,
    {{ money(amount) }} as amount,
    assumeNotNull(settled_at) as posted_at
from settled
where {{ condition }}
{{ "union all" if not loop.last }}
{% endfor %}
