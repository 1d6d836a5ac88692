package resolve

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/check"
	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/property"
)

// check gives nodes what needs all of them, and looks for mistakes that only
// show in the whole.
func (r *reading) check() error {
	whole := make(chan diag.List, 1)
	go func() { whole <- check.Manifest(r.m) }()
	r.missingVersions()
	r.requiredTests()
	r.unusedPatches()
	r.list.Join(check.Deprecated(r.m, r.in.StartedAt))
	r.list.Join(<-whole)
	for _, p := range r.packages {
		if r.isRoot(p) {
			r.list.Join(p.Unused())
		}
	}
	return nil
}

// relation names the table or view of a node that has one.
func (r *reading) relation(n *manifest.Node) {
	switch n.ResourceType {
	case manifest.Model:
		if n.Ephemeral() {
			return
		}
	case manifest.Seed, manifest.Snapshot:
	case manifest.Test:
		as := n.Config.String("store_failures_as")
		if as == "ephemeral" || as == "" && !n.Config.Bool("store_failures", r.in.StoreFailures) {
			return
		}
	default:
		return
	}
	n.RelationName = (&scope.Relation{Schema: n.Schema, Identifier: n.Alias}).Path()
}

// unusedPatches warns of descriptions of nothing.
func (r *reading) unusedPatches() {
	for _, p := range r.packages {
		for _, f := range p.files {
			for _, patches := range [][]*property.Patch{f.Models, f.Seeds, f.Snapshots, f.Analyses, f.DataTests} {
				for _, patch := range patches {
					e := p.patches[patchKey{patch.Section, patch.Name}]
					if e == nil || e.used || e.Patch != patch || r.broken[patch.Name] {
						continue
					}
					noun := strings.ReplaceAll(strings.TrimSuffix(patch.Section, "s"), "_", " ")
					if patch.Section == "analyses" {
						noun = "analysis"
					}
					r.list.Add(diag.Diagnostic{
						Severity: diag.Warning, Code: "unused-description", Span: patch.NameSpan,
						What: "there is no " + noun + " " + patch.Name + " to describe",
						Fix:  diag.DidYouMean(patch.Name, r.namesOf(p.Name, strings.ReplaceAll(noun, "data test", "test"))),
					})
				}
			}
		}
	}
}

func (r *reading) namesOf(pkg, kind string) []string {
	var names []string
	for _, id := range sortedKeys(r.m.Nodes) {
		if n := r.m.Nodes[id]; n.ResourceType == kind && n.Package == pkg {
			names = append(names, n.Name)
		}
	}
	return names
}
