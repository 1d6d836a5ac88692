package materialize

import (
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Repair is what plans of repairs depend on besides the comparison.
type Repair struct {
	Server     adapters.Server
	Topology   Topology
	Invocation Invocation
	// Databases are those of the nodes.
	Databases []string
	Comment   string
}

// Plans bring the hosts in line as far as that is possible without building
// anything: those of databases, of nodes in the order of the expectations, and
// of leftovers. They are to be applied in that order. None drops a table whose
// rows are nowhere else, nor one that is not a node's and that chmod has not
// made.
func (c *Comparison) Plans(r Repair) []*Plan {
	var plans []*Plan
	alive := r.Topology
	alive.Clusters = aliveOnly(alive.Clusters)
	if p := SchemaPlan(c.sight.state, r.Server, alive, r.Databases, r.Comment); len(p.Steps) > 0 {
		plans = append(plans, p)
	}
	w := c.repairs(r)
	for _, e := range c.expected {
		p := w.planner(e)
		for _, x := range c.examined {
			if x.e == e {
				w.relation(p, x)
			}
		}
		w.grants(p, e)
		if len(p.plan.Steps) > 0 {
			plans = append(plans, p.plan)
		}
	}
	if p := w.leftovers(); len(p.Steps) > 0 || len(p.Notes) > 0 {
		plans = append(plans, p)
	}
	return plans
}

// repairs is one call of Plans.
type repairs struct {
	Repair
	sight    sight
	expected []*Expected
	// careful says that nobody was asked: what may be somebody else's is kept.
	careful bool
	// used are the hosts on which a leftover is put in place, brought those that
	// get a relation, unclear the relations of which nobody knows which is right.
	used, brought map[adapters.Relation][]string
	unclear       map[adapters.Relation]bool
}

func (c *Comparison) repairs(r Repair) *repairs {
	return &repairs{
		Repair: r, sight: c.sight, expected: c.expected, used: map[adapters.Relation][]string{}, brought: map[adapters.Relation][]string{},
		unclear: map[adapters.Relation]bool{},
	}
}

func (w *repairs) planner(e *Expected) *planner {
	in := e.in
	in.Invocation, in.Comment = w.Invocation, w.Comment
	p := newPlanner(in)
	p.plan.Materialized, p.plan.Relation = "repair", e.target()
	p.plan.server, p.plan.oldest = in.Server, p.ddl.server.Version
	p.direct = true
	return p
}

// narrow makes the planner work on these hosts of the relation's only.
func (p *planner) narrow(hosts []Host, names []string) {
	if !p.onCluster() {
		return
	}
	p.hosts = slices.DeleteFunc(slices.Clone(hosts), func(h Host) bool { return !slices.Contains(names, h.Name) })
}

// relation plans what makes one relation the same on all hosts.
func (w *repairs) relation(p *planner, x *examination) {
	if x.verdict.undecided != "" {
		w.unclear[x.r.Relation] = true
		p.note("%s is left alone: %s; see --prefer", x.r.Relation, x.verdict.undecided)
		return
	}
	if x.verdict.how != "" && len(x.stale) > 0 {
		p.note("the right %s is that of %s: %s", x.r.Relation, x.model, x.verdict.how)
	}
	if x.r.Database == p.target.Database {
		p.atFront(func() { w.put(p, x) })
		return
	}
	w.put(p, x)
}

func (w *repairs) put(p *planner, x *examination) {
	switch {
	case p.ddl.scope == ScopeDatabase:
		w.database(p, x)
	case x.r.Rows && p.onCluster():
		w.rows(p, x)
	case p.onCluster():
		w.like(p, x)
	}
	w.alter(p, x)
}

// database has a Replicated database bring a host what it lacks.
func (w *repairs) database(p *planner, x *examination) {
	if len(x.lacking) == 0 || len(x.held) == 0 {
		return
	}
	sql := "SYSTEM SYNC DATABASE REPLICA " + adapters.QuoteIdent(x.r.Database)
	p.add(Step{
		Purpose: "have the database carry out what it has not yet", Scope: ScopeHosts, Hosts: x.lacking, Direct: sql,
		Statement: adapters.Statement{SQL: sql}, Effect: &Effect{There: []adapters.Relation{x.r.Relation}},
	})
	w.brought[x.r.Relation] = x.lacking
}

// like creates views and Distributed tables anew as another host has them.
func (w *repairs) like(p *planner, x *examination) {
	if x.model == "" {
		return
	}
	r := x.r.Relation
	query, kind := x.held[x.model].CreateQuery, x.shape[x.model].kind
	create := func(verb string, relation adapters.Relation) func(ddl) string {
		return func(d ddl) string { return w.copy(p, d, copied{verb: verb, relation: relation, query: query}) }
	}
	if len(x.lacking) > 0 {
		p.narrow(x.hosts, x.lacking)
		p.change(Step{Purpose: "create it as " + x.model + " has it", Effect: &Effect{There: []adapters.Relation{r}}}, create("CREATE "+kind, r), nil)
		p.verifyThere(r)
		w.brought[r] = append(w.brought[r], x.lacking...)
	}
	if len(x.odd) == 0 {
		return
	}
	p.narrow(x.hosts, x.odd)
	if p.exchanges() && p.has(adapters.CreateOrReplace) && x.kinds(x.odd) == kind {
		p.change(Step{Purpose: "replace it by what " + x.model + " has, in one step for all readers"}, create("CREATE OR REPLACE "+kind, r), nil)
		p.verifyThere(r)
		return
	}
	staging := p.namedFor(r, RoleStaging)
	p.change(Step{
		Purpose: "create it as " + x.model + " has it, under a name of its own", Undo: &adapters.Statement{},
		Effect: &Effect{There: []adapters.Relation{staging}},
	}, create("CREATE "+kind, staging), func(d ddl) string { return d.drop(staging, true) })
	p.swapOf(replacement{target: r, staging: staging, aside: p.namedFor(r, RoleOld), existing: x.info(x.odd)})
}

// copy writes a statement after another host's. What cannot be read is a
// mistake that the plan shows.
func (w *repairs) copy(p *planner, d ddl, c copied) string {
	sql, err := d.copy(c)
	if err != nil {
		p.note("%s: %v", c.relation, err)
	}
	return sql
}

// kinds is what all of the hosts have there, TABLE or VIEW; empty when they
// differ.
func (x *examination) kinds(hosts []string) string {
	kind := x.shape[hosts[0]].kind
	for _, h := range hosts {
		if x.shape[h].kind != kind {
			return ""
		}
	}
	return kind
}

// info is what is there on one of the hosts.
func (x *examination) info(hosts []string) *adapters.TableInfo {
	info := &adapters.TableInfo{Relation: x.r.Relation}
	for _, h := range hosts {
		held := x.held[h]
		info.Engine = held.Engine
		bytes := uint64(0)
		for _, part := range held.Parts {
			bytes += part.Bytes
		}
		info.Bytes = max(info.Bytes, bytes)
	}
	return info
}

// alter changes what needs no building.
func (w *repairs) alter(p *planner, x *examination) {
	type alteration struct {
		what  string
		hosts []string
	}
	var order []string
	all := map[string]*alteration{}
	for _, h := range x.hosts {
		if slices.Contains(x.odd, h.Name) {
			continue // it is replaced as a whole
		}
		for _, c := range x.changes[h.Name] {
			if all[c.action] == nil {
				all[c.action] = &alteration{what: c.what}
				order = append(order, c.action)
			}
			all[c.action].hosts = append(all[c.action].hosts, h.Name)
		}
	}
	for _, action := range order {
		a := all[action]
		p.narrow(x.hosts, a.hosts)
		p.change(Step{Purpose: "correct it: " + a.what}, func(d ddl) string { return d.alter(x.r.Relation, action) }, nil)
	}
}

// grants gives and takes what the config says on each host.
func (w *repairs) grants(p *planner, e *Expected) {
	if e.Grants == nil {
		return
	}
	hosts, names := e.Hosts, hostNames(e.Hosts)
	if hosts == nil {
		names = []string{""}
	}
	for _, name := range names {
		own, ok := w.sight.survey.Grants[name]
		if !ok {
			continue
		}
		lacking, surplus := grantDifferences(e, own[e.target()])
		p.onEachHost(func() {
			p.narrow(hosts, []string{name})
			for _, g := range lacking {
				p.change(Step{Purpose: "grant " + g.Privilege + " to " + g.Grantee}, func(d ddl) string { return d.grant(g.Privilege, e.target(), g.Grantee) }, nil)
			}
			for _, g := range surplus {
				p.change(Step{Purpose: "revoke " + g.Privilege + " from " + g.Grantee + ", which the config does not name"},
					func(d ddl) string { return d.revoke(g.Privilege, e.target(), g.Grantee) }, nil)
			}
		})
	}
}

// leftovers drops what dead invocations have left, but for what is put in place
// and what may be the only copy of something.
func (w *repairs) leftovers() *Plan {
	p := &planner{
		in:  Input{Server: w.Server, State: w.sight.state, Topology: w.Topology, Comment: w.Comment, Node: &manifest.Node{}},
		ddl: ddl{server: w.Server, scope: ScopeNode},
		plan: &Plan{
			NodeID: "leftovers", Materialized: "clean", DDLWait: w.Topology.ddlWait(), server: w.Server, oldest: w.Server.Version,
		},
	}
	for _, base := range sortedRelations(w.sight.state.leftovers) {
		for _, l := range w.sight.state.leftovers[base] {
			if l.stamp.Role == RoleOnItsWay {
				p.toCluster(l)
				p.takeBackOne(l)
			}
		}
		earlier, has := adoptableOf(w.expected, base)
		for _, l := range w.sight.state.leftovers[base] {
			if l.stamp.Role == RoleOnItsWay {
				continue
			}
			if has && l.Relation == earlier.Relation && !w.unclear[base] {
				p.toCluster(l)
				p.data = base
				p.keepLeft(l)
				continue
			}
			if !disposable(l.stamp.Role) || w.unclear[base] {
				p.note("%s is kept: it may hold rows that are to be put in place", l.Relation)
				continue
			}
			p.toCluster(l)
			lack := w.sight.state.lacking(base, l.hosts)
			if len(l.hosts) == 0 && w.sight.state.table(base) == nil {
				lack = []string{""}
			}
			only := func(h string) bool {
				return slices.Contains(lack, h) && !slices.Contains(w.brought[base], h) && l.stamp.Role.copies()
			}
			if slices.ContainsFunc(lack, only) {
				p.note("%s is kept: it may be the only copy of %s", l.Relation, base)
				continue
			}
			if len(w.used[l.Relation]) > 0 && w.keeps(base) {
				p.note("%s is left to the next run, which keeps it for chmod rollback", l.Relation)
				continue
			}
			had := l.hosts
			l.hosts = slices.DeleteFunc(slices.Clone(l.hosts), func(h string) bool { return slices.Contains(w.used[l.Relation], h) })
			if len(had) > 0 && len(l.hosts) == 0 {
				continue
			}
			p.dropLeftover(l)
		}
	}
	return p.plan
}

// keeps reports whether what is left of a relation by an exchange that was broken
// off is what is to be kept of it.
func (w *repairs) keeps(base adapters.Relation) bool {
	for _, e := range w.expected {
		if p := newPlanner(e.in); p.data == base {
			return p.exchanges() && p.keeps()
		}
	}
	return false
}

// Undecided says of which relations it cannot be told which host is right, and
// why.
func (c *Comparison) Undecided() []string {
	var all []string
	for _, x := range c.examined {
		if x.verdict.undecided != "" {
			all = append(all, fmt.Sprintf("%s: %s", x.r.Relation, x.verdict.undecided))
		}
	}
	return all
}
