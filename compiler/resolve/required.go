package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// requiredTests reports models that lack a test that their preset asks for.
func (r *reading) requiredTests() {
	if r.incomplete.properties {
		return
	}
	var asked []*manifest.Node
	for _, d := range r.drafts {
		if p := r.preset(d.node); p != nil && len(p.Tests) > 0 {
			asked = append(asked, d.node)
		}
	}
	if len(asked) == 0 {
		return
	}
	tests := map[string][]string{}
	for _, n := range r.m.Nodes {
		if n.Test != nil && n.Test.Attached != "" {
			name := n.Test.Name
			if n.Test.Namespace != "" {
				name = n.Test.Namespace + "." + name
			}
			tests[n.Test.Attached] = append(tests[n.Test.Attached], name)
		}
	}
	for _, n := range asked {
		preset := r.preset(n)
		var missing []string
		for _, t := range preset.Tests {
			if !slices.Contains(tests[n.UniqueID], t) {
				missing = append(missing, t)
			}
		}
		if len(missing) == 0 {
			continue
		}
		d := diag.Diagnostic{
			Code: "missing-tests", Span: firstLine(n.Span),
			What: fmt.Sprintf("%s is a %s and has no test %s", n.Name, preset.Name, strings.Join(missing, ", and none that is ")),
			Why:  fmt.Sprintf("the preset %s asks for %s", preset.Name, strings.Join(preset.Tests, " and ")),
			Fix: fmt.Sprintf("add data_tests: [%s] to a column in its YAML, or change presets: {%s: {tests: [...]}}",
				strings.Join(missing, ", "), preset.Name),
		}
		if at := n.Config.Place("preset"); at.Known() {
			d.Notes = append(d.Notes, diag.Note{Span: at, Text: "it is made a " + preset.Name + " here"})
		}
		if preset.Span.Known() {
			d.Notes = append(d.Notes, diag.Note{Span: preset.Span, Text: "the preset"})
		}
		r.list.Add(d)
	}
}

// preset is the one that a model is made of; nil for none.
func (r *reading) preset(n *manifest.Node) *config.Preset {
	if n.ResourceType != manifest.Model {
		return nil
	}
	return r.byName[n.Package].presets[n.Config.String("preset")]
}
