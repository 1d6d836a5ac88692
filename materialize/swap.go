package materialize

import (
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// swap puts the staging table in the target's place, in the best way that the
// database engine and the server have, and drops what was there.
func (p *planner) swap() {
	switch {
	case p.existing == nil:
		p.exec("give it its name", p.ddl.rename([2]adapters.Relation{p.staging, p.target}))
	case p.exchanges():
		p.exec("put it in place of the "+kindOf(*p.existing)+" there is, in one step for all readers",
			p.ddl.exchange(p.staging, p.target))
		// Without waiting: on these database engines running readers keep the
		// old data, and waiting would wait for the slowest of them.
		old := *p.existing
		old.Relation = p.staging
		p.add(Step{Purpose: "drop the old one, which now has that name", Statement: p.dropOf(old, false)})
	default:
		p.renameSwap()
	}
}

// renameSwap is the swap without EXCHANGE.
func (p *planner) renameSwap() {
	aside := p.named(RoleOld)
	if d, ok := p.in.State.catalog.Databases[p.target.Database]; ok && !exchangingEngine(d.Engine) {
		p.note("database engine %s has no EXCHANGE: two renames in one statement; between them a reader can find no %s", d.Engine, p.target)
	} else {
		p.note("this server has no EXCHANGE: two renames in one statement; between them a reader can find no %s", p.target)
	}
	p.add(Step{
		Purpose: "set the old " + kindOf(*p.existing) + " aside and put the new one in its place",
		Statement: adapters.Statement{SQL: p.ddl.rename(
			[2]adapters.Relation{p.target, aside}, [2]adapters.Relation{p.staging, p.target})},
		// When only the first rename was done this puts the old table back;
		// when both or none were, the server refuses it.
		Undo: &adapters.Statement{SQL: p.ddl.rename([2]adapters.Relation{aside, p.target})},
	})
	old := *p.existing
	old.Relation = aside
	// The step is begun only when the swap was done: what failed once may be
	// tried again then.
	again := p.dropOf(old, false)
	p.add(Step{Purpose: "drop the old one", Statement: p.dropOf(old, false), Undo: &again})
}

// exchanges reports whether the target's database can exchange tables.
func (p *planner) exchanges() bool {
	d, ok := p.in.State.catalog.Databases[p.target.Database]
	return ok && exchangingEngine(d.Engine) && p.has(adapters.ExchangeTables) && !p.in.NoExchange
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
