package project

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// treeKeys are the keys of config trees and the resource types they are for.
var treeKeys = []struct{ key, resourceType string }{
	{"models", "model"}, {"seeds", "seed"}, {"snapshots", "snapshot"}, {"sources", "source"},
	{"tests", "test"}, {"data_tests", "test"}, {"unit_tests", "unit_test"}, {"analyses", "analysis"},
	{"exposures", "exposure"}, {"metrics", "metric"}, {"semantic-models", "semantic_model"},
	{"saved-queries", "saved_query"}, {"functions", "function"},
}

func (t *typing) trees(p *Project, raw *yaml.Node) {
	p.Trees = map[string]*config.Tree{}
	if old, both := t.node.Entry("tests"); both {
		if e, ok := t.node.Entry("data_tests"); ok {
			t.List.Add(diag.Diagnostic{
				Code: "duplicate-key", Span: old.Key.Span,
				What:  "the project has both tests and data_tests",
				Why:   "they are two names of one key",
				Fix:   "join them below data_tests:",
				Notes: []diag.Note{{Span: e.Key.Span, Text: "data_tests is here"}},
			})
		}
	}
	for _, k := range treeKeys {
		tree, list := config.NewTree(t.node.Get(k.key), raw.Get(k.key))
		t.List.Join(list)
		if tree != nil {
			p.Trees[k.resourceType] = tree
		}
	}
}

// Unused warns of configs in the project's trees that apply to nothing. It
// means something once all nodes have been given theirs.
func (p *Project) Unused() diag.List {
	var list diag.List
	for _, k := range treeKeys {
		if k.key == "data_tests" && !p.Node.Get("tests").Null() || p.Node.Get(k.key).Null() {
			continue
		}
		list.Join(p.Trees[k.resourceType].Unused(k.key))
	}
	return list
}

// bare is a config's key without its +.
func bare(key string) string { return strings.TrimSpace(strings.TrimPrefix(key, "+")) }
