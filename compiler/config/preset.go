package config

import (
	"maps"
	"slices"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Preset is a named set of configs for models: what a fact, a dimension or a
// mart is in a project.
type Preset struct {
	Name string
	// Settings are its configs.
	Settings Layer
	// Tests are the generic tests that each of its models must have.
	Tests []string
	// Span is where it is defined; unknown for those that are built in and not
	// tuned.
	Span source.Span
}

// Presets are a project's, by name.
type Presets map[string]*Preset

// BuiltInPresets are those that each project has, and can tune.
func BuiltInPresets() Presets {
	preset := func(name string, tests []string, pairs ...string) *Preset {
		p := &Preset{Name: name, Tests: tests}
		for pair := range slices.Chunk(pairs, 2) {
			p.Settings.Add(Setting{Key: pair[0], Value: pair[1], Raw: pair[1]})
		}
		return p
	}
	return Presets{
		"fact":      preset("fact", []string{"not_null"}, "materialized", "incremental", "on_schema_change", "append_new_columns"),
		"dimension": preset("dimension", []string{"unique", "not_null"}, "materialized", "table"),
		"mart":      preset("mart", nil, "materialized", "table"),
	}
}

// Tuned is the preset with a layer over it: its settings replace those of the
// same name, and a None takes one away.
func (p *Preset) Tuned(over Layer) *Preset {
	tuned := &Preset{Name: p.Name, Tests: p.Tests, Span: p.Span}
	for _, s := range p.Settings.Settings {
		if _, replaced := over.Get(s.Key); !replaced {
			tuned.Settings.Settings = append(tuned.Settings.Settings, s)
		}
	}
	for _, s := range over.Settings {
		if s.Value != nil {
			tuned.Settings.Settings = append(tuned.Settings.Settings, s)
		}
	}
	return tuned
}

// chosen is the preset that the layers name, and where they do.
type chosen struct {
	preset       *Preset
	group, layer int
}

// choose finds the preset of a node: what the strongest place says that names
// one, with preset: or as its materialization. One that is only named as a
// materialization counts when no stronger place says another.
func (all Presets) choose(groups [][]Layer) (c chosen, unknown Setting, wrong bool) {
	for g, layers := range groups {
		for i, l := range layers {
			for _, s := range l.Settings {
				name, isText := s.Value.(string)
				switch s.Key {
				case "preset":
					switch p := all[name]; {
					case s.Value == nil:
						c.preset = nil
					case p != nil:
						c = chosen{p, g, i}
					default:
						return c, s, true
					}
				case "materialized":
					if p := all[name]; isText && p != nil {
						c = chosen{p, g, i}
					} else if c.preset != nil && s.Value != nil && namedHere(groups[c.group][c.layer], c.preset.Name) {
						c.preset = nil
					}
				}
			}
		}
	}
	return c, Setting{}, false
}

// namedHere tells whether a layer names a preset as materialization alone.
func namedHere(l Layer, name string) bool {
	if _, ok := l.Get("preset"); ok {
		return false
	}
	s, _ := l.Get("materialized")
	return s.Value == name
}

// expand writes the preset of a node out where it is named: what the place
// itself says comes after it.
func (m *merging) expand(all Presets, groups [][]Layer) [][]Layer {
	if all == nil || !names(all, groups) {
		return groups
	}
	c, unknown, wrong := all.choose(groups)
	if wrong {
		m.list.Add(all.unknown(unknown))
	}
	out := make([][]Layer, len(groups))
	for g, layers := range groups {
		out[g] = slices.Clone(layers)
		for i, l := range layers {
			here := c.preset != nil && g == c.group && i == c.layer
			var settings []Setting
			if here {
				settings = slices.Clone(c.preset.Settings.Settings)
			}
			for _, s := range l.Settings {
				if name, ok := s.Value.(string); s.Key == "preset" || ok && s.Key == "materialized" && all[name] != nil {
					continue
				}
				settings = append(settings, s)
			}
			if here {
				settings = append(settings, c.preset.marks(l)...)
			}
			out[g][i] = Layer{Settings: settings}
		}
	}
	return out
}

// marks are what tells later which preset a node has.
func (p *Preset) marks(l Layer) []Setting {
	s, ok := l.Get("preset")
	if !ok {
		s, _ = l.Get("materialized")
	}
	mark := func(key string, v value.Value) Setting {
		return Setting{Key: key, Name: key, Value: v, Raw: v, Span: s.Span, KeySpan: s.KeySpan}
	}
	return []Setting{mark("preset", p.Name), mark("meta", value.DictOf("preset", p.Name))}
}

// names tells whether any layer can name a preset.
func names(all Presets, groups [][]Layer) bool {
	for _, layers := range groups {
		for _, l := range layers {
			for _, s := range l.Settings {
				name, ok := s.Value.(string)
				if s.Key == "preset" || ok && s.Key == "materialized" && all[name] != nil {
					return true
				}
			}
		}
	}
	return false
}

func (all Presets) unknown(s Setting) diag.Diagnostic {
	names := slices.Sorted(maps.Keys(all))
	d := diag.Diagnostic{Code: "unknown-preset", Span: s.Span, What: "there is no preset " + value.Repr(s.Value)}
	if name, ok := s.Value.(string); ok {
		d.Fix = diag.DidYouMean(name, names)
	}
	if d.Fix == "" {
		d.Fix = "define it below presets:"
	}
	return d
}
