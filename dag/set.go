package dag

import (
	"iter"
	"maps"
	"slices"
)

// Set is a set of ids. The nil Set is empty and cannot be added to.
type Set map[string]struct{}

// NewSet makes a set of ids.
func NewSet(ids ...string) Set {
	s := make(Set, len(ids))
	for _, id := range ids {
		s[id] = struct{}{}
	}
	return s
}

// Has reports whether id is in the set.
func (s Set) Has(id string) bool { _, ok := s[id]; return ok }

// Add puts ids in.
func (s Set) Add(ids iter.Seq[string]) {
	for id := range ids {
		s[id] = struct{}{}
	}
}

// All iterates over the ids in no order.
func (s Set) All() iter.Seq[string] { return maps.Keys(s) }

// Sorted returns the ids in order.
func (s Set) Sorted() []string {
	ids := slices.AppendSeq(make([]string, 0, len(s)), maps.Keys(s))
	slices.Sort(ids)
	return ids
}

// Union is a new set of what is in either.
func (s Set) Union(o Set) Set {
	u := maps.Clone(s)
	if u == nil {
		u = Set{}
	}
	maps.Copy(u, o)
	return u
}

// Intersect is a new set of what is in both.
func (s Set) Intersect(o Set) Set {
	both := Set{}
	for id := range s {
		if o.Has(id) {
			both[id] = struct{}{}
		}
	}
	return both
}

// Minus is a new set of what is in s and not in o.
func (s Set) Minus(o Set) Set {
	rest := Set{}
	for id := range s {
		if !o.Has(id) {
			rest[id] = struct{}{}
		}
	}
	return rest
}

// Holds reports whether all ids are in the set.
func (s Set) Holds(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return !s.Has(id) })
}
