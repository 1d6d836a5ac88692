package materialize

import "github.com/chmod-sql/chmod/adapters"

// facade is a relation without rows of its own that readers find under a
// node's name: what reads all shards, or a view of the newest rows.
type facade struct {
	relation adapters.Relation
	existing *adapters.TableInfo
	// replaceable says that what there is can be replaced by CREATE OR REPLACE,
	// where the server has it.
	replaceable bool
	// create and replace are what the steps are for.
	create, replace string
	statement       func(d ddl, at adapters.Relation, replace bool) string
	undo            *adapters.Statement
}

// facade creates or replaces one: at once where that can be, else under a name
// of its own that is then swapped in.
func (p *planner) facade(f facade) { p.atFront(func() { p.putFacade(f) }) }

func (p *planner) putFacade(f facade) {
	replace := f.replaceable && p.exchanges() && p.has(adapters.CreateOrReplace)
	if f.existing == nil || replace {
		step := Step{Purpose: f.create}
		if replace {
			step.Purpose = f.replace
		} else {
			step.Effect = &Effect{There: []adapters.Relation{f.relation}}
		}
		p.change(step, func(d ddl) string { return f.statement(d, f.relation, replace) }, nil)
		p.verifyThere(f.relation)
		return
	}
	r := replacement{
		target: f.relation, staging: p.namedFor(f.relation, RoleFront), aside: p.namedFor(f.relation, RoleOld),
		existing: f.existing, missing: p.in.State.lacking(f.relation, p.active()),
	}
	p.change(Step{
		Purpose: f.create + ", under a name of its own", Undo: f.undo,
		Effect: &Effect{There: []adapters.Relation{r.staging}},
	}, func(d ddl) string { return f.statement(d, r.staging, false) }, func(d ddl) string { return d.drop(r.staging, true) })
	p.swapOf(r)
}
