package property

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Test is a data test that is asked for: a generic test and its arguments.
// Nothing of it is rendered yet.
type Test struct {
	Name      string
	Namespace string // the package in package.test, or empty
	Args      *value.Dict
	// ArgNodes are the places of the arguments; nil without any.
	ArgNodes map[string]*yaml.Node
	// Config are the config's entries, those beside the arguments among them.
	Config      []yaml.Entry
	CustomName  string
	Description Text
	Span        source.Span
	// Node is the entry as written.
	Node *yaml.Node
}

// besides are the configs that dbt takes from beside a test's arguments.
var besides = []string{"severity", "tags", "enabled", "where", "limit", "warn_if", "error_if", "fail_calc",
	"store_failures", "store_failures_as", "meta", "database", "schema", "alias", "sql_header"}

// tests reads data_tests or its older name tests.
func (r *reader) tests(what string, n *yaml.Node) []*Test {
	e, ok := n.Entry("data_tests")
	if old, both := n.Entry("tests"); both {
		if ok {
			r.List.Add(diag.Diagnostic{
				Code: "duplicate-key", Span: old.Key.Span,
				What:  what + " has both tests and data_tests",
				Why:   "they are two names of one key",
				Fix:   "join them below data_tests:",
				Notes: []diag.Note{{Span: e.Key.Span, Text: "data_tests is here"}},
			})
			return nil
		}
		e, ok = old, true
	}
	if !ok || e.Value.Null() {
		return nil
	}
	if e.Value.Kind != yaml.Sequence {
		r.Wrong(e.Value, fmt.Sprintf("%s of %s must be a list, not %s", e.Name(), what, e.Value.What()), "begin each test with -")
		return nil
	}
	var out []*Test
	for _, item := range e.Value.Items() {
		if t := r.test(what, item); t != nil {
			out = append(out, t)
		}
	}
	return out
}

func (r *reader) test(what string, n *yaml.Node) *Test {
	t := &Test{Args: value.NewDict(), Span: n.Place(), Node: n}
	if name, ok := n.Str(); ok {
		t.name(name)
		return t
	}
	if n.Null() || n.Kind != yaml.Mapping || len(n.Entries) == 0 {
		r.Wrong(n, fmt.Sprintf("a test of %s must be a name or a mapping, not %s", what, n.What()), "write the test's name, as in - unique")
		return nil
	}
	if named := n.Get("test_name"); named != nil {
		name, ok := named.Str()
		if !ok {
			r.Wrong(named, "test_name must be a string, not "+named.What(), "")
			return nil
		}
		t.name(name)
		r.arguments(t, what, n.Entries, "test_name")
		return t
	}
	e := n.Entries[0]
	if len(n.Entries) > 1 {
		return r.crowded(t, what, n)
	}
	t.name(e.Name())
	switch {
	case e.Value.Null():
	case e.Value.Kind == yaml.Mapping:
		r.arguments(t, what, e.Value.Entries, "")
	default:
		r.Wrong(e.Value, fmt.Sprintf("the arguments of the test %s of %s must be a mapping, not %s", e.Name(), what, e.Value.What()),
			"write one argument per line, further in than the test's name")
		return nil
	}
	return t
}

// crowded is a test with keys beside its name. dbt takes such an entry when
// its config stands there.
func (r *reader) crowded(t *Test, what string, n *yaml.Node) *Test {
	var first *yaml.Entry
	var rest []yaml.Entry
	for i, e := range n.Entries {
		if slices.Contains([]string{"config", "name", "description", "arguments"}, e.Name()) || slices.Contains(besides, e.Name()) {
			rest = append(rest, e)
			continue
		}
		if first != nil {
			first = nil
			break
		}
		first = &n.Entries[i]
	}
	if first == nil {
		second := n.Entries[1]
		r.List.Add(diag.Diagnostic{
			Code: "test-entry", Span: second.Key.Span,
			What: fmt.Sprintf("a test of %s has %d keys beside each other", what, len(n.Entries)),
			Why:  "an entry is one test's name with its arguments below it",
			Fix:  "indent the arguments further than the test's name, or begin another test with -",
		})
		return nil
	}
	t.name(first.Name())
	entries := rest
	if first.Value.Kind == yaml.Mapping {
		entries = append(append([]yaml.Entry(nil), first.Value.Entries...), rest...)
	}
	r.arguments(t, what, entries, "")
	return t
}

// arguments sorts the keys of a test: name, description, config, arguments,
// configs beside those, and arguments beside those.
func (r *reader) arguments(t *Test, what string, entries []yaml.Entry, skip string) {
	var inConfig []yaml.Entry
	for _, e := range entries {
		switch name := e.Name(); {
		case name == skip && skip != "":
		case name == "name":
			t.CustomName = r.Str("the name of a test of "+what, e.Value)
		case name == "description":
			t.Description = r.text("the description of a test of ", what, e.Value)
		case name == "config":
			if !e.Value.Null() && e.Value.Kind != yaml.Mapping {
				r.Wrong(e.Value, fmt.Sprintf("config of a test of %s must be a mapping, not %s", what, e.Value.What()), "")
				continue
			}
			if !e.Value.Null() {
				inConfig = e.Value.Entries
			}
		case name == "arguments" && (e.Value.Null() || e.Value.Kind == yaml.Mapping):
			if e.Value != nil {
				for _, a := range e.Value.Entries {
					t.argument(a)
				}
			}
		case slices.Contains(besides, name):
			t.Config = append(t.Config, e)
		default:
			t.argument(e)
		}
	}
	for _, e := range inConfig {
		if i := slices.IndexFunc(t.Config, func(c yaml.Entry) bool { return c.Name() == e.Name() }); i >= 0 {
			r.List.Add(diag.Diagnostic{
				Code: "duplicate-config", Span: t.Config[i].Key.Span,
				What:  fmt.Sprintf("%s is set twice for a test of %s: beside config and in it", e.Name(), what),
				Fix:   "keep the one below config:",
				Notes: []diag.Note{{Span: e.Key.Span, Text: "also set here"}},
			})
			t.Config[i] = e
			continue
		}
		t.Config = append(t.Config, e)
	}
}

func (t *Test) name(s string) {
	t.Name = s
	if pkg, name, ok := strings.Cut(s, "."); ok {
		t.Namespace, t.Name = pkg, name
	}
}

func (t *Test) argument(e yaml.Entry) {
	t.Args.Put(e.Name(), e.Value.Value())
	if t.ArgNodes == nil {
		t.ArgNodes = map[string]*yaml.Node{}
	}
	t.ArgNodes[e.Name()] = e.Value
}
