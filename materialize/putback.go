package materialize

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// A swap of two renames that ends between them leaves a host without the table
// and with what it was, set aside. That is the only copy of what readers were
// told of: it gets its name back before anything else is done.
//
// What was set aside is found by its name, on each host by itself: the name and
// the rename that gives it are one. No journal can be as near to that; one that
// was written before tells what was to be done, and one that was written after
// may have been lost.

// putBack gives what interrupted swaps have set aside of a relation its name
// again, on each host that has nothing in its place, and returns what else dead
// invocations have left of it.
func (p *planner) putBack(r adapters.Relation) []leftover {
	left := p.in.State.leftoversOf(r)
	on := map[adapters.Relation][]string{}
	for _, host := range p.places() {
		switch l, why := p.setAside(r, host); {
		case errors.As(why, new(*ambiguous)):
			p.plan.before = why
			return nil
		case why == nil && l.Name != "":
			on[l.Relation] = append(on[l.Relation], host)
		}
	}
	for _, l := range slices.Backward(p.in.State.leftoversOf(r)) {
		if hosts := on[l.Relation]; len(hosts) > 0 {
			left = p.putBackOn(r, l, hosts, left)
		}
	}
	if r == p.data && len(on) > 0 {
		p.find()
	}
	return left
}

// putBackOn puts a table back on hosts that lack it.
func (p *planner) putBackOn(r adapters.Relation, l leftover, hosts []string, left []leftover) []leftover {
	step := Step{
		Purpose: "put back the " + kindOf(l.TableInfo) + " that an interrupted swap set aside",
		Effect:  &Effect{There: []adapters.Relation{r}, Gone: []adapters.Relation{l.Relation}},
	}
	rename := renaming(l.Relation, r)
	if p.onCluster() && !p.exchanges() {
		left, rename = p.makeWay(r, left, l, hosts), p.restored(r, l, &step)
	}
	told := hosts
	if !p.onCluster() || len(hosts) == len(p.active()) {
		told = nil
	}
	p.changeOn(told, step, rename, nil)
	p.in.State = p.in.State.putBack(l, r, hosts)
	return without(left, l, hosts)
}

// places are the hosts that the planner's relations are on by themselves; one
// without a name where nothing but the connected server is looked at.
func (p *planner) places() []string {
	if p.onCluster() {
		return p.active()
	}
	return []string{""}
}

// ambiguous is that it cannot be told what to put back.
type ambiguous struct {
	of, one, other adapters.Relation
	host           string
}

func (e *ambiguous) Error() string {
	return fmt.Sprintf("there is no %s%s, and of %s and %s nobody can tell which one it was last: give the right one that name, by %s",
		e.of, onHost(e.host), e.one, e.other, ddl{}.rename([2]adapters.Relation{e.one, e.of}))
}

// living is that what is to be put back was set aside by a run that may be at
// work.
type living struct {
	leftover
	of   adapters.Relation
	host string
}

func (e *living) Error() string {
	return fmt.Sprintf("there is no %s%s, and a run of %s, which is not known to be dead, has set it aside as %s: it is put back once that is known; "+
		"when you know it, do so by %s", e.of, onHost(e.host), e.stamp.began(), e.Relation, ddl{}.rename([2]adapters.Relation{e.Relation, e.of}))
}

func onHost(host string) string {
	if host == "" {
		return ""
	}
	return " on " + host
}

// setAside is what an interrupted swap has set aside of a relation on a host
// that has nothing in its place; without a name when there is none. Of several,
// it is the one whose swap was broken off: what that was to put in place is still
// beside it.
func (p *planner) setAside(r adapters.Relation, host string) (leftover, error) {
	s := p.in.State
	if _, there := s.on(host, r); there {
		return leftover{}, nil
	}
	here := func(l leftover) bool { return host == "" || slices.Contains(l.hosts, host) }
	var all, broken []leftover
	for _, l := range s.asideOf(r) {
		if !here(l) || l.stamp.Of() == p.in.Invocation.Stamp() {
			continue
		}
		all = append(all, l)
		if slices.ContainsFunc([]Role{RoleStaging, RoleFront}, func(role Role) bool { return s.made(host, r, l.stamp, role) }) {
			broken = append(broken, l)
		}
	}
	switch {
	case len(all) == 0:
		return leftover{}, nil
	case len(all) == 1:
	case len(broken) == 1:
		all = broken
	case slices.ContainsFunc(all, leftover.hasRows):
		return leftover{}, &ambiguous{of: r, one: all[len(all)-1].Relation, other: all[0].Relation, host: host}
	}
	l := all[len(all)-1]
	if !slices.ContainsFunc(s.leftoversOf(r), func(o leftover) bool { return o.Relation == l.Relation }) {
		return l, &living{leftover: l, of: r, host: host}
	}
	return l, nil
}

// hasRows reports whether a leftover is no mere way of reading others.
func (l leftover) hasRows() bool { return !l.IsView() && l.Engine != "Distributed" }

// made reports whether a host has the invocation's table of that role for a
// relation.
func (s *State) made(host string, r adapters.Relation, by Stamp, role Role) bool {
	by.Role = role
	_, there := s.on(host, adapters.Relation{Database: r.Database, Name: by.name(r.Database, r.Name)})
	return there
}

// found are the relations that readers find, and what is behind them, each with
// how it is planned for.
func (p *planner) found(do func(r adapters.Relation)) {
	do(p.data)
	if p.sharded() {
		p.atFront(func() { do(p.whole) })
	}
	if p.viewed() {
		p.atFront(func() { do(p.target) })
	}
}

// adding reports whether rows are added to the node's table where there is one.
func adding(in Input) bool {
	return in.Node.ResourceType == manifest.Model && incrementally(in.Node.Materialized()) && !fullRefresh(in)
}

// keeping reports whether the node's table is added to, and not built anew.
func keeping(in Input) bool { return adding(in) || in.Node.ResourceType == manifest.Snapshot }

// PutBack plans to put back what interrupted swaps have set aside of a model
// that rows are added to, and to drop what else they have left: what follows
// depends on what the table holds. It is false when there is nothing to put back.
func PutBack(in Input) (*Plan, bool) {
	if !adding(in) {
		return nil, false
	}
	p := newPlanner(in)
	l, why := p.anyAside()
	if why != nil || l.Name == "" {
		return nil, false
	}
	p.clean()
	p.plan.server, p.plan.oldest, p.plan.invocation = in.Server, p.ddl.server.Version, in.Invocation
	return p.plan, p.diags.Err() == nil
}

// mustPutBack is why no row can be added yet, nil when that is not so: a table
// would be built from nothing while what it was is beside it.
func (p *planner) mustPutBack() error {
	l, why := p.anyAside()
	if why == nil && l.Name != "" {
		why = fmt.Errorf("there is no %s on each host: %s, which an interrupted swap has set aside, is to be put back first", l.base(), l.Relation)
	}
	return why
}

// anyAside is something that is to be put back before rows are added, or why
// nothing of that kind can be; neither, when there is none.
func (p *planner) anyAside() (found leftover, why error) {
	if !adding(p.in) {
		return leftover{}, nil
	}
	p.found(func(r adapters.Relation) {
		for _, host := range p.places() {
			if l, err := p.setAside(r, host); why == nil && (err != nil || l.Name != "") {
				found, why = l, err
			}
		}
	})
	return found, why
}

// asideOf are the tables that swaps have set aside of a relation, whether or not
// those who did it are alive.
func (s *State) asideOf(r adapters.Relation) []leftover {
	return s.aside[adapters.Relation{Database: r.Database, Name: stagingBase(r.Database, r.Name)}]
}

// putBack is the state once hosts have a table under its name again.
func (s *State) putBack(l leftover, r adapters.Relation, hosts []string) *State {
	own, key := *s, l.base()
	if s.table(r) == nil {
		own.catalog = renamedIn(s.catalog, l.Relation, r)
	}
	own.hosts = renamedOn(s.hosts, l.Relation, r, hosts)
	own.leftovers, own.aside = maps.Clone(s.leftovers), maps.Clone(s.aside)
	own.leftovers[key], own.aside[key] = without(s.leftovers[key], l, hosts), without(s.aside[key], l, hosts)
	return &own
}

// without are leftovers without one, on hosts; on all of them when it is nowhere
// else.
func without(all []leftover, l leftover, hosts []string) []leftover {
	var rest []leftover
	for _, o := range all {
		if o.Relation == l.Relation {
			o.hosts = slices.DeleteFunc(slices.Clone(o.hosts), func(h string) bool { return slices.Contains(hosts, h) })
			if len(o.hosts) == 0 {
				continue
			}
		}
		rest = append(rest, o)
	}
	return rest
}
