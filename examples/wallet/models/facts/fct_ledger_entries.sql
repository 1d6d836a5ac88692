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

{#- Columns are written as t.x: a bare name could mean the new column of that name, as ClickHouse prefers aliases. -#}
{%- set wallet = "concat('wallet:', t.account_id)" -%}
{%- set outside = "multiIf(t.kind = 'top_up', 'external:banks', t.kind = 'withdrawal', 'external:cash', 'external:merchants')" -%}
{%- set is_transfer = "t.kind = 'transfer'" -%}
{%- set is_exchange = is_transfer ~ " and t.currency != t.counterparty_currency" -%}
{%- set legs = [
    ('own', wallet, 't.currency', 'if(t.is_credit, t.amount, -t.amount)', 'true'),
    ('outside', outside, 't.currency', 'if(t.is_credit, -t.amount, t.amount)', 'not ' ~ is_transfer),
    ('other', "concat('wallet:', t.counterparty_account_id)", 't.counterparty_currency', 't.counterparty_amount', is_transfer),
    ('sold', "'fx:position'", 't.currency', 't.amount', is_exchange),
    ('bought', "'fx:position'", 't.counterparty_currency', '-t.counterparty_amount', is_exchange),
    ('fee', wallet, 't.currency', '-t.fee', 't.fee > 0'),
    ('earned', "'income:fees'", 't.currency', 't.fee', 't.fee > 0'),
] %}

with settled as (
    select * from {{ ref('fct_transactions') }}
    where status = 'settled'
)

{% for leg, ledger_account, currency, amount, condition in legs %}
select
    concat(t.transaction_id, '-{{ leg }}') as entry_id,
    t.transaction_id as transaction_id,
    {{ ledger_account }} as ledger_account,
    cast(splitByChar(':', {{ ledger_account }})[1] as LowCardinality(String)) as ledger_kind,
    cast({{ currency }} as LowCardinality(String)) as currency,
    {{ money(amount) }} as amount,
    assumeNotNull(t.settled_at) as posted_at
from settled as t
where {{ condition }}
{{ "union all" if not loop.last }}
{% endfor %}
