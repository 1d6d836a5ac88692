package selection

import (
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag"
)

// search is one evaluation of an expression.
type search struct {
	selector  *Selector
	unmatched []Unmatched
}

func (u union) evaluate(s *search) (dag.Set, dag.Set, error) {
	in, maybe := dag.Set{}, dag.Set{}
	for _, e := range u {
		i, m, err := e.evaluate(s)
		if err != nil {
			return nil, nil, err
		}
		in.Add(i.All())
		maybe.Add(m.All())
	}
	return in, maybe, nil
}

func (x intersection) evaluate(s *search) (dag.Set, dag.Set, error) {
	var in, maybe dag.Set
	for n, e := range x {
		i, m, err := e.evaluate(s)
		if err != nil {
			return nil, nil, err
		}
		if n == 0 {
			in, maybe = i, m
			continue
		}
		// A test that one side holds and the other might hold stays possible.
		in, maybe = in.Intersect(i), in.Union(maybe).Intersect(i.Union(m))
		maybe = maybe.Minus(in)
	}
	return in, maybe, nil
}

func (d difference) evaluate(s *search) (dag.Set, dag.Set, error) {
	in, maybe, err := d.from.evaluate(s)
	if err != nil {
		return nil, nil, err
	}
	out, _, err := d.without.evaluate(&search{selector: s.selector})
	if err != nil {
		return nil, nil, err
	}
	return in.Minus(out), maybe.Minus(out), nil
}

func (c *criterion) evaluate(s *search) (dag.Set, dag.Set, error) {
	matched, err := methodNamed(c.method)(s.selector, c.options, c.argument)
	if err != nil {
		return nil, nil, placed(err, c.at)
	}
	if len(matched) == 0 {
		s.unmatched = append(s.unmatched, Unmatched{Criterion: c.written, At: c.at})
	}
	in := s.selector.spread(c, matched)
	if c.indirect == Empty {
		return in, dag.Set{}, nil
	}
	maybe := s.selector.addTests(in, c.indirect)
	return in, maybe, nil
}

// spread applies the graph operators.
func (s *Selector) spread(c *criterion, matched dag.Set) dag.Set {
	in := matched.Union(nil)
	if c.closure {
		in.Add(s.Graph.Descendants(matched.All(), dag.Unlimited).All())
		in.Add(s.Graph.Ancestors(in.All(), dag.Unlimited).All())
	}
	if c.parents != 0 {
		in.Add(s.Graph.Ancestors(matched.All(), c.parents).All())
	}
	if c.children != 0 {
		in.Add(s.Graph.Descendants(matched.All(), c.children).All())
	}
	return in
}

// addTests puts the tests of selected nodes in, as far as the mode allows at
// once, and returns those that depend on what else will be selected.
func (s *Selector) addTests(in dag.Set, mode Indirect) dag.Set {
	buildable := in
	if mode == Buildable {
		buildable = in.Union(s.Graph.Ancestors(in.All(), dag.Unlimited))
	}
	selected := in.Union(nil)
	maybe := dag.Set{}
	for id := range s.Graph.Descendants(selected.All(), 1) {
		if !s.indirect(id) || in.Has(id) {
			continue
		}
		parents := s.Graph.Parents(id)
		if mode == Eager || selected.Holds(parents) || mode == Buildable && buildable.Holds(parents) {
			in[id] = struct{}{}
			continue
		}
		maybe[id] = struct{}{}
	}
	return maybe
}

// settle decides about the tests that were only possible, now that the rest of
// the selection is known.
func (s *Selector) settle(in, maybe dag.Set, mode Indirect) dag.Set {
	reach := in.Union(nil)
	if mode == Buildable {
		reach = in.Union(s.Graph.Ancestors(in.All(), dag.Unlimited))
	}
	for id := range maybe {
		if reach.Holds(s.Graph.Parents(id)) {
			in[id] = struct{}{}
		}
	}
	return in
}

func (s *Selector) indirect(id string) bool {
	if n := s.Manifest.Nodes[id]; n != nil {
		return n.ResourceType == manifest.Test
	}
	return s.Manifest.UnitTests[id] != nil
}
