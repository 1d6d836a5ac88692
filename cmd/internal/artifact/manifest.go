package artifact

import (
	"crypto/md5"
	"encoding/hex"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag"
)

// Manifest is what manifest.json holds.
type manifestFile struct {
	Metadata       manifestMetadata    `json:"metadata"`
	Nodes          map[string]any      `json:"nodes"`
	Sources        map[string]any      `json:"sources"`
	Macros         map[string]any      `json:"macros"`
	Docs           map[string]any      `json:"docs"`
	Exposures      map[string]any      `json:"exposures"`
	Metrics        map[string]any      `json:"metrics"`
	Groups         map[string]any      `json:"groups"`
	Selectors      map[string]any      `json:"selectors"`
	Disabled       map[string][]any    `json:"disabled"`
	ParentMap      map[string][]string `json:"parent_map"`
	ChildMap       map[string][]string `json:"child_map"`
	GroupMap       map[string][]string `json:"group_map"`
	SavedQueries   map[string]any      `json:"saved_queries"`
	SemanticModels map[string]any      `json:"semantic_models"`
	UnitTests      map[string]any      `json:"unit_tests"`
	Functions      map[string]any      `json:"functions"`
}

type manifestMetadata struct {
	Schema              string            `json:"dbt_schema_version"`
	Version             string            `json:"dbt_version"`
	GeneratedAt         string            `json:"generated_at"`
	InvocationID        string            `json:"invocation_id"`
	InvocationStartedAt string            `json:"invocation_started_at"`
	Env                 map[string]string `json:"env"`
	ProjectName         string            `json:"project_name"`
	ProjectID           string            `json:"project_id"`
	UserID              *string           `json:"user_id"`
	Usage               bool              `json:"send_anonymous_usage_stats"`
	AdapterType         string            `json:"adapter_type"`
	Quoting             quoting           `json:"quoting"`
	RunStartedAt        string            `json:"run_started_at"`
}

// Compiled is what a run adds to a node of the manifest.
type Compiled struct {
	SQL  string
	Path string
	CTEs []CTE
}

// CTE is an ephemeral model inside another node's SQL.
type CTE struct {
	ID  string `json:"id"`
	SQL string `json:"sql"`
}

// Project is what manifest.json is made of.
type Project struct {
	Manifest *manifest.Manifest
	Graph    *dag.Graph
	Root     string
	// Compiled holds the nodes that this invocation has compiled, by unique id.
	Compiled map[string]Compiled
}

// WriteManifest writes manifest.json.
func WriteManifest(path string, i Invocation, p Project, now time.Time) error {
	m := p.Manifest
	id := md5.Sum([]byte(m.ProjectName))
	started := i.Started.UTC().Format("2006-01-02T15:04:05.000000+00:00")
	file := manifestFile{
		Metadata: manifestMetadata{
			Schema: "https://schemas.getdbt.com/dbt/manifest/v12.json", Version: DBTVersion,
			GeneratedAt: stamp(now), InvocationID: i.ID, InvocationStartedAt: started, Env: filled(i.Env),
			ProjectName: m.ProjectName, ProjectID: hex.EncodeToString(id[:]), AdapterType: "clickhouse",
			Quoting: quoting{Database: yes(), Schema: yes(), Identifier: yes()}, RunStartedAt: started,
		},
		Nodes: map[string]any{}, Sources: map[string]any{}, Macros: map[string]any{}, Docs: map[string]any{},
		Exposures: map[string]any{}, Metrics: carried(m, "metrics"), Groups: map[string]any{}, Selectors: map[string]any{},
		Disabled: map[string][]any{}, ParentMap: map[string][]string{}, ChildMap: map[string][]string{},
		GroupMap: map[string][]string{}, SavedQueries: carried(m, "saved_queries"), SemanticModels: carried(m, "semantic_models"),
		UnitTests: map[string]any{}, Functions: map[string]any{},
	}
	for id, n := range m.Nodes {
		file.Nodes[id] = p.node(n)
		if n.Group != "" {
			file.GroupMap[n.Group] = append(file.GroupMap[n.Group], id)
		}
	}
	for id, s := range m.Sources {
		file.Sources[id] = sourceOf(s)
	}
	for id, d := range m.Macros {
		file.Macros[id] = macroOf(d)
	}
	for id, d := range m.Docs {
		file.Docs[id] = docOf(d)
	}
	for id, e := range m.Exposures {
		file.Exposures[id] = exposureOf(e)
	}
	for id, g := range m.Groups {
		file.Groups[id] = groupOf(g)
		if file.GroupMap[g.Name] == nil {
			file.GroupMap[g.Name] = []string{}
		}
	}
	for name, s := range m.Selectors {
		file.Selectors[name] = selectorOf(s)
	}
	for id, u := range m.UnitTests {
		file.UnitTests[id] = unitTestOf(u)
	}
	for id, nodes := range m.Disabled {
		for _, n := range nodes {
			file.Disabled[id] = append(file.Disabled[id], p.node(n))
		}
	}
	for id, sources := range m.DisabledSources {
		for _, s := range sources {
			file.Disabled[id] = append(file.Disabled[id], sourceOf(s))
		}
	}
	for _, ids := range file.GroupMap {
		slices.Sort(ids)
	}
	for _, id := range p.Graph.IDs() {
		file.ParentMap[id] = list(p.Graph.Parents(id))
		file.ChildMap[id] = list(p.Graph.Children(id))
	}
	return write(path, file)
}

func carried(m *manifest.Manifest, kind string) map[string]any {
	if c := m.Carried[kind]; c != nil {
		return c
	}
	return map[string]any{}
}

func list(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

func filled(env map[string]string) map[string]string {
	if env == nil {
		return map[string]string{}
	}
	return env
}

func yes() *bool { b := true; return &b }
