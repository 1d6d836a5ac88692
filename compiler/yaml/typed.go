package yaml

import (
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Reader takes typed values out of nodes. A node that is absent or null gives
// the zero value; one of another type is reported and gives it, too. What
// names the value to the user, as in "the schema of the target dev".
type Reader struct {
	// Code is the code of what is reported.
	Code string
	List diag.List
}

// Wrong reports a mistake at a node.
func (r *Reader) Wrong(n *Node, what, fix string) {
	r.List.Add(diag.Diagnostic{Code: r.Code, Span: n.Place(), What: what, Fix: fix})
}

func (r *Reader) mismatch(n *Node, what, wanted, fix string) {
	r.Wrong(n, fmt.Sprintf("%s must be %s, not %s", what, wanted, n.What()), fix)
}

// Str reads a string; numbers and dates are taken as they are printed.
func (r *Reader) Str(what string, n *Node) string {
	if n.Null() {
		return ""
	}
	if s, ok := n.Str(); ok {
		return s
	}
	_, isBool := n.Scalar().(bool)
	nothing, undefined := n.Scalar().(*value.Undefined)
	switch {
	case undefined:
		r.Wrong(n, fmt.Sprintf("%s must be a string, and %s is not defined here", what, nothing.Name), "correct the name; var() and env_var() are there, macros are not")
		return ""
	case n.Kind != Scalar:
		r.mismatch(n, what, "a string", "")
		return ""
	case isBool:
		r.mismatch(n, what, "a string", n.Quoted())
		return ""
	}
	return value.Str(n.Scalar())
}

// Bool reads a boolean, def without one.
func (r *Reader) Bool(what string, n *Node, def bool) bool {
	if n.Null() {
		return def
	}
	b, ok := n.Scalar().(bool)
	if !ok {
		fix := ""
		if s, isText := n.Str(); isText {
			v, _ := word(s)
			if _, isBool := v.(bool); isBool {
				fix = "write it without quotes"
			}
		}
		r.mismatch(n, what, "true or false", fix)
		return def
	}
	return b
}

// Int reads a whole number, def without one.
func (r *Reader) Int(what string, n *Node, def int) int {
	if n.Null() {
		return def
	}
	if i, ok := n.Scalar().(int64); ok && int64(int(i)) == i {
		return int(i)
	}
	r.mismatch(n, what, "a whole number", "")
	return def
}

// Dict reads a mapping; nil without one.
func (r *Reader) Dict(what string, n *Node) *value.Dict {
	if n.Null() {
		return nil
	}
	if n.Kind != Mapping {
		r.mismatch(n, what, "a mapping", "")
		return nil
	}
	d, _ := n.Value().(*value.Dict)
	return d
}

// Strs reads a string or a list of strings.
func (r *Reader) Strs(what string, n *Node) []string {
	switch {
	case n.Null():
		return nil
	case n.Kind == Mapping:
		r.mismatch(n, what, "a list of strings", "")
		return nil
	case n.Kind == Scalar:
		if s := r.Str(what, n); s != "" {
			return []string{s}
		}
		return nil
	}
	out := make([]string, 0, len(n.Items()))
	for _, item := range n.Items() {
		out = append(out, r.Str("an entry of "+what, item))
	}
	return out
}

// Known warns of entries whose keys are not among keys. Fix may suggest what
// to do about a key; it is asked before a similar key is.
func (r *Reader) Known(what string, n *Node, keys []string, fix func(key string) string) {
	if n == nil {
		return
	}
	for _, e := range n.Entries {
		if slices.Contains(keys, e.Name()) {
			continue
		}
		d := diag.Diagnostic{
			Severity: diag.Warning, Code: "unknown-key", Span: e.Key.Span,
			What: fmt.Sprintf("%s has no key %q", what, e.Name()),
			Why:  "it is ignored",
		}
		if fix != nil {
			d.Fix = fix(e.Name())
		}
		if d.Fix == "" {
			d.Fix = diag.DidYouMean(e.Name(), keys)
		}
		r.List.Add(d)
	}
}

// Quoted is advice to put a scalar in quotes; empty for other nodes.
func (n *Node) Quoted() string {
	if n == nil || n.Kind != Scalar {
		return ""
	}
	return `quote it: "` + n.Text + `"`
}
