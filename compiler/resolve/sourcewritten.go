package resolve

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/value"
)

// loadedAt are the column and the query that tell how fresh a table is. What
// the root project says of a package is strongest, then what stands at the
// table, then what stands at the source; a project's own tree comes last.
func loadedAt(s *property.Source, t *property.Table, own, root []config.Layer) (field, query string) {
	field, query = textIn(root, "loaded_at_field"), textIn(root, "loaded_at_query")
	ofTable := firstOf(t.LoadedAtField, textIn([]config.Layer{t.Config}, "loaded_at_field"))
	field = firstOf(field, ofTable)
	query = firstOf(query, t.LoadedAtQuery.Raw, textIn([]config.Layer{t.Config}, "loaded_at_query"))
	if t.LoadedAtSet || ofTable != "" {
		return field, query
	}
	field = firstOf(field, s.LoadedAtField, textIn([]config.Layer{s.Config}, "loaded_at_field"), textIn(own, "loaded_at_field"))
	query = firstOf(query, s.LoadedAtQuery.Raw, textIn([]config.Layer{s.Config}, "loaded_at_query"), textIn(own, "loaded_at_query"))
	return field, query
}

// textIn is the last text that layers set for a key.
func textIn(layers []config.Layer, key string) string {
	text := ""
	for _, l := range layers {
		if s, ok := l.Get(key); ok {
			text, _ = s.Value.(string)
		}
	}
	return text
}

// unrenderedSource is what was set in a project's own files, and what dbt
// always counts as set.
func unrenderedSource(n *manifest.Source, s *property.Source, t *property.Table) *value.Dict {
	d := n.UnrenderedConfig
	inConfig := func(l config.Layer) []string {
		s, _ := l.Get("tags")
		return manifest.NewConfig(value.DictOf("tags", s.Value), nil).Strings("tags")
	}
	tags := slices.Concat(s.Tags, inConfig(s.Config), t.Tags, inConfig(t.Config))
	slices.Sort(tags)
	d.Put("tags", textList(slices.Compact(tags)))
	d.Put("meta", joined(s.Meta, dictIn(s.Config, "meta"), t.Meta, dictIn(t.Config, "meta")))
	if s.FreshnessSet || t.FreshnessSet {
		limits := freshness(s, t)
		d.Put("freshness", nil)
		if limits != nil {
			d.Put("freshness", thresholds(limits))
		}
	}
	field, query := loadedAt(s, t, nil, nil)
	for key, text := range map[string]string{"loaded_at_field": field, "loaded_at_query": query} {
		d.Put(key, nil)
		if text != "" {
			d.Put(key, text)
		}
	}
	return d
}

// thresholds are limits of freshness with all keys there are.
func thresholds(limits *value.Dict) *value.Dict {
	d := filled(limits)
	for _, key := range []string{"warn_after", "error_after"} {
		after := value.DictOf("count", nil, "period", nil)
		v, _ := d.Get(key)
		if written, ok := v.(*value.Dict); ok {
			for k, e := range written.All() {
				_ = after.Set(k, e) // k was a key before
			}
		}
		d.Put(key, after)
	}
	return d
}

// overlaid is a dict with what the root project wrote on top.
func overlaid(d *value.Dict, root []config.Layer) *value.Dict {
	for _, l := range root {
		for _, s := range l.Settings {
			d.Put(s.Name, s.Raw)
		}
	}
	return d
}
