package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/builtin"
	"github.com/chmod-sql/chmod/compiler/config"
	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// kwargsName is the name under which a test's template finds its arguments.
const kwargsName = "_dbt_generic_test_kwargs"

// readTests makes nodes of the tests that YAML asks for.
func (r *reading) readTests() error {
	tests := r.tests
	r.result.Kwargs = make(map[string]*TestCall, len(tests))
	drafts := make([]*draft, len(tests))
	calls := make([]*TestCall, len(tests))
	lists := make([]diag.List, len(tests))
	if err := r.each(len(tests), func(i int) error {
		d, call, err := r.genericTest(tests[i], &lists[i])
		if err != nil || d == nil {
			return err
		}
		drafts[i], calls[i] = d, call
		return r.parse(d)
	}); err != nil {
		return err
	}
	for i, d := range drafts {
		r.list.Join(lists[i])
		if d == nil {
			continue
		}
		if before := r.m.Nodes[d.node.UniqueID]; before != nil {
			r.list.Join(d.list)
			r.list.Add(diag.Diagnostic{
				Code: "duplicate-name", Span: firstLine(d.node.Span),
				What:  "the test " + d.node.Name + " is there twice",
				Why:   "a test is known by its name, what it tests and its arguments",
				Fix:   "remove one of them, or give it a name:",
				Notes: []diag.Note{{Span: firstLine(before.Span), Text: "the other one"}},
			})
			continue
		}
		r.add(d)
		if r.m.Nodes[d.node.UniqueID] == d.node {
			r.result.Kwargs[d.node.UniqueID] = calls[i]
		}
	}
	return nil
}

// genericTest makes a draft of a test; nil when the test cannot be.
func (r *reading) genericTest(t targetTest, list *diag.List) (*draft, *TestCall, error) {
	macro := r.testMacro(t)
	if macro == nil {
		if !r.incomplete.macros {
			list.Add(r.unknownTest(t))
		}
		return nil, nil, nil
	}
	layer, ok, err := r.testConfig(t, list)
	if err != nil || !ok {
		return nil, nil, err
	}
	call := &TestCall{Macro: macro, Kwargs: r.testKwargs(t), Spans: map[string]source.Span{}}
	for name, n := range t.ArgNodes {
		call.Spans[name] = n.Place()
	}
	if !checkArguments(t, macro, call, list) {
		return nil, nil, nil
	}

	prefix, target := t.target.names()
	own := prefix + t.Name
	if t.Namespace != "" {
		own = t.Namespace + "_" + own
	}
	short, full := testNames(own, target, call.Kwargs)
	if t.CustomName != "" {
		short, full = t.CustomName, t.CustomName
	}
	if _, set := layer.Get("alias"); !set && short != full {
		layer.Add(config.Setting{Key: "alias", Value: short, Raw: short, Span: t.Span, KeySpan: t.Span})
	}
	d := r.testDraft(t, full, short, call, layer)
	d.run = func(in *scope.Rendering) error { return r.renderTest(t, call, in) }
	return d, call, nil
}

// testDraft is the node of a test.
func (r *reading) testDraft(t targetTest, full, short string, call *TestCall, layer config.Layer) *draft {
	p, file := t.target.pkg, t.target.file.found
	at := file
	at.Rel = afterFirst(file.Original)
	d := r.newDraft(p, manifest.Test, full, project.Found{Rel: at.Rel, Original: file.Original}, t.Span)
	d.calls = []config.Layer{layer}
	n := d.node
	n.Path = path.Base(short + ".sql")
	n.UniqueID += "." + testHash(full, t.Name, t.Namespace, call.Kwargs)
	n.Checksum = manifest.Checksum{Name: "none"}
	n.Description = t.Description.Raw
	n.RawCode = testCode(t, layer)
	d.plain = len(layer.Settings) == 0
	n.Test = &manifest.TestInfo{Name: t.Name, Namespace: t.Namespace, Kwargs: call.Kwargs, FileKey: t.target.fileKey()}
	if t.column != nil {
		n.Test.Column = t.column.Column.Name
		if name, ok := call.Kwargs.Get("column_name"); ok {
			n.Test.Column = value.Str(name)
		}
		d.columnTags = t.column.Column.Tags
	}
	d.columnTags = slices.Concat(t.target.tags, d.columnTags)
	if found := r.attached(t.target); found != nil {
		n.Test.Attached = found.UniqueID
		d.group = found.Group
	}
	return d
}

// testCode is the template that dbt writes for a test.
func testCode(t targetTest, layer config.Layer) string {
	name := "test_" + t.Name
	if t.Namespace != "" {
		name = t.Namespace + "." + name
	}
	code := "{{ " + name + "(**" + kwargsName + ") }}"
	var settings []string
	for _, s := range layer.Settings {
		text := value.Str(s.Value)
		if str, ok := s.Value.(string); ok {
			text = `"` + strings.ReplaceAll(str, `"`, `\"`) + `"`
		}
		settings = append(settings, s.Key+"="+text)
	}
	if len(settings) > 0 {
		code += "{{ config(" + strings.Join(settings, ",") + ") }}"
	}
	return code
}

// testMacro is the macro that implements a test.
func (r *reading) testMacro(t targetTest) *scope.Macro {
	if t.Namespace != "" {
		return r.macros().In(t.Namespace, "test_"+t.Name)
	}
	return r.macros().Anywhere(t.target.pkg.Name, "test_"+t.Name)
}

func (r *reading) unknownTest(t targetTest) diag.Diagnostic {
	var known []string
	for _, pkg := range r.macros().Packages() {
		for _, name := range r.macros().Names(pkg) {
			if rest, ok := strings.CutPrefix(name, "test_"); ok {
				known = append(known, rest)
			}
		}
	}
	slices.Sort(known)
	name := t.Name
	if t.Namespace != "" {
		name = t.Namespace + "." + t.Name
	}
	return diag.Diagnostic{
		Code: "undefined-test", Span: firstLine(t.Span), What: "there is no generic test named " + name,
		Why: "no package defines {% test " + t.Name + "(...) %}",
		Fix: firstOf(diag.DidYouMean(t.Name, known), "define it in tests/generic, or install the package that has it"),
	}
}

// testKwargs are the arguments of a test as dbt writes them down, in its
// order.
func (r *reading) testKwargs(t targetTest) *value.Dict {
	nested := nestedArguments(t.Node)
	kwargs := value.NewDict()
	for k, v := range t.Args.All() {
		if !slices.Contains(nested, value.Str(k)) {
			kwargs.Put(value.Str(k), v)
		}
	}
	if t.column != nil {
		name := t.column.Column.Name
		if q := t.column.Column.Quote; q != nil && *q {
			name = `"` + name + `"`
		}
		kwargs.Put("column_name", name)
	}
	for k, v := range t.Args.All() {
		if slices.Contains(nested, value.Str(k)) {
			kwargs.Put(value.Str(k), v)
		}
	}
	kwargs.Put("model", "{{ get_where_subquery("+t.target.reference()+") }}")
	return kwargs
}

// nestedArguments are the names that stand below arguments:.
func nestedArguments(n *yaml.Node) []string {
	args := n.Get("arguments")
	if args == nil && n != nil && len(n.Entries) > 0 {
		args = n.Entries[0].Value.Get("arguments")
	}
	if args.Null() {
		return nil
	}
	var names []string
	for _, e := range args.Entries {
		names = append(names, e.Name())
	}
	return names
}

// testConfig is what the entry sets, rendered.
func (r *reading) testConfig(t targetTest, list *diag.List) (config.Layer, bool, error) {
	entries := make([]yaml.Entry, 0, len(t.Config))
	for _, e := range t.Config {
		v, found, err := yaml.Render(e.Value, r.in.YAML(t.target.pkg.Project), nil)
		list.Join(found)
		if err != nil {
			return config.Layer{}, false, err
		}
		if v.Null() {
			continue
		}
		entries = append(entries, yaml.Entry{Key: e.Key, Value: v})
	}
	slices.SortStableFunc(entries, func(a, b yaml.Entry) int { return rank(a) - rank(b) })
	layer, found := config.FromEntries(entries, nil)
	list.Join(found)
	return layer, !found.HasErrors(), nil
}

// rank orders configs as dbt writes them into a test's template: those that it
// also takes from beside the arguments come first.
func rank(e yaml.Entry) int {
	order := []string{"severity", "tags", "enabled", "where", "limit", "warn_if", "error_if", "fail_calc",
		"store_failures", "store_failures_as", "meta", "database", "schema", "alias"}
	if i := slices.Index(order, e.Name()); i >= 0 {
		return i
	}
	return len(order)
}

// checkArguments reports arguments that the test does not take, or else those
// that a built-in test needs.
func checkArguments(t targetTest, macro *scope.Macro, call *TestCall, list *diag.List) bool {
	if macro.Template.CatchesKwargs() {
		return true
	}
	var names, missing []string
	for _, p := range macro.Template.Params {
		names = append(names, p.Name)
		if _, given := call.Kwargs.Get(p.Name); !given && !p.HasDefault() {
			missing = append(missing, p.Name)
		}
	}
	why := "it is defined with (" + strings.Join(names, ", ") + ")"
	fine := true
	wrong := func(at source.Span, what, why, fix string) {
		fine = false
		list.Add(diag.Diagnostic{Code: "test-arguments", Span: firstLine(at), What: "the test " + t.Name + " " + what, Why: why, Fix: fix})
	}
	for k := range call.Kwargs.All() {
		name := value.Str(k)
		if slices.Contains(names, name) {
			continue
		}
		switch name {
		case "column_name":
			wrong(t.Span, "is for whole relations, not for columns", why, "put it beside columns:")
			continue
		case "model":
			wrong(t.Span, "does not take the relation to test", why, "give its macro the parameter model")
			continue
		}
		fix := diag.DidYouMean(name, names)
		if fix == "" && len(missing) == 1 {
			fix = "did you mean \"" + missing[0] + "\"?"
		}
		at, ok := call.Spans[name]
		if !ok {
			at = t.Span
		}
		wrong(at, "has no argument "+name, why, fix)
	}
	if !fine || macro.Package != builtin.Package {
		return fine
	}
	for _, name := range missing {
		fix := "add " + name + ":"
		if name == "column_name" {
			fix = "put it below a column, or add column_name:"
		}
		wrong(t.Span, "needs the argument "+name, "", fix)
	}
	return fine
}

// afterFirst is a path without its first folder.
func afterFirst(p string) string {
	_, rest, ok := strings.Cut(p, "/")
	if !ok {
		return p
	}
	return rest
}
