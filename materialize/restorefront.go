package materialize

import "github.com/chmod-sql/chmod/adapters"

// restoreFront makes what users read as it has to be, where some hosts do not
// have it, since a build was broken off before it came to them, or have it as it
// was: they were away when the table got other columns.
func (p *planner) restoreFront() {
	if !p.onCluster() {
		return
	}
	if p.sharded() && (p.lacks(p.whole) || p.frontBehind()) {
		p.front()
	}
	if p.viewed() && (p.lacks(p.target) || p.viewsDiffer()) {
		p.viewOf(p.insertableNames())
	}
}

// lacks reports whether some host does not have a relation.
func (p *planner) lacks(r adapters.Relation) bool { return len(p.in.State.lacking(r, p.active())) > 0 }

// frontBehind reports whether what reads all shards has other columns on some
// host than the table.
func (p *planner) frontBehind() bool {
	for _, d := range p.in.Target.Fronts[p.whole] {
		// What cannot be read, or is no such table, is left to what replaces it.
		if s, err := readShape(d.CreateQuery); err == nil && len(s.columns) > 0 && !p.in.Target.sameColumns(s) {
			return true
		}
	}
	return false
}

// viewsDiffer reports whether hosts have the view of the newest rows with
// different queries.
func (p *planner) viewsDiffer() bool {
	queries := map[string]bool{}
	for _, d := range p.in.Target.Fronts[p.target] {
		if s, err := readShape(d.CreateQuery); err == nil {
			queries[s.query] = true
		}
	}
	return len(queries) > 1
}
