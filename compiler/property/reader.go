package property

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// reader reads typed values out of nodes and collects what is wrong.
type reader struct {
	yaml.Reader
	file *File
}

// known warns of keys that an object does not have.
func (r *reader) known(what string, n *yaml.Node, keys []string) {
	r.Known(what, n, keys, func(key string) string {
		switch {
		case slices.Contains(config.Known(), config.Canonical(key)) && slices.Contains(keys, "config"):
			return "move it below config:"
		case diag.Suggest(key, keys) == "" && slices.Contains(keys, "meta"):
			return "move it below meta: if it is yours"
		}
		return ""
	})
}

// document reads the sections of a file.
func (r *reader) document(doc, raw *yaml.Node) {
	if doc.Null() {
		return
	}
	if doc.Kind != yaml.Mapping {
		r.Wrong(doc, "a property file must be a mapping, not "+doc.What(), "begin it with a section such as models:")
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
		r.List.Add(diag.Diagnostic{
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
		r.Wrong(n, fmt.Sprintf("%s must be a list, not %s", section, n.What()), "begin each entry with - name:")
		return
	}
	for i, item := range n.Items() {
		if item.Null() {
			continue
		}
		if item.Kind != yaml.Mapping {
			r.Wrong(item, fmt.Sprintf("an entry of %s must be a mapping, not %s", section, item.What()), "begin it with name:")
			continue
		}
		f(item, at(raw, i))
	}
}

func at(n *yaml.Node, i int) *yaml.Node {
	if n == nil || i >= len(n.Items()) {
		return nil
	}
	return n.Items()[i]
}

// name reads the name that an object must have; what of names the object.
func (r *reader) name(what, of string, n *yaml.Node) (*yaml.Node, string, bool) {
	node := n.Get("name")
	if node.Null() {
		r.List.Add(diag.Diagnostic{
			Code: "missing-name", Span: n.Span, What: what + of + " has no name", Fix: "add name:",
		})
		return nil, "", false
	}
	s, ok := node.Str()
	if !ok {
		r.Wrong(node, fmt.Sprintf("the name of %s must be a string, not %s", what+of, node.What()), node.Quoted())
		return nil, "", false
	}
	if strings.TrimSpace(s) == "" {
		r.Wrong(node, "the name of "+what+of+" is empty", "")
		return nil, "", false
	}
	return node, s, true
}

// text reads a string that is rendered later; what of names it.
func (r *reader) text(what, of string, n *yaml.Node) Text {
	if n.Null() {
		return Text{}
	}
	return Text{Raw: r.string(what, of, n), Node: n}
}

// string is Str for what is rarely wrong: its name is put together only then.
// So are those of strings and mapping.
func (r *reader) string(what, of string, n *yaml.Node) string {
	if n == nil {
		return ""
	}
	if s, ok := n.Str(); ok {
		return s
	}
	return r.Str(what+of, n)
}

// moment reads a day or a time.
func (r *reader) moment(what, of string, n *yaml.Node) string {
	text := r.string(what, of, n)
	if _, ok := manifest.Moment(text); !ok && text != "" {
		r.Wrong(n, fmt.Sprintf("%s%s must be a date, not %q", what, of, text), "write it as 2026-01-31")
		return ""
	}
	return text
}

func (r *reader) strings(what, of string, n *yaml.Node) []string {
	if n == nil {
		return nil
	}
	return r.Strs(what+of, n)
}

func (r *reader) mapping(what, of string, n *yaml.Node) *value.Dict {
	if n == nil {
		return nil
	}
	return r.Dict(what+of, n)
}

// config reads the config mapping and the shortcuts beside it.
func (r *reader) config(what string, n, raw *yaml.Node, shortcuts ...string) config.Layer {
	layer, found := config.FromNode(n.Get("config"), raw.Get("config"))
	r.List.Join(found)
	for _, key := range shortcuts {
		e, ok := n.Entry(key)
		if !ok || e.Value.Null() {
			continue
		}
		if earlier, ok := layer.Get(key); ok {
			r.List.Add(diag.Diagnostic{
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
