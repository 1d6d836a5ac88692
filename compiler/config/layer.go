// Package config merges what a project says about its nodes into the config
// of each one.
//
// Its main types are Layer, the settings that one place makes, and Tree, a
// resource type's settings by folder in a project's file. Merge lays them over
// each other in dbt's order and checks the types of the keys it knows; keys
// it does not know are kept. The package renders nothing and reads no files.
package config

import (
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Setting is one key set in one place.
type Setting struct {
	// Key is dbt's name of it, pre-hook for pre_hook; Name is the name that was
	// written.
	Key  string
	Name string
	// Value is rendered, Raw is as written.
	Value value.Value
	Raw   value.Value
	// Span is the value's place, KeySpan the key's.
	Span    source.Span
	KeySpan source.Span
	// Items are the places of a list's items, of hooks in YAML only.
	Items []source.Span
}

// item is the place of an item of a list, as far as it is known.
func (s Setting) item(i int) source.Span {
	if i < len(s.Items) {
		return s.Items[i]
	}
	return s.Span
}

// The one name of each kind of hook.
const (
	preHook  = "pre-hook"
	postHook = "post-hook"
)

func isHook(key string) bool { return key == preHook || key == postHook }

// Layer is all settings of one place, in the order written.
type Layer struct {
	Settings []Setting
}

// Get returns the last setting of a key; false when there is none.
func (l Layer) Get(key string) (Setting, bool) {
	for i := len(l.Settings) - 1; i >= 0; i-- {
		if l.Settings[i].Key == key {
			return l.Settings[i], true
		}
	}
	return Setting{}, false
}

// Add puts a setting on the layer, under its canonical name.
func (l *Layer) Add(s Setting) {
	s.Name = s.Key
	s.Key = Canonical(s.Key)
	l.Settings = append(l.Settings, s)
}

// Canonical is a key's one name: dbt writes hooks with a hyphen and reads them
// with an underscore, too.
func Canonical(key string) string {
	switch key {
	case "pre_hook":
		return preHook
	case "post_hook":
		return postHook
	}
	return key
}

// FromNode reads a config: mapping; rendered and raw are the same node after
// and before rendering.
func FromNode(rendered, raw *yaml.Node) (Layer, diag.List) {
	var list diag.List
	if rendered.Null() {
		return Layer{}, list
	}
	if rendered.Kind != yaml.Mapping {
		list.Add(diag.Diagnostic{
			Code: "config-type", Span: rendered.Span,
			What: "config must be a mapping, not " + rendered.What(),
			Fix:  "write one key per line below it",
		})
		return Layer{}, list
	}
	return FromEntries(rendered.Entries, raw)
}

// FromEntries is FromNode for entries that were picked out of a mapping; raw
// is the mapping before rendering and may be nil when nothing was rendered.
func FromEntries(entries []yaml.Entry, raw *yaml.Node) (Layer, diag.List) {
	var layer Layer
	for _, e := range entries {
		v := e.Value.Value()
		written := v
		if r := raw.Get(e.Name()); r != nil && r != e.Value {
			written = r.Value()
		}
		s := Setting{
			Key: strings.TrimSpace(strings.TrimPrefix(e.Name(), "+")), Value: v, Raw: written,
			Span: e.Value.Span, KeySpan: e.Key.Span,
		}
		if isHook(Canonical(s.Key)) {
			s.Items = hookPlaces(e.Value)
		}
		layer.Add(s)
	}
	return layer, layer.twice()
}

// hookPlaces are the places of the SQL of hooks.
func hookPlaces(n *yaml.Node) []source.Span {
	items := n.Items()
	if n.Kind != yaml.Sequence {
		items = []*yaml.Node{n}
	}
	places := make([]source.Span, len(items))
	for i, item := range items {
		if sql := item.Get("sql"); sql != nil {
			item = sql
		}
		places[i] = item.Place()
	}
	return places
}

// FromCall reads the keyword arguments of one config() call. Places are where
// the arguments stand; those without one stand at the call.
func FromCall(args *value.Dict, places map[string]source.Span, call source.Span) (Layer, diag.List) {
	var layer Layer
	for k, v := range args.All() {
		key, ok := k.(string)
		if !ok {
			key = fmt.Sprint(k)
		}
		at, ok := places[key]
		if !ok {
			at = call
		}
		layer.Add(Setting{Key: key, Value: v, Raw: v, Span: at, KeySpan: at})
	}
	return layer, layer.twice()
}

// twice reports hooks that are set under both of their names.
func (l Layer) twice() diag.List {
	var list diag.List
	for i, s := range l.Settings {
		if s.Key != "pre-hook" && s.Key != "post-hook" {
			continue
		}
		for _, earlier := range l.Settings[:i] {
			if earlier.Key == s.Key {
				list.Add(diag.Diagnostic{
					Code: "duplicate-config", Span: s.KeySpan,
					What:  fmt.Sprintf("%s is set twice in one place, as %s and as %s", s.Key, s.Key, strings.ReplaceAll(s.Key, "-", "_")),
					Why:   "both are names of one config",
					Fix:   "join the hooks in one list",
					Notes: []diag.Note{{Span: earlier.KeySpan, Text: "first set here"}},
				})
			}
		}
	}
	return list
}
