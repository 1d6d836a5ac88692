package materialize

import (
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// keepStale tells whether tables that hosts have in the place of the right one are
// kept, and as what: where other hosts keep the same one, as they do, so that a
// rollback finds it on all of them. What an earlier build of the node has made, and
// nobody keeps, is not.
func (w *repairs) keepStale(p *planner, x *examination, hosts []string) (as adapters.Relation, keep bool) {
	of := x.generation[hosts[0]]
	same := !slices.ContainsFunc(hosts, func(h string) bool { return x.generation[h] != of })
	for _, k := range slices.Backward(w.sight.state.keptOf(x.r.Relation)) {
		for _, host := range k.hosts {
			if same && of != "" && w.sight.generations[host][k.Relation] == of && !slices.ContainsFunc(hosts, func(h string) bool { return slices.Contains(k.hosts, h) }) {
				return k.Relation, true
			}
		}
	}
	built := !slices.ContainsFunc(hosts, func(h string) bool { _, ours := builtAt(x.generation[h]); return !ours })
	return p.namedFor(x.r.Relation, RoleKept), !built
}
