// Package check looks at a whole manifest for mistakes that no single file
// shows.
//
// Its main function is Manifest. It changes nothing and asks nobody.
package check

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
)

// Manifest reports what is wrong with a project as a whole.
func Manifest(m *manifest.Manifest) diag.List {
	var list diag.List
	nodes := sorted(m)
	relations(nodes, &list)
	names(nodes, &list)
	groups(m, nodes, &list)
	return list
}

func sorted(m *manifest.Manifest) []*manifest.Node {
	ids := make([]string, 0, len(m.Nodes))
	for id := range m.Nodes {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	nodes := make([]*manifest.Node, 0, len(ids))
	for _, id := range ids {
		nodes = append(nodes, m.Nodes[id])
	}
	return nodes
}

// relations reports nodes that would be built under one name.
func relations(nodes []*manifest.Node, list *diag.List) {
	first := map[string]*manifest.Node{}
	for _, n := range nodes {
		if n.RelationName == "" || n.ResourceType == manifest.Test {
			continue
		}
		before := first[n.RelationName]
		if before == nil {
			first[n.RelationName] = n
			continue
		}
		if before.Name == n.Name && before.Package == n.Package && before.ResourceType != n.ResourceType {
			continue // reported as two nodes of one name
		}
		list.Add(diag.Diagnostic{
			Code: "duplicate-relation", Span: place(n),
			What:  n.UniqueID + " and " + before.UniqueID + " would both be " + n.RelationName,
			Why:   "the one that is built last would replace the other",
			Fix:   "give one of them another alias or schema",
			Notes: []diag.Note{{Span: place(before), Text: "the other one"}},
		})
	}
}

// names reports models, seeds and snapshots of one name in one package: ref()
// could mean either.
func names(nodes []*manifest.Node, list *diag.List) {
	type key struct{ pkg, name string }
	first := map[key]*manifest.Node{}
	for _, n := range nodes {
		switch n.ResourceType {
		case manifest.Model, manifest.Seed, manifest.Snapshot:
		default:
			continue
		}
		k := key{n.Package, n.Name}
		before := first[k]
		if before == nil {
			first[k] = n
			continue
		}
		if n.Version != nil && before.Version != nil {
			continue
		}
		list.Add(diag.Diagnostic{
			Code: "duplicate-name", Span: place(n),
			What:  "the " + n.ResourceType + " and the " + before.ResourceType + " " + n.Name + " have one name",
			Why:   "ref('" + n.Name + "') could mean either",
			Fix:   "rename one of them; alias keeps the table's name",
			Notes: []diag.Note{{Span: place(before), Text: "the other one"}},
		})
	}
}

// groups reports groups that nobody defines.
func groups(m *manifest.Manifest, nodes []*manifest.Node, list *diag.List) {
	var known []string
	for _, g := range m.Groups {
		known = append(known, g.Name)
	}
	slices.Sort(known)
	for _, n := range nodes {
		if n.Group == "" || n.ResourceType == manifest.Test || slices.Contains(known, n.Group) {
			continue
		}
		at := n.Config.Place("group")
		if !at.Known() {
			at = place(n)
		}
		list.Add(diag.Diagnostic{
			Code: "unknown-group", Span: at, What: "there is no group " + n.Group,
			Fix: orElse(diag.DidYouMean(n.Group, known), "define it below groups: in a YAML file"),
		})
	}
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// place is a node's first line: the whole of it is too long to be shown.
func place(n *manifest.Node) source.Span {
	at := n.Span
	for i := range at.Text() {
		if at.Text()[i] == '\n' {
			at.End = at.Start + i
			break
		}
	}
	return at
}
