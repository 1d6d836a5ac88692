package selection

import "github.com/chmod-sql/chmod/dag"

// given are nodes by their unique ids.
func (s *Selector) given(ids []string) Result {
	r := Result{IDs: dag.Set{}}
	for _, id := range ids {
		if s.Manifest.Nodes[id] == nil {
			r.Unmatched = append(r.Unmatched, Unmatched{Criterion: id})
			continue
		}
		r.IDs[id] = struct{}{}
	}
	return r
}
