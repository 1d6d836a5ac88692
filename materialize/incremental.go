package materialize

import (
	"fmt"
	"math"

	"github.com/chmod-sql/chmod/adapters"
)

// incremental plans a model whose new rows are added to its table: computed
// once into a table of their own, checked, and then put in place in a way that
// can be taken up again wherever it was broken off.
func (p *planner) incremental() {
	s, ok := p.strategy()
	if !ok {
		p.checkReplication()
		return
	}
	if s.name == "microbatch" && len(p.in.Batches) == 0 {
		p.plan.unread = true
		return
	}
	p.plan.before = p.mustPutBack()
	if p.rebuilds() {
		p.table()
		return
	}
	p.checkReplication()
	p.schemaPolicy()
	if p.in.Target == nil {
		p.plan.unread = true
		return
	}
	if !p.complete() {
		return
	}
	settings := p.querySettings()
	if !p.in.Follows {
		p.finish()
		p.clean()
	}
	p.hooks(OriginPreHook, p.in.PreHooks)
	p.header()
	p.describe(settings)
	columns := p.tableColumns()
	p.nullKeys(s)
	if !p.in.Follows {
		p.followConfig()
		p.restoreFront()
	}
	columns = p.changeSchema(columns)
	p.settleOf(p.data, "wait until every active replica has all of the table")
	p.staging = p.named(RoleNew)
	switch {
	case s.own:
		p.own(s, columns, settings)
	case !p.partitioned() || len(p.in.Target.Feeds) > 0 && s.name != "insert_overwrite":
		p.insertInPlace(s, columns, settings)
	case s.name == "insert_overwrite":
		p.insertOverwrite(columns, settings)
	case s.name == "append", s.name == "replace":
		p.append(columns, settings)
	case s.name == "microbatch":
		p.microbatch(s, columns, settings)
	case s.name == "merge":
		p.merge(s, columns, settings)
	default:
		p.deleteInsert(s, columns, settings)
	}
	p.grants()
	p.hooks(OriginPostHook, p.in.PostHooks)
}

// rebuilds reports whether the model is built from nothing: there is no table
// yet, or it is asked for.
func (p *planner) rebuilds() bool {
	if t := p.in.Target; t != nil && t.Missing {
		p.existing = nil
	}
	if p.existing != nil && !p.readable() {
		return true // is_incremental() looks at what users read
	}
	return p.existing == nil || p.existing.IsView() || fullRefresh(p.in)
}

// complete reports whether the table is there on every host, and nothing else
// is in its place.
func (p *planner) complete() bool {
	if !p.replaceable() {
		return false
	}
	if len(p.missing) > 0 && !p.in.InLine {
		p.wrong("materialized", "table-missing", fmt.Sprintf("%s: %s is not on %s", p.in.Node.Name, p.data, list(p.missing)),
			"its other hosts have it, and rows are only added where all have it",
			fmt.Sprintf("see chmod cluster diff --select %s: chmod cluster repair gives it to hosts whose shard has it; or build it again with --full-refresh", p.in.Node.Name))
		return false
	}
	return p.undivided()
}

// partitioned reports whether the table's partitions can be worked on.
func (p *planner) partitioned() bool { return p.mergeTree() }

// createLike creates a table that is as the model's is now.
func (p *planner) createLike(r adapters.Relation, purpose string) { p.createNoted(r, purpose, "") }

// createNoted is createLike for a table with a comment.
func (p *planner) createNoted(r adapters.Relation, purpose, comment string) {
	engine, rest := p.likeEngine(r)
	p.createAlike(purpose, table{relation: r, engine: engine + rest, comment: comment})
}

// createAlike creates a table with the columns of the model's.
func (p *planner) createAlike(purpose string, t table) {
	t.like = &p.data
	if p.onCluster() && exchangingEngine(p.engineOfDatabase) {
		t.uuid = p.in.Invocation.uuidOf(t.relation)
	}
	p.change(Step{
		Purpose: purpose,
		Undo:    &adapters.Statement{Settings: p.dropSettings(math.MaxUint64)},
		Effect:  &Effect{There: []adapters.Relation{t.relation}},
	}, func(d ddl) string { return d.createTable(t) }, func(d ddl) string { return d.drop(t.relation, true) })
}

// likeEngine is the engine of a table like the model's, with a Keeper path of
// its own, and what follows it: keys, TTL, settings.
func (p *planner) likeEngine(r adapters.Relation) (engine, rest string) {
	name, args, rest, ok := splitEngine(p.in.Target.EngineFull)
	if !ok {
		return p.in.Target.EngineFull, ""
	}
	family := familyName(name)
	if family != name && len(args) >= 2 && len(args[0]) > 0 && args[0][0] == '\'' {
		args = args[2:]
	}
	engine = family
	if len(args) > 0 {
		engine += "(" + list(args) + ")"
	}
	return p.placed(engine, r), rest
}

// computeNew fills a table of its own with the model's new rows.
func (p *planner) computeNew(columns []column, settings map[string]any) {
	p.computeNewNoted(columns, settings, "")
}

// computeNewNoted is computeNew with a comment on that table.
func (p *planner) computeNewNoted(columns []column, settings map[string]any, comment string) {
	p.createNoted(p.staging, "create a table for the new rows", comment)
	first, last := p.spread(func(into adapters.Relation) (int, int) { return p.fill(into, columns, settings) })
	p.filled = [2]int{first, last}
	p.settleReplicas()
	p.checkRows(first, last, "the SQL wrote")
	p.turn = true
}

// dropNew drops the table of the new rows.
func (p *planner) dropNew() {
	p.change(Step{
		Purpose: "drop the table of the new rows", Effect: &Effect{Gone: []adapters.Relation{p.staging}},
		Statement: adapters.Statement{Settings: p.dropSettings(math.MaxUint64)},
	}, func(d ddl) string { return d.drop(p.staging, true) }, nil)
}
