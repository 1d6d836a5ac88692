package project

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// presetsFile holds presets beside the project's file, which dbt refuses to
// read with keys that it does not know.
const presetsFile = "presets.yml"

// presetEntry is what a project says of one preset.
type presetEntry struct {
	name     string
	settings config.Layer
	// tests is nil when nothing is said of them.
	tests []string
	said  bool
	node  *yaml.Node
}

// presets reads presets: of the project's file.
func (t *typing) presets(node *yaml.Node) []presetEntry {
	if node.Null() || t.Dict("presets", node) == nil {
		return nil
	}
	var out []presetEntry
	for _, e := range node.Entries {
		name := e.Name()
		what := "the preset " + name
		if !projectName.MatchString(name) {
			t.Wrong(e.Key, what+" cannot have such a name", "use letters, digits and _, and begin with a letter")
			continue
		}
		if slices.Contains([]string{"table", "view", "ephemeral", "incremental", "materialized_view", "dictionary", "distributed_table", "distributed_incremental"}, name) {
			t.Wrong(e.Key, what+" has the name of a materialization", "choose another name, or tune it in a tree of models:")
			continue
		}
		if !e.Value.Null() && t.Dict(what, e.Value) == nil {
			continue
		}
		entry := presetEntry{name: name, node: e.Key}
		var settings []yaml.Entry
		if !e.Value.Null() {
			for _, s := range e.Value.Entries {
				switch bare(s.Name()) {
				case "tests":
					entry.tests, entry.said = t.Strs("tests of "+what, s.Value), true
				case "description":
					t.Str("the description of "+what, s.Value)
				case "preset":
					t.Wrong(s.Key, what+" names a preset itself", "write its configs out")
				default:
					settings = append(settings, s)
				}
			}
		}
		var list diag.List
		entry.settings, list = config.FromEntries(settings, nil)
		t.List.Join(list)
		out = append(out, entry)
	}
	return out
}

// presetsBeside reads presets.yml; without the file there are none.
func (t *typing) presetsBeside(d *Definition, r yaml.Renderer) ([]presetEntry, error) {
	abs := filepath.Join(d.Root, presetsFile)
	if _, err := os.Stat(abs); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	_, doc, list, err := readYAML(abs, path.Join(d.Prefix, presetsFile))
	t.List.Join(list)
	if err != nil || doc == nil {
		return nil, err
	}
	doc, list, err = yaml.Render(doc, r, func(path []string) bool {
		key := config.Canonical(bare(path[len(path)-1]))
		return key == "pre-hook" || key == "post-hook"
	})
	t.List.Join(list)
	if err != nil {
		return nil, err
	}
	t.Known(presetsFile, doc, []string{"presets", "version"}, nil)
	return t.presets(doc.Get("presets")), nil
}

// PresetsOf are the presets that the models of a package can have: the built-in
// ones, its own, and those of the root project p, later ones tuning the
// earlier.
func (p *Project) PresetsOf(pkg *Project) config.Presets {
	all := config.BuiltInPresets()
	entries := pkg.presets
	if pkg != p {
		entries = slices.Concat(pkg.presets, p.presets)
	}
	for _, e := range entries {
		before := all[e.name]
		if before == nil {
			before = &config.Preset{Name: e.name}
		}
		tuned := before.Tuned(e.settings)
		if tuned.Span = e.node.Span; e.said {
			tuned.Tests = e.tests
		}
		all[e.name] = tuned
	}
	return all
}
