package property

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// reader reads typed values out of nodes and collects what is wrong.
type reader struct {
	file *File
	list diag.List
}

func (r *reader) wrong(n *yaml.Node, what, fix string) {
	r.list.Add(diag.Diagnostic{Code: "property-type", Span: n.Place(), What: what, Fix: fix})
}

// document reads the sections of a file.
func (r *reader) document(doc, raw *yaml.Node) {
	if doc.Null() {
		return
	}
	if doc.Kind != yaml.Mapping {
		r.wrong(doc, "a property file must be a mapping, not "+doc.What(), "begin it with a section such as models:")
		return
	}
	for _, e := range doc.Entries {
		if s, ok := sections[e.Name()]; ok {
			s(r, e, raw.Get(e.Name()))
			continue
		}
		if e.Name() == "version" || e.Name() == "anchors" {
			continue
		}
		r.list.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "unknown-key", Span: e.Key.Span,
			What: fmt.Sprintf("%q is no section of a property file", e.Name()),
			Why:  "it is ignored",
			Fix:  cmpOr(diag.DidYouMean(e.Name(), names(sections)), "put anchors below anchors:"),
		})
	}
}

// each calls f for every mapping in a list.
func (r *reader) each(section string, n, raw *yaml.Node, f func(n, raw *yaml.Node)) {
	if n.Null() {
		return
	}
	if n.Kind != yaml.Sequence {
		r.wrong(n, fmt.Sprintf("%s must be a list, not %s", section, n.What()), "begin each entry with - name:")
		return
	}
	for i, item := range n.Items {
		if item.Null() {
			continue
		}
		if item.Kind != yaml.Mapping {
			r.wrong(item, fmt.Sprintf("an entry of %s must be a mapping, not %s", section, item.What()), "begin it with name:")
			continue
		}
		f(item, at(raw, i))
	}
}

func at(n *yaml.Node, i int) *yaml.Node {
	if n == nil || i >= len(n.Items) {
		return nil
	}
	return n.Items[i]
}

// known warns of keys that an object does not have.
func (r *reader) known(what string, n *yaml.Node, keys []string) {
	for _, e := range n.Entries {
		name := e.Name()
		if slices.Contains(keys, name) {
			continue
		}
		d := diag.Diagnostic{
			Severity: diag.Warning, Code: "unknown-key", Span: e.Key.Span,
			What: fmt.Sprintf("%s has no key %q", what, name),
			Why:  "it is ignored",
			Fix:  diag.DidYouMean(name, keys),
		}
		if slices.Contains(config.Known(), config.Canonical(name)) && slices.Contains(keys, "config") {
			d.Fix = "move it below config:"
		} else if d.Fix == "" && slices.Contains(keys, "meta") {
			d.Fix = "move it below meta: if it is yours"
		}
		r.list.Add(d)
	}
}

// name reads the name that an object must have.
func (r *reader) name(what string, n *yaml.Node) (*yaml.Node, string, bool) {
	node := n.Get("name")
	if node.Null() {
		r.list.Add(diag.Diagnostic{
			Code: "missing-name", Span: n.Span, What: what + " has no name", Fix: "add name:",
		})
		return nil, "", false
	}
	s, ok := node.Str()
	if !ok {
		r.wrong(node, fmt.Sprintf("the name of %s must be a string, not %s", what, node.What()), quoteIt(node))
		return nil, "", false
	}
	if strings.TrimSpace(s) == "" {
		r.wrong(node, "the name of "+what+" is empty", "")
		return nil, "", false
	}
	return node, s, true
}

// str reads a string; numbers and dates are taken as they are printed.
func (r *reader) str(what string, n *yaml.Node) string {
	if n.Null() {
		return ""
	}
	if s, ok := n.Str(); ok {
		return s
	}
	if n.Kind != yaml.Scalar {
		r.wrong(n, fmt.Sprintf("%s must be a string, not %s", what, n.What()), "")
		return ""
	}
	if _, isBool := n.Scalar().(bool); isBool {
		r.wrong(n, fmt.Sprintf("%s must be a string, not %s", what, n.What()), quoteIt(n))
		return ""
	}
	return value.Str(n.Scalar())
}

// text reads a string that is rendered later.
func (r *reader) text(what string, n *yaml.Node) Text {
	if n.Null() {
		return Text{}
	}
	return Text{Raw: r.str(what, n), Node: n}
}

func (r *reader) boolean(what string, n *yaml.Node) (bool, bool) {
	if n.Null() {
		return false, false
	}
	b, ok := n.Scalar().(bool)
	if !ok {
		r.wrong(n, fmt.Sprintf("%s must be true or false, not %s", what, n.What()), "")
	}
	return b, ok
}

// dict reads a mapping; nil when there is none.
func (r *reader) dict(what string, n *yaml.Node) *value.Dict {
	if n.Null() {
		return nil
	}
	if n.Kind != yaml.Mapping {
		r.wrong(n, fmt.Sprintf("%s must be a mapping, not %s", what, n.What()), "")
		return nil
	}
	d, _ := n.Value().(*value.Dict)
	return d
}

// strs reads a string or a list of strings.
func (r *reader) strs(what string, n *yaml.Node) []string {
	if n.Null() {
		return nil
	}
	if n.Kind == yaml.Scalar {
		if s := r.str(what, n); s != "" {
			return []string{s}
		}
		return nil
	}
	if n.Kind != yaml.Sequence {
		r.wrong(n, fmt.Sprintf("%s must be a list of strings, not %s", what, n.What()), "")
		return nil
	}
	var out []string
	for _, item := range n.Items {
		out = append(out, r.str("an entry of "+what, item))
	}
	return out
}

// config reads the config mapping and the shortcuts beside it.
func (r *reader) config(what string, n, raw *yaml.Node, shortcuts ...string) config.Layer {
	layer, found := config.FromNode(n.Get("config"), raw.Get("config"))
	r.list.Join(found)
	for _, key := range shortcuts {
		e, ok := n.Entry(key)
		if !ok || e.Value.Null() {
			continue
		}
		if earlier, ok := layer.Get(key); ok {
			r.list.Add(diag.Diagnostic{
				Code: "duplicate-config", Span: e.Key.Span,
				What:  fmt.Sprintf("%s is set twice for %s: beside config and in it", key, what),
				Fix:   "keep the one below config:",
				Notes: []diag.Note{{Span: earlier.KeySpan, Text: "also set here"}},
			})
			continue
		}
		short, _ := config.FromEntries([]yaml.Entry{e}, raw)
		layer.Settings = append(layer.Settings, short.Settings...)
	}
	return layer
}

func quoteIt(n *yaml.Node) string {
	if n.Kind == yaml.Scalar {
		return `quote it: "` + n.Text + `"`
	}
	return ""
}

func names[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
