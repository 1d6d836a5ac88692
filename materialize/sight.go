package materialize

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// sight is all that is known of the hosts when they are compared.
type sight struct {
	state  *State
	survey *Survey
	prefer string
	// generations are those of all tables that were surveyed, by host.
	generations map[string]map[adapters.Relation]string
}

func newSight(q Question) sight {
	v := sight{state: q.State, survey: q.Survey, prefer: q.Prefer, generations: map[string]map[adapters.Relation]string{}}
	for host, held := range q.Survey.Holdings {
		v.generations[host] = map[adapters.Relation]string{}
		for r, h := range held {
			if !strings.HasSuffix(h.Engine, "MergeTree") {
				continue
			}
			if s, err := readShape(h.CreateQuery); err == nil {
				v.generations[host][r] = generationOf(h, s)
			}
		}
	}
	return v
}

// coming is the generation of a relation that a dead build had under the name that
// it built it by, on some host, when it ended; empty when there is none.
func (v sight) coming(r adapters.Relation) string {
	for _, l := range slices.Backward(v.state.leftoversOf(r)) {
		if l.stamp.Role != RoleStaging {
			continue
		}
		for _, host := range l.hosts {
			g := v.generations[host][l.Relation]
			if own := builtUUID(l.Relation); g != "" && (strings.Contains(g, own) || strings.Contains(g, pathWord(l.Name))) {
				return g
			}
		}
	}
	return ""
}

// leftovers are all that dead invocations have left, in order.
func (v sight) leftovers() []leftover {
	var all []leftover
	for _, base := range sortedRelations(v.state.leftovers) {
		all = append(all, v.state.leftovers[base]...)
	}
	for _, base := range sortedRelations(v.state.unfinished) {
		for _, u := range v.state.unfinished[base] {
			all = append(all, u.leftover)
		}
	}
	return all
}

func sortedRelations[V any](m map[adapters.Relation]V) []adapters.Relation {
	return slices.SortedFunc(maps.Keys(m), compareRelations)
}

func compareRelations(a, b adapters.Relation) int {
	return cmp.Or(cmp.Compare(a.Database, b.Database), cmp.Compare(a.Name, b.Name))
}

// disposable reports whether what was made for such a use holds no rows that
// are still to be put in place. What an incremental model has made is the next
// build's to judge.
func disposable(r Role) bool {
	return slices.Contains([]Role{RoleStaging, RoleOld, RoleText, RoleSpread, RoleFront}, r)
}

// Further are the relations besides the expected ones that a survey has to ask
// for in databases: leftovers, and what belongs to no node.
func (s *State) Further(databases []string, all ...[]*Expected) []adapters.Relation {
	known, further := map[adapters.Relation]bool{}, []adapters.Relation(nil)
	for _, some := range all {
		for _, e := range some {
			for _, r := range e.Relations {
				known[r.Relation] = true
			}
		}
	}
	add := func(c *adapters.Catalog) {
		for database, d := range c.Databases {
			if !slices.Contains(databases, database) {
				continue
			}
			for name := range d.Tables {
				if r := (adapters.Relation{Database: database, Name: name}); !known[r] {
					known[r] = true
					further = append(further, r)
				}
			}
		}
	}
	add(s.catalog)
	for _, c := range s.hosts {
		add(c)
	}
	slices.SortFunc(further, compareRelations)
	return further
}

// copies reports whether a table of that role may hold all rows of the one that
// it was made for.
func (r Role) copies() bool { return r == RoleStaging || r == RoleOld }
