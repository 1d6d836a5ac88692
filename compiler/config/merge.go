package config

import (
	"encoding/json"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Sources are the places that configure one node, from the weakest to the
// strongest.
type Sources struct {
	// Own is the tree of the node's own package.
	Own *Tree
	// Property is what property YAML says.
	Property []Layer
	// Calls are the config() calls in the node's file.
	Calls []Layer
	// Root is the root project's tree, for nodes of other packages only.
	Root *Tree
	// KeepTemplates is whether what property YAML says counts as written in the
	// unrendered dict, and not as it was rendered.
	KeepTemplates bool
	// Presets are those that the places can name; nil where there are none.
	Presets Presets
}

// Merge lays the sources over the defaults. The unrendered dict holds what was
// set, as written. Settings of a wrong type are reported and left out.
func Merge(resourceType string, fqn []string, s Sources) (*manifest.Config, *value.Dict, diag.List) {
	m := merging{replaces: resourceType == "exposure"}
	all := m.expand(s.Presets, [][]Layer{s.Own.Layers(fqn), s.Property, s.Calls, s.Root.Layers(fqn)})
	set := 0
	for _, layers := range all {
		for _, layer := range layers {
			set += len(layer.Settings)
		}
	}
	m.values, m.raw, m.places = Defaults(resourceType), value.DictWithRoom(set), make(manifest.Places, 0, set)
	for _, layer := range all[0] {
		m.layer(layer, func(s Setting) value.Value { return s.Raw })
	}
	for _, layer := range all[1] {
		m.layer(layer, func(written Setting) value.Value {
			if s.KeepTemplates {
				return written.Raw
			}
			return written.Value
		})
	}
	m.calls(all[2])
	for _, layer := range all[len(all)-1] {
		m.layer(layer, func(s Setting) value.Value { return s.Raw })
	}
	emptied := m.fallBack(resourceType, all[0], all[len(all)-1])
	made := manifest.NewConfig(m.values, m.places)
	if len(emptied) > 0 {
		made = made.WithEmptied(emptied)
	}
	if len(m.hooks) > 0 {
		made = made.WithHooks(m.hooks)
	}
	return made, m.raw, m.list
}

type merging struct {
	values *value.Dict
	raw    *value.Dict
	places manifest.Places
	// hooks are the places of hooks, each list's in its order.
	hooks manifest.Places
	list  diag.List
	// nothing are the keys that were set to None somewhere.
	nothing []string
	// replaces is set where a stronger place's tags and meta take the place of
	// a weaker one's.
	replaces bool
}

func (m *merging) layer(l Layer, written func(Setting) value.Value) {
	for _, s := range l.Settings {
		m.raw.Put(s.Name, written(s))
		m.set(s)
	}
}

// calls lays config() calls over the rest. What they come to together is what
// was written.
func (m *merging) calls(calls []Layer) {
	var written *value.Dict
	for i, l := range calls {
		if i == 0 && len(calls) == 1 {
			m.layer(l, func(s Setting) value.Value { return s.Raw })
			return
		}
		if written == nil {
			written = value.NewDict()
		}
		for _, s := range l.Settings {
			if i == 0 {
				written.Put(s.Name, s.Raw)
			} else {
				before, _ := written.Named(s.Name)
				written.Put(s.Name, called(s.Key, before, s.Raw))
			}
			m.set(s)
		}
	}
	if written != nil {
		_ = m.raw.Merge(written) // a dict always can
	}
}

// called is what a later config() call makes of a key that held before.
func called(key string, before, v value.Value) value.Value {
	switch key {
	case "tags", "packages", preHook, postHook:
		return value.NewList(append(listed(before), listed(v)...)...)
	case "meta", "docs", "quoting", "column_types", "contract":
		return updated(before, v)
	case "grants":
		return calledGrants(before, v)
	}
	return v
}

// calledGrants keeps the + of a privilege: it says what is done with the
// grants of other places.
func calledGrants(before, v value.Value) value.Value {
	fresh, is := v.(*value.Dict)
	if !is {
		return v
	}
	c := value.NewDict()
	if old, ok := before.(*value.Dict); ok {
		for k, e := range old.All() {
			c.Put(value.Str(k), value.NewList(listed(e)...))
		}
	}
	for k, e := range fresh.All() {
		name := value.Str(k)
		var all []value.Value
		if old, _ := c.Named(name); strings.HasPrefix(name, "+") {
			all = listed(old)
		}
		c.Put(name, value.NewList(append(all, listed(e)...)...))
	}
	return c
}

func (m *merging) set(s Setting) {
	if d, wrong := check(s); wrong {
		m.list.Add(d)
		return
	}
	if d, slip := near(s); slip {
		m.list.Add(d)
	}
	if s.Value == nil {
		m.nothing = append(m.nothing, s.Key)
	}
	before, _ := m.values.Named(s.Key)
	if m.replaces {
		before = nil
	}
	m.values.Put(s.Key, combine(s.Key, before, s.Value))
	m.places.Set(s.Key, s.Span)
	if isHook(s.Key) {
		for i := range listed(s.Value) {
			m.hooks = append(m.hooks, manifest.Place{Key: s.Key, Span: s.item(i)})
		}
	}
}

// fallBack gives dbt's own keys that end as None what the project's file says of
// them: dbt reads the trees before it reads a node, and then lays over that what
// is not None. Keys that dbt has no default for stay None.
func (m *merging) fallBack(resourceType string, trees ...[]Layer) (emptied []string) {
	if len(m.nothing) == 0 || resourceType == "source" || resourceType == "exposure" {
		return nil
	}
	defaults := Defaults(resourceType)
	for _, key := range m.nothing {
		if v, _ := m.values.Named(key); v != nil {
			continue
		}
		usual, own := defaults.Named(key)
		if !own {
			continue
		}
		v := usual
		for _, layers := range trees {
			for _, l := range layers {
				if s, ok := l.Get(key); ok {
					v = s.Value
				}
			}
		}
		if v == nil {
			v = usual
		}
		m.values.Put(key, v)
		emptied = append(emptied, key)
	}
	return emptied
}

// combine is what a key holds once v was set over before.
func combine(key string, before, v value.Value) value.Value {
	switch key {
	case "tags", "packages": // a tag that is set twice is there twice, as in dbt's config
		return value.NewList(append(listed(before), listed(v)...)...)
	case preHook, postHook:
		hooks := listed(before)
		for _, h := range listed(v) {
			hooks = append(hooks, hook(h))
		}
		return value.NewList(hooks...)
	case "meta", "docs", "quoting", "column_types", "contract", "snapshot_meta_column_names":
		return updated(before, v)
	case "freshness":
		if v == nil {
			return nil // switched off
		}
		return updated(before, v)
	case "grants":
		return granted(before, v)
	}
	return v
}

// listed is a new slice: of a list's elements, of one value, or of none.
func listed(v value.Value) []value.Value {
	switch v := v.(type) {
	case nil:
		return nil
	case *value.List:
		return append([]value.Value(nil), v.Elems...)
	case *value.Tuple:
		return append([]value.Value(nil), v.Elems...)
	case *value.Set:
		if elems, err := value.Iterate(v); err == nil {
			return elems
		}
	}
	return []value.Value{v}
}

// updated is dict.update, on a copy; what is no dict replaces.
func updated(before, v value.Value) value.Value {
	old, ok := before.(*value.Dict)
	fresh, is := v.(*value.Dict)
	if v == nil {
		return before
	}
	if !ok || !is {
		return v
	}
	c := old.Copy()
	for k, e := range fresh.All() {
		_ = c.Set(k, e) // k was a key before
	}
	return c
}

// granted merges grants: +select adds grantees, select replaces them.
func granted(before, v value.Value) value.Value {
	fresh, is := v.(*value.Dict)
	if !is {
		return before
	}
	c := value.NewDict()
	if old, ok := before.(*value.Dict); ok {
		c = old.Copy()
	}
	for k, e := range fresh.All() {
		name, _ := k.(string)
		if privilege, adds := strings.CutPrefix(name, "+"); adds {
			old, _ := c.Get(privilege)
			c.Put(privilege, value.NewList(append(listed(old), listed(e)...)...))
			continue
		}
		c.Put(name, value.NewList(listed(e)...))
	}
	return c
}

// hook is a hook as a dict of sql, transaction and index, whichever way it was
// written: a string, a mapping, or a string that holds a mapping in JSON.
func hook(v value.Value) value.Value {
	out := value.DictOf("sql", "", "transaction", true, "index", nil)
	switch v := v.(type) {
	case *value.Dict:
		for k, e := range v.All() {
			_ = out.Set(k, e) // k was a key before
		}
	case string:
		out.Put("sql", v)
		if strings.HasPrefix(strings.TrimSpace(v), "{") {
			var written struct {
				SQL         *string `json:"sql"`
				Transaction *bool   `json:"transaction"`
			}
			if json.Unmarshal([]byte(v), &written) == nil && written.SQL != nil {
				out.Put("sql", *written.SQL)
				if written.Transaction != nil {
					out.Put("transaction", *written.Transaction)
				}
			}
		}
	default:
		out.Put("sql", value.Str(v))
	}
	return out
}
