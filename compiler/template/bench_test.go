package template_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

const benchModel = `{{ config(materialized='table', tags=['daily', 'finance'], order_by='(id, day)') }}

with orders as (
    select * from {{ ref('stg_orders') }}
),
payments as (
    select * from {{ ref('stg_payments') }}
),
customers as (
    select * from {{ ref('stg_customers') }}
)
select
    orders.id,
    orders.day,
    customers.name,
    sum(payments.amount) as amount
from orders
join payments on payments.order_id = orders.id
join customers on customers.id = orders.customer_id
{% if is_incremental() %}
where orders.day > (select max(day) from {{ this }})
{% endif %}
group by 1, 2, 3
`

func benchGlobals() globals {
	fn := func(name string, v value.Value) *value.Func {
		return &value.Func{Name: name, Fn: func(*value.Call) (value.Value, error) { return v, nil }}
	}
	return globals{"config": fn("config", ""), "ref": fn("ref", "`db`.`table`"), "is_incremental": fn("is_incremental", false), "this": "x"}
}

func BenchmarkParseModel(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := template.Parse(source.New("m.sql", "", benchModel)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRenderModel(b *testing.B) {
	tmpl, g := parse(b, benchModel), benchGlobals()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := template.NewRenderer(context.Background(), g, template.Options{}).Render(tmpl); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRenderMacros(b *testing.B) {
	macros := parse(b, `{% macro star(n) %}{% for i in range(n) %}{{ col(i) }}{{ ', ' if not loop.last }}{% endfor %}{% endmacro %}
{% macro col(i) %}{{ return(adapter_col(i)) }}{% endmacro %}{% macro adapter_col(i) %}c{{ i }} as column_{{ i }}{% endmacro %}`).Macros()
	tmpl := parse(b, "select {{ star(50) }} from x")
	b.ReportAllocs()
	for b.Loop() {
		g := globals{"return": template.Return{}}
		r := template.NewRenderer(context.Background(), g, template.Options{})
		for _, m := range macros {
			g[m.Name] = r.Bind(m)
		}
		out, err := r.Render(tmpl)
		if err != nil || len(out.Text) < 500 {
			b.Fatal(fmt.Sprint(err, out))
		}
	}
}
