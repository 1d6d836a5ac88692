package check

import (
	"strings"
	"time"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
)

// Deprecated warns of models whose deprecation_date is over, and of models
// that read from a model that has one.
func Deprecated(m *manifest.Manifest, now time.Time) diag.List {
	var list diag.List
	dated := map[string]time.Time{}
	nodes := sorted(m)
	for _, n := range nodes {
		if n.ResourceType != manifest.Model || n.DeprecationDate == "" {
			continue
		}
		at, ok := manifest.Moment(n.DeprecationDate)
		if !ok {
			continue
		}
		dated[n.UniqueID] = at
		if at.Before(now) {
			list.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "deprecated-model", Span: place(n),
				What: "the model " + n.Name + " is deprecated since " + n.DeprecationDate,
				Fix:  "remove it, or its deprecation_date",
			})
		}
	}
	if len(dated) == 0 {
		return list
	}
	for _, n := range nodes {
		if n.ResourceType != manifest.Model {
			continue
		}
		for _, id := range n.DependsOn.Nodes {
			at, ok := dated[id]
			if !ok {
				continue
			}
			model, verb := m.Nodes[id], "will be deprecated on "
			if at.Before(now) {
				verb = "is deprecated since "
			}
			list.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "deprecated-model", Span: mention(n, model.Name),
				What:  n.Name + " reads from " + model.Name + ", which " + verb + model.DeprecationDate,
				Fix:   "read from something else before it goes",
				Notes: []diag.Note{{Span: place(model), Text: "the deprecated model"}},
			})
		}
	}
	return list
}

// mention is where a node's file names another, or else its first line.
func mention(n *manifest.Node, name string) source.Span {
	text := n.Span.Text()
	for _, quoted := range []string{"'" + name + "'", `"` + name + `"`} {
		if i := strings.Index(text, quoted); i >= 0 {
			return source.Span{File: n.Span.File, Start: n.Span.Start + i, End: n.Span.Start + i + len(quoted)}
		}
	}
	return place(n)
}
