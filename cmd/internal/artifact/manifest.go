package artifact

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag"
)

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
type CTE struct{ ID, SQL string }

// Project is what manifest.json is made of.
type Project struct {
	Manifest *manifest.Manifest
	Graph    *dag.Graph
	Root     string
	// Compiled holds the nodes that this invocation has compiled, by unique id.
	Compiled map[string]Compiled
	// Built holds where the statements were written of the nodes that this
	// invocation has built, by unique id.
	Built map[string]string

	tests map[string][]*manifest.Node // see testsByNode
}

// WriteManifest writes manifest.json.
func WriteManifest(path string, i Invocation, p Project, now time.Time) error {
	p.tests = testsByNode(p.Manifest)
	return writeFile(path, func(out io.Writer) error {
		s := &sections{out: out}
		s.value("metadata", p.metadata(i, now))
		p.resources(s)
		p.edges(s)
		return s.end()
	})
}

func (p Project) metadata(i Invocation, now time.Time) manifestMetadata {
	id := md5.Sum([]byte(p.Manifest.ProjectName))
	started := i.Started.UTC().Format("2006-01-02T15:04:05.000000+00:00")
	return manifestMetadata{
		Schema: "https://schemas.getdbt.com/dbt/manifest/v12.json", Version: DBTVersion,
		GeneratedAt: stamp(now), InvocationID: i.ID, InvocationStartedAt: started, Env: filled(i.Env),
		ProjectName: p.Manifest.ProjectName, ProjectID: hex.EncodeToString(id[:]), AdapterType: "clickhouse",
		Quoting: quoting{Database: yes(), Schema: yes(), Identifier: yes()}, RunStartedAt: started,
	}
}

// resources writes everything that has a unique id.
func (p Project) resources(s *sections) {
	m := p.Manifest
	each(s, "nodes", m.Nodes, p.appendNode)
	each(s, "sources", m.Sources, tagged(sourceOf))
	each(s, "macros", m.Macros, tagged(macroOf))
	each(s, "docs", m.Docs, tagged(docOf))
	each(s, "exposures", m.Exposures, tagged(exposureOf))
	s.value("metrics", carried(m, "metrics"))
	each(s, "groups", m.Groups, tagged(groupOf))
	each(s, "selectors", m.Selectors, tagged(selectorOf))
	each(s, "disabled", disabled(m), p.appendDisabled)
	s.value("saved_queries", carried(m, "saved_queries"))
	s.value("semantic_models", carried(m, "semantic_models"))
	each(s, "unit_tests", m.UnitTests, tagged(unitTestOf))
	s.value("functions", map[string]any{})
}

// edges writes who needs whom.
func (p Project) edges(s *sections) {
	ids := p.Graph.IDs()
	s.ordered("parent_map", ids, func(text []byte, id string) ([]byte, error) {
		return appendStrings(text, p.Graph.Parents(id)), nil
	})
	s.ordered("child_map", ids, func(text []byte, id string) ([]byte, error) {
		return appendStrings(text, p.Graph.Children(id)), nil
	})
	groups := map[string][]string{}
	for _, g := range p.Manifest.Groups {
		groups[g.Name] = []string{}
	}
	for id, n := range p.Manifest.Nodes {
		if n.Group != "" {
			groups[n.Group] = append(groups[n.Group], id)
		}
	}
	for _, members := range groups {
		slices.Sort(members)
	}
	s.value("group_map", groups)
}

// switchedOff are the resources of one unique id that are disabled.
type switchedOff struct {
	nodes   []*manifest.Node
	sources []*manifest.Source
}

func disabled(m *manifest.Manifest) map[string]switchedOff {
	all := map[string]switchedOff{}
	for id, nodes := range m.Disabled {
		all[id] = switchedOff{nodes: nodes}
	}
	for id, sources := range m.DisabledSources {
		all[id] = switchedOff{nodes: all[id].nodes, sources: sources}
	}
	return all
}

func (p Project) appendDisabled(text []byte, off switchedOff) ([]byte, error) {
	text = append(text, '[')
	var err error
	for i, n := range off.nodes {
		if i > 0 {
			text = append(text, ',')
		}
		if text, err = p.appendNode(text, n); err != nil {
			return nil, err
		}
	}
	for i, s := range off.sources {
		if i > 0 || len(off.nodes) > 0 {
			text = append(text, ',')
		}
		if text, err = tagged(sourceOf)(text, s); err != nil {
			return nil, err
		}
	}
	return append(text, ']'), nil
}

func carried(m *manifest.Manifest, kind string) map[string]any {
	if c := m.Carried[kind]; c != nil {
		return c
	}
	return map[string]any{}
}

func filled(env map[string]string) map[string]string {
	if env == nil {
		return map[string]string{}
	}
	return env
}

func yes() *bool { b := true; return &b }

// each writes a section of things by their ids, in order.
func each[T any](s *sections, name string, things map[string]T, appendThing func([]byte, T) ([]byte, error)) {
	ids := slices.AppendSeq(make([]string, 0, len(things)), maps.Keys(things))
	slices.Sort(ids)
	s.ordered(name, ids, func(text []byte, id string) ([]byte, error) {
		return appendThing(text, things[id])
	})
}

// tagged appends what has JSON tags of its own.
func tagged[T any](entry func(T) any) func([]byte, T) ([]byte, error) {
	return func(text []byte, thing T) ([]byte, error) {
		o := &object{text: text}
		o.marshal(entry(thing))
		return o.text, o.err
	}
}
