package selection

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/dag"
)

// fqnQuery is a name, or a chain of folders and names with dots.
type fqnQuery struct {
	whole pattern
	parts []string
	// tail is the pattern from the first part with a wildcard on; its index is
	// len(parts) when there is none.
	wild int
	tail pattern
}

func newFQNQuery(text string) fqnQuery {
	q := fqnQuery{whole: compile(text), parts: strings.Split(text, ".")}
	q.wild = slices.IndexFunc(q.parts, func(p string) bool { return strings.ContainsAny(p, "*?[") })
	if q.wild < 0 {
		q.wild = len(q.parts)
		return q
	}
	q.tail = compile(strings.Join(q.parts[q.wild:], "."))
	return q
}

func (q fqnQuery) match(r resource) bool {
	if len(r.fqn) == 0 {
		return false
	}
	versioned := r.node != nil && r.node.Version != nil
	return q.matchFrom(r.fqn, versioned) || q.matchFrom(r.fqn[1:], versioned)
}

func (q fqnQuery) matchFrom(fqn []string, versioned bool) bool {
	if len(fqn) == 0 {
		return false
	}
	last := fqn[len(fqn)-1]
	if q.whole.match(last) {
		return true
	}
	if versioned && len(fqn) > 1 {
		// orders, orders.v2 and orders_v2 all name version 2 of orders.
		name := fqn[len(fqn)-2]
		if q.whole.match(name) || q.whole.match(name+"."+last) || q.whole.match(name+"_"+last) {
			return true
		}
	}
	flat := fqn
	if slices.ContainsFunc(fqn, func(s string) bool { return strings.Contains(s, ".") }) {
		flat = strings.Split(strings.Join(fqn, "."), ".")
	}
	if len(flat) < len(q.parts) && q.wild == len(q.parts) || len(flat) < q.wild {
		return false
	}
	for i := range q.wild {
		if flat[i] != q.parts[i] {
			return false
		}
	}
	if q.wild == len(q.parts) {
		return true
	}
	return q.tail.match(strings.Join(flat[q.wild:], "."))
}

// byVersion takes latest, prerelease, old or none, of models with versions.
func byVersion(s *Selector, _ []string, argument string) (dag.Set, error) {
	if !slices.Contains([]string{"latest", "prerelease", "old", "none"}, argument) {
		return nil, diag.Diagnostic{
			Code: "bad-selection", What: `there is no version "` + argument + `" to select`,
			Fix: "the versions are latest, prerelease, old and none",
		}
	}
	return s.filter(func(r resource) bool {
		if !r.model() {
			return false
		}
		version, latest := r.node.Version, r.node.LatestVersion
		if version == nil {
			return argument == "none"
		}
		switch order := compareVersions(fmt.Sprint(version), fmt.Sprint(latest)); argument {
		case "latest":
			return order == 0
		case "prerelease":
			return order > 0
		case "old":
			return order < 0
		}
		return false
	}), nil
}

// compareVersions orders numbers as numbers and anything else as text.
func compareVersions(a, b string) int {
	var x, y float64
	if _, err := fmt.Sscan(a, &x); err == nil {
		if _, err := fmt.Sscan(b, &y); err == nil {
			switch {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		}
	}
	return strings.Compare(a, b)
}
