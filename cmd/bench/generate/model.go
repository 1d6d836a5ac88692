package generate

import (
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
)

// domains and cadences are folders' names, and so are the layers'.
var (
	domains  = []string{"accounts", "cards", "customers", "finance", "fraud", "growth", "merchants", "payments"}
	cadences = []string{"daily", "hourly", "monthly"}
)

// layer is a stage of the warehouse. Each reads from the ones before it, and
// every second one keeps its rows, so that no query is deeper than two views.
type layer struct {
	name  string
	share int // of a hundred models
	table bool
}

var layers = []layer{
	{name: "staging", share: 10},
	{name: "intermediate", share: 30},
	{name: "facts", share: 20, table: true},
	{name: "reporting", share: 20},
	{name: "marts", share: 20, table: true},
}

// model is one of the project's.
type model struct {
	at    int
	name  string
	dir   string
	layer int
	refs  []string
	raw   int // staging alone: which source
}

// keeps reports whether the models of a layer are tables.
func (p Project) keeps(layer int) bool { return layers[layer].table || p.Flat && layer == 0 }

// plan lays out the models: their places and what they refer to.
func (p Project) plan() []model {
	r := p.random(3)
	var all []model
	var starts []int
	for at, l := range layers {
		starts = append(starts, len(all))
		end := p.Models * l.share / 100
		if at == len(layers)-1 {
			end = p.Models - len(all)
		}
		for i := range end {
			m := model{at: len(all), layer: at}
			domain := domains[i%len(domains)]
			m.name = fmt.Sprintf("%s_%s_%05d", prefix(l.name), domain, i)
			within := i / len(domains)
			cadence := cadences[within/leaf%len(cadences)]
			part := within / leaf / len(cadences)
			m.dir = path.Join("models", domain, l.name, cadence, fmt.Sprintf("area_%02d", at), fmt.Sprintf("part_%03d", part))
			if at == 0 {
				m.raw = r.IntN(sources)
			} else {
				// 3.3 each, since the first layer has none: 3 on average.
				from := at - 1
				for p.Flat && !p.keeps(from) {
					from--
				}
				m.refs = references(r, all[starts[from]:starts[from+1]], 3+min(1, r.IntN(3)/2))
			}
			all = append(all, m)
		}
	}
	return all
}

// references picks some models.
func references(r *rand.Rand, among []model, count int) []string {
	count = min(count, len(among))
	seen := map[string]bool{}
	var refs []string
	for len(refs) < count {
		name := among[r.IntN(len(among))].name
		if !seen[name] {
			seen[name] = true
			refs = append(refs, name)
		}
	}
	return refs
}

func prefix(layer string) string {
	return map[string]string{"staging": "stg", "intermediate": "int", "facts": "fct", "reporting": "rpt", "marts": "mart"}[layer]
}

// models writes them, with a property file for each folder.
func (p Project) models(files map[string]string) {
	r := p.random(4)
	for _, domain := range domains {
		files[path.Join("models", domain, "docs.md")] = fmt.Sprintf("{%% docs %s_amount %%}\n%s\n\n%s\n{%% enddocs %%}\n",
			domain, paragraph(r, 12), paragraph(r, 30))
	}
	for _, m := range p.plan() {
		files[path.Join(m.dir, m.name+".sql")] = m.text(r, p.keeps(m.layer))
		properties := path.Join(m.dir, "_models.yml")
		if files[properties] == "" {
			files[properties] = "version: 2\n\nmodels:\n"
		}
		files[properties] += m.properties(r)
	}
}

// text is the model's SQL.
func (m model) text(r *rand.Rand, table bool) string {
	var b strings.Builder
	if table && m.at%3 == 0 {
		fmt.Fprintf(&b, "{{ config(order_by='(account_id, id)', tags=['wide'], meta={'rank': %d}) }}\n\n", m.at%10)
	} else if m.at%5 == 0 {
		b.WriteString("{{ config(tags=['narrow']) }}\n\n")
	}
	shape := fmt.Sprintf("{{ %s('amount') }} as shaped_amount", macroName(r.IntN(macros)))
	if len(m.refs) == 0 {
		fmt.Fprintf(&b, `with source as (

    select * from {{ source('raw', '%s') }}

)

select
    id,
    account_id,
    amount,
    currency,
    status,
    happened_at,
    %s
from source
`, rawTable(m.raw), shape)
		return b.String()
	}
	b.WriteString("with ")
	for i, ref := range m.refs {
		fmt.Fprintf(&b, "input_%d as (\n\n    select * from {{ ref('%s') }}\n    {%% if var('history_days') > 365 %%}\n"+
			"    where happened_at >= now() - interval {{ var('history_days') }} day\n    {%% endif %%}\n\n),\n\n", i+1, ref)
	}
	b.WriteString("joined as (\n\n")
	for i := range m.refs {
		if i > 0 {
			b.WriteString("    union all\n")
		}
		fmt.Fprintf(&b, "    select id, account_id, amount, currency, status, happened_at from input_%d\n", i+1)
	}
	fmt.Fprintf(&b, `
),

shaped as (

    select *, %s
    from joined

)

select
    id,
    any(shaped.account_id) as account_id,
    sum(shaped.amount) as amount,
    any(shaped.currency) as currency,
    any(shaped.status) as status,
    max(shaped.happened_at) as happened_at,
    any(shaped.shaped_amount) as shaped_amount
from shaped
group by id
`, shape)
	return b.String()
}
