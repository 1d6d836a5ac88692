package selection

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/dag"
)

// definition reads one definition of selectors.yml: a string as on the command
// line, {method: value}, {method:, value:, ...}, {union: [...]} or
// {intersection: [...]}, the last two with an exclude among their items.
func (s *Selector) definition(d *manifest.Selector, v value.Value, mode Indirect, path []string) (expression, error) {
	switch v := v.(type) {
	case string:
		u, err := parse(within(d.Written, v), mode)
		if err != nil {
			return nil, err
		}
		return u, s.noCircle(u, mode, path)
	case *value.List:
		return s.combine(d, v, mode, path, func(e []expression) expression { return union(e) })
	case *value.Dict:
		if items, ok := v.Get("union"); ok {
			return s.combine(d, items, mode, path, func(e []expression) expression { return union(e) })
		}
		if items, ok := v.Get("intersection"); ok {
			return s.combine(d, items, mode, path, func(e []expression) expression { return intersection(e) })
		}
		if _, ok := v.Get("method"); ok {
			return s.method(d, v, mode, path)
		}
		if v.Len() == 1 {
			for k, argument := range v.All() {
				return s.term(d, fmt.Sprint(k), argument, mode, path)
			}
		}
	}
	return nil, malformed(d, "a definition is a string, {method: value}, union: or intersection:")
}

// noCircle looks into the selectors that the criteria of a definition name: they
// are only read when the criteria are answered, which would never end.
func (s *Selector) noCircle(e expression, mode Indirect, path []string) error {
	switch e := e.(type) {
	case union:
		for _, one := range e {
			if err := s.noCircle(one, mode, path); err != nil {
				return err
			}
		}
	case intersection:
		return s.noCircle(union(e), mode, path)
	case *criterion:
		if e.method == "selector" {
			_, err := s.named(written{e.argument, e.at}, mode, path)
			return err
		}
	}
	return nil
}

func (s *Selector) combine(d *manifest.Selector, v value.Value, mode Indirect, path []string, join func([]expression) expression) (expression, error) {
	list, ok := v.(*value.List)
	if !ok {
		return nil, malformed(d, "union: and intersection: take a list")
	}
	var in []expression
	var without expression
	for _, item := range list.Elems {
		if ex, ok := exclusion(item); ok {
			if without != nil {
				return nil, malformed(d, "only one exclude: is allowed in a list")
			}
			var err error
			if without, err = s.combine(d, ex, mode, path, func(e []expression) expression { return union(e) }); err != nil {
				return nil, err
			}
			continue
		}
		e, err := s.definition(d, item, mode, path)
		if err != nil {
			return nil, err
		}
		in = append(in, e)
	}
	if without == nil {
		return join(in), nil
	}
	return difference{from: join(in), without: without}, nil
}

func exclusion(item value.Value) (value.Value, bool) {
	d, ok := item.(*value.Dict)
	if !ok || d.Len() != 1 {
		return nil, false
	}
	return d.Get("exclude")
}

// term is a method and its value; the value may be a list: any of them.
func (s *Selector) term(d *manifest.Selector, method string, argument value.Value, mode Indirect, path []string) (expression, error) {
	if method == "selector" {
		return s.named(within(d.Written, fmt.Sprint(argument)), mode, path)
	}
	if list, ok := argument.(*value.List); ok {
		var any union
		for _, a := range list.Elems {
			e, err := s.term(d, method, a, mode, path)
			if err != nil {
				return nil, err
			}
			any = append(any, e)
		}
		return any, nil
	}
	at := within(d.Written, fmt.Sprint(argument)).at
	if methodNamed(method) == nil {
		at = within(d.Written, method).at
	}
	c, err := parseCriterion(method+":"+fmt.Sprint(argument), mode)
	if err != nil {
		return nil, placed(err, at)
	}
	c.at = at
	return c, nil
}

func (s *Selector) method(d *manifest.Selector, v *value.Dict, mode Indirect, path []string) (expression, error) {
	known := []string{"method", "value", "parents", "parents_depth", "children", "children_depth", "childrens_parents", "indirect_selection", "exclude"}
	for k := range v.All() {
		if key := fmt.Sprint(k); !slices.Contains(known, key) {
			return nil, malformed(d, fmt.Sprintf("%q is not one of %s", key, strings.Join(known, ", ")))
		}
	}
	if m, ok := v.Get("indirect_selection"); ok {
		mode = Indirect(fmt.Sprint(m))
		if !slices.Contains(Indirects(), string(mode)) {
			return nil, malformed(d, "indirect_selection is one of "+strings.Join(Indirects(), ", "))
		}
	}
	method, _ := v.Get("method")
	argument, _ := v.Get("value")
	e, err := s.term(d, fmt.Sprint(method), argument, mode, path)
	if err != nil {
		return nil, err
	}
	if c, ok := e.(*criterion); ok {
		c.closure = flag(v, "childrens_parents")
		c.parents = steps(v, "parents")
		c.children = steps(v, "children")
	}
	ex, ok := v.Get("exclude")
	if !ok {
		return e, nil
	}
	without, err := s.combine(d, ex, mode, path, func(e []expression) expression { return union(e) })
	if err != nil {
		return nil, err
	}
	return difference{from: e, without: without}, nil
}

func flag(v *value.Dict, key string) bool {
	b, _ := v.Get(key)
	on, _ := b.(bool)
	return on
}

func steps(v *value.Dict, key string) int {
	if !flag(v, key) {
		return 0
	}
	if n, ok := v.Get(key + "_depth"); ok {
		if i, ok := n.(int64); ok {
			return int(i)
		}
	}
	return dag.Unlimited
}

func malformed(d *manifest.Selector, why string) diag.Diagnostic {
	return diag.Diagnostic{
		Code: "bad-selector", Span: d.Span,
		What: `cannot read the selector "` + d.Name + `"`, Why: why,
		Fix: "see docs/selection.md for the forms a definition can take",
	}
}
