// Package dagtest makes graphs and manifests of text, for tests.
//
// "a -> b -> c" says that c reads b and b reads a. Lines and commas separate
// chains; a lone name is a node without edges.
package dagtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/dag"
)

// Edges reads the text.
func Edges(text string) (ids []string, edges [][2]string) {
	for chain := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == ',' }) {
		var previous string
		for part := range strings.SplitSeq(chain, "->") {
			id := strings.TrimSpace(part)
			if id == "" {
				continue
			}
			ids = append(ids, id)
			if previous != "" {
				edges = append(edges, [2]string{previous, id})
			}
			previous = id
		}
	}
	return ids, edges
}

// Graph makes a graph of the text.
func Graph(text string) *dag.Graph { return dag.FromEdges(Edges(text)) }

// Manifest makes a project "p" of the text. What a name stands for is told by
// how it begins: src. is a source ("src.shop.orders"), seed_ a seed, test_ a
// generic test, check_ a singular one, expo_ an exposure, anything else a
// model. Folders are written before the name: "staging/stg_orders".
func Manifest(text string) *manifest.Manifest {
	m := &manifest.Manifest{
		ProjectName: "p",
		Nodes:       map[string]*manifest.Node{},
		Sources:     map[string]*manifest.Source{},
		Exposures:   map[string]*manifest.Exposure{},
		Selectors:   map[string]*manifest.Selector{},
	}
	ids, edges := Edges(text)
	for _, id := range ids {
		add(m, id)
	}
	for _, e := range edges {
		parent, child := ID(e[0]), ID(e[1])
		if n := m.Nodes[child]; n != nil && !slices.Contains(n.DependsOn.Nodes, parent) {
			n.DependsOn.Nodes = append(n.DependsOn.Nodes, parent)
		}
		if x := m.Exposures[child]; x != nil {
			x.DependsOn.Nodes = append(x.DependsOn.Nodes, parent)
		}
	}
	return m
}

// ID is the unique id of a name.
func ID(text string) string {
	name := text[strings.LastIndex(text, "/")+1:]
	return kind(name) + ".p." + strings.TrimPrefix(name, "src.")
}

func kind(name string) string {
	switch {
	case strings.HasPrefix(name, "src."):
		return "source"
	case strings.HasPrefix(name, "seed_"):
		return manifest.Seed
	case strings.HasPrefix(name, "test_"), strings.HasPrefix(name, "check_"):
		return manifest.Test
	case strings.HasPrefix(name, "expo_"):
		return "exposure"
	}
	return manifest.Model
}

func add(m *manifest.Manifest, text string) {
	id := ID(text)
	folders := strings.Split(text, "/")
	name := folders[len(folders)-1]
	fqn := append([]string{"p"}, folders...)
	config := func(materialized string) *manifest.Config {
		return manifest.NewConfig(value.DictOf("materialized", materialized), nil)
	}
	switch kind(name) {
	case "source":
		parts := strings.SplitN(name, ".", 3)
		m.Sources[id] = &manifest.Source{
			UniqueID: id, Package: "p", SourceName: parts[1], Name: parts[2],
			FQN: []string{"p", parts[1], parts[2]}, OriginalPath: "models/sources.yml", Config: config("source"),
		}
	case "exposure":
		m.Exposures[id] = &manifest.Exposure{UniqueID: id, Package: "p", Name: name, FQN: fqn, OriginalPath: "models/exposures.yml"}
	case manifest.Seed:
		m.Nodes[id] = &manifest.Node{UniqueID: id, Package: "p", Name: name, ResourceType: manifest.Seed, FQN: fqn, OriginalPath: "seeds/" + text + ".csv", Config: config("seed")}
	case manifest.Test:
		info := &manifest.TestInfo{}
		if strings.HasPrefix(name, "test_") {
			info.Name = strings.Split(name, "_")[1]
		}
		m.Nodes[id] = &manifest.Node{UniqueID: id, Package: "p", Name: name, ResourceType: manifest.Test, FQN: fqn, OriginalPath: fmt.Sprintf("tests/%s.sql", text), Config: config("test"), Test: info}
	default:
		m.Nodes[id] = &manifest.Node{UniqueID: id, Package: "p", Name: name, ResourceType: manifest.Model, FQN: fqn, OriginalPath: "models/" + text + ".sql", Config: config("view")}
	}
}
