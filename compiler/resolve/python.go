package resolve

import (
	"path"
	"strings"

	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
)

// python are the models that are written in Python: nodes that can be listed,
// selected and referred to, and that nobody can build.
func (r *reading) python(p *pack) ([]project.Found, []*source.File, error) {
	found := p.listing.In(p.ModelPaths, ".py")
	files, err := project.Read(found)
	return found, files, err
}

// inPython lets a model say in Python what others say in their template.
func (d *draft) inPython() {
	d.plain = true // no template, whatever braces are in it
	d.run = func(in *scope.Rendering) error {
		// As dbt does: whatever YAML says, it is a table unless it says itself
		// what it is.
		calls := []pythonCall{{text: "config(materialized='table')", at: firstLine(d.at)}}
		for _, c := range append(calls, pythonCalls(d.at)...) {
			t, err := template.ParseText("{{ "+c.text+" }}", c.at)
			if err != nil || !isLiteralCall(t) {
				continue // computed in Python: what it comes to is known to Python alone
			}
			if err := in.Run(t); err != nil {
				return err
			}
		}
		return nil
	}
}

func isLiteralCall(t *template.Template) bool {
	calls := t.Calls()
	return len(calls) == 1 && calls[0].Literal
}

// cannotBuild is what is said to who wants a model in Python built.
func cannotBuild(n *manifest.Node) diag.Diagnostic {
	return diag.Diagnostic{
		Code: "python-model", Span: firstLine(n.Span),
		What: n.Name + " is a model in Python, and ClickHouse runs SQL only",
		Why:  "all else in the project works without it, but for what is built on it",
		Fix: "write it in SQL as " + strings.TrimSuffix(path.Base(n.OriginalPath), ".py") +
			".sql, leave it out with --exclude " + n.Name + "+, or disable it in YAML with config: {enabled: false}",
	}
}
