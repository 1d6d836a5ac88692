package materialize

import (
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// swap puts the staging table in the place of the node's data, and on a
// cluster what reads all shards in the target's.
func (p *planner) swap() {
	p.swapOf(replacement{
		target: p.data, staging: p.staging, aside: p.named(RoleOld), existing: p.existing, missing: p.missing,
		held: p.replicated(), keep: p.keeps(), then: p.forsake,
	})
	p.dropKept()
	p.front()
	p.viewOf(p.in.columnNames())
	p.dropUnfinished()
}

// replacement is a relation to put in the place of another.
type replacement struct {
	target, staging, aside adapters.Relation
	existing               *adapters.TableInfo
	missing                []string // hosts without target
	// held says that the new one's identity was noted before.
	held bool
	// keep says that what was there is kept, as that name, or the run's own.
	keep   bool
	keepAs adapters.Relation
	// leave says that what was there is left under the other's name, for a later
	// run to keep; where tables are exchanged only.
	leave bool
	// then comes before what was there is kept or dropped.
	then func()
}

// swapOf puts a relation in another's place, in the best way that the database
// engine and the server have, and drops what was there.
func (p *planner) swapOf(r replacement) {
	rest := []string(nil) // all
	if r.existing == nil || len(r.missing) > 0 {
		var on []string
		if r.existing != nil {
			on = r.missing
			rest = slices.DeleteFunc(p.active(), func(h string) bool { return slices.Contains(on, h) })
		}
		p.changeOn(on, Step{
			Purpose: "give it its name", Swap: true,
			Effect: &Effect{There: []adapters.Relation{r.target}, Gone: []adapters.Relation{r.staging}},
		}, func(d ddl) string { return d.rename([2]adapters.Relation{r.staging, r.target}) }, nil)
	}
	switch {
	case r.existing == nil:
		p.verify(r, r.staging)
	case p.exchanges():
		p.exchangeSwap(r, rest)
	default:
		p.renameSwap(r, rest)
	}
}

func (p *planner) exchangeSwap(r replacement, on []string) {
	step := Step{Purpose: "put it in place of the " + kindOf(*r.existing) + " there is, in one step for all readers", Swap: true}
	if p.onCluster() {
		step.Purpose = "put it in place of the " + kindOf(*r.existing) + " there is, on each host in one step for all its readers"
		step.Effect = &Effect{New: r.target}
	}
	step.Gone = p.gone(r)
	p.changeOn(on, step, func(d ddl) string { return d.exchange(r.staging, r.target) }, nil)
	p.verify(r, adapters.Relation{})
	if r.then != nil {
		r.then()
	}
	if r.leave {
		return
	}
	if r.keep {
		p.keepOld(r.staging, r.keepAs, on)
		return
	}
	// Without waiting: on these database engines running readers keep the old
	// data, and waiting would wait for the slowest of them.
	p.changeOn(on, Step{
		Purpose:   "drop the old one, which now has that name",
		Statement: adapters.Statement{Settings: p.dropSettings(r.existing.Bytes)},
		Effect:    &Effect{Gone: []adapters.Relation{r.staging}}, Late: true,
	}, func(d ddl) string { return d.drop(r.staging, false) }, nil)
}

// renameSwap is the swap without EXCHANGE.
func (p *planner) renameSwap(r replacement, on []string) {
	where := ""
	if p.onCluster() {
		where = ", on each host at its own time"
	}
	if _, known := p.in.State.catalog.Databases[p.target.Database]; known && !exchangingEngine(p.engineOfDatabase) {
		p.note("database engine %s has no EXCHANGE: two renames in one statement; between them a reader can find no %s%s", p.engineOfDatabase, r.target, where)
	} else {
		p.note("this server has no EXCHANGE: two renames in one statement; between them a reader can find no %s%s", r.target, where)
	}
	// When only the first rename was done the undo puts the old table back;
	// when both or none were, the server refuses it.
	p.changeOn(on, Step{
		Purpose: "set the old " + kindOf(*r.existing) + " aside and put the new one in its place", Swap: true, Durable: true,
		Effect: &Effect{There: []adapters.Relation{r.target, r.aside}, Gone: []adapters.Relation{r.staging}},
		Gone:   p.gone(r),
	}, func(d ddl) string {
		return d.rename([2]adapters.Relation{r.target, r.aside}, [2]adapters.Relation{r.staging, r.target})
	}, func(d ddl) string { return d.rename([2]adapters.Relation{r.aside, r.target}) })
	p.verify(r, r.staging)
	if r.then != nil {
		r.then()
	}
	if r.keep {
		p.keepOld(r.aside, r.keepAs, on)
		return
	}
	// The step is begun only when the swap was done: what failed once may be
	// tried again then.
	drop := func(d ddl) string { return d.drop(r.aside, false) }
	settings := p.dropSettings(r.existing.Bytes)
	p.changeOn(on, Step{
		Purpose: "drop the old one", Statement: adapters.Statement{Settings: settings}, Undo: &adapters.Statement{Settings: settings},
		Effect: &Effect{Gone: []adapters.Relation{r.aside}}, Late: true,
	}, drop, drop)
}

// gone is what to do when the relation to replace has been dropped meanwhile,
// by a hook for instance. On a cluster, hosts may differ: there, it is a failure.
func (p *planner) gone(r replacement) *adapters.Statement {
	if p.onCluster() {
		return nil
	}
	return &adapters.Statement{SQL: p.ddl.rename([2]adapters.Relation{r.staging, r.target})}
}

// exchanges reports whether the target's database can exchange tables.
func (p *planner) exchanges() bool {
	return exchangingEngine(p.engineOfDatabase) && p.has(adapters.ExchangeTables) && !p.in.NoExchange
}

func exchangingEngine(engine string) bool {
	return engine == "Atomic" || engine == "Replicated" || strings.HasPrefix(engine, "Shared")
}

// kindOf is the word for what a relation is.
func kindOf(t adapters.TableInfo) string {
	if t.IsView() {
		return "view"
	}
	return "table"
}
