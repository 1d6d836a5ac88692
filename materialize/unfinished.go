package materialize

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// unfinished is a table with rows that an invocation had finished computing and
// had begun to put in place. Whoever comes next does the rest, whether or not
// that invocation is alive: all of it can be done twice.
type unfinished struct {
	leftover
	// before is the name that it still has on some hosts, and those hosts. Since
	// it is renamed only once it is complete everywhere, it is complete there,
	// too.
	before leftover
}

// publication notes an unfinished table on a host.
func (s *State) publication(key adapters.Relation, host string, t adapters.TableInfo, stamp Stamp) {
	all := s.unfinished[key]
	at := slices.IndexFunc(all, func(u unfinished) bool { return u.Relation == t.Relation })
	if at < 0 {
		all = append(all, unfinished{leftover: leftover{TableInfo: t, stamp: stamp}})
		at = len(all) - 1
	}
	if host != "" {
		all[at].hosts = append(all[at].hosts, host)
	}
	all[at].Bytes = max(all[at].Bytes, t.Bytes)
	s.unfinished[key] = all
}

// join finds what unfinished tables are called on hosts on which they were not
// renamed yet. These are no leftovers.
func (s *State) join() {
	for key, all := range s.unfinished {
		for i := range all {
			u := &all[i]
			for _, pending := range s.pending[key] {
				if pending.stamp.Of() != u.stamp.Of() {
					continue
				}
				hosts := slices.DeleteFunc(slices.Clone(pending.hosts), func(h string) bool { return slices.Contains(u.hosts, h) })
				// Beside what was made of them, new rows are of no use any more.
				if len(hosts) > 0 && (u.before.Name == "" || pending.stamp.Role == RoleWork) {
					u.before = pending
					u.before.hosts = hosts
				}
			}
			if u.before.Name == "" {
				continue
			}
			s.leftovers[key] = slices.DeleteFunc(s.leftovers[key], func(l leftover) bool { return l.Relation == u.before.Relation })
		}
		slices.SortFunc(all, func(a, b unfinished) int {
			return cmp.Or(a.stamp.StartedAt.Compare(b.stamp.StartedAt), cmp.Compare(a.Name, b.Name))
		})
	}
}

func (s *State) unfinishedOf(r adapters.Relation) []unfinished {
	return s.unfinished[adapters.Relation{Database: r.Database, Name: stagingBase(r.Database, r.Name)}]
}

// Finish plans what is left to do for rows that an interrupted run had computed
// for a node; without steps when there are none. It comes before the node's
// template is rendered, which may ask what the table holds.
func Finish(in Input) (*Plan, error) {
	if _, adds := TargetOf(in); !adds {
		return &Plan{NodeID: in.Node.UniqueID}, nil
	}
	p := newPlanner(in)
	p.finish()
	if err := p.diags.Err(); err != nil {
		return nil, err
	}
	p.plan.server, p.plan.oldest = in.Server, p.ddl.server.Version
	return p.plan, nil
}

// finish puts in place what interrupted runs had finished computing.
func (p *planner) finish() {
	for _, u := range p.in.State.unfinishedOf(p.data) {
		when := " of " + u.stamp.began()
		hosts := u.hosts
		if p.onCluster() && u.before.Name != "" {
			p.changeOn(u.before.hosts, Step{
				Purpose: "an interrupted run" + when + " had new rows ready: name them so on the other hosts, too",
				Effect:  &Effect{There: []adapters.Relation{u.Relation}, Gone: []adapters.Relation{u.before.Relation}},
			}, func(d ddl) string { return d.rename([2]adapters.Relation{u.before.Relation, u.Relation}) }, nil)
			hosts = slices.Concat(hosts, u.before.hosts)
		}
		on := slices.DeleteFunc(p.active(), func(h string) bool { return !slices.Contains(hosts, h) })
		if p.onCluster() && len(on) == 0 {
			continue // on hosts that are left out
		}
		p.note("an interrupted run%s had new rows ready, and they are put in place first", when)
		m, _ := readMerging(u.Comment)
		if u.stamp.Role == RoleMerge && len(m.Key) == 0 {
			p.wrong("incremental_strategy", "unfinished-unknown", fmt.Sprintf("%s: %s has no comment that says how its rows are merged", p.in.Node.Name, u.Relation),
				"it has rows that an interrupted run had ready", "drop it by hand, and build the model again with --full-refresh")
			continue
		}
		p.publish(publication{from: u.Relation, role: u.stamp.Role, hosts: on, bytes: u.Bytes, merging: m})
	}
}

// dropUnfinished drops what interrupted runs would have added to a table that
// was now built from nothing.
func (p *planner) dropUnfinished() {
	all := p.in.State.unfinishedOf(p.data)
	if p.viewed() { // of the time when the view was a table
		all = slices.Concat(all, p.in.State.unfinishedOf(p.target))
	}
	for _, u := range all {
		for _, l := range []leftover{u.before, u.leftover} {
			if l.Name != "" {
				p.dropLeftover(l)
			}
		}
	}
}
