package project

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Project is a project's file, rendered for a target. It is read-only but for
// its trees, which remember what was used; all of it may be used concurrently.
type Project struct {
	Name        string
	Version     string
	Root        string // absolute
	Prefix      string // see Definition
	ProfileName string

	// Paths are relative to Root.
	ModelPaths    []string
	SeedPaths     []string
	SnapshotPaths []string
	TestPaths     []string
	AnalysisPaths []string
	MacroPaths    []string
	AssetPaths    []string
	FunctionPaths []string
	// DocsPaths are all other paths when none are written.
	DocsPaths    []string
	TargetPath   string
	LogPath      string
	PackagesPath string
	CleanTargets []string

	OnRunStart []Hook
	OnRunEnd   []Hook
	// Vars are as written; nil without any.
	Vars     *yaml.Node
	Dispatch []Dispatch
	Flags    *value.Dict
	Quoting  *value.Dict
	// QueryComment is as written; nil when the default holds.
	QueryComment   *yaml.Node
	RestrictAccess bool
	// Trees are the configs by resource type: model, seed, test ...
	Trees map[string]*config.Tree
	// presets are what the project says of presets, in order.
	presets []presetEntry

	File *source.File
	// Node is the file rendered, but for hooks, vars and the query comment;
	// Raw is as written.
	Node *yaml.Node
	Raw  *yaml.Node
}

// Hook is a template to run before or after everything.
type Hook struct {
	SQL  string
	Node *yaml.Node
	Span source.Span
}

// Dispatch is where adapter.dispatch looks for a package's macros.
type Dispatch struct {
	Namespace string
	Order     []string
}

// EmulatedVersion is the dbt whose ways chmod has.
const EmulatedVersion = "1.11.7"

// ReadOptions say how a project's file is checked.
type ReadOptions struct {
	// VersionCheck refuses projects that require another dbt.
	VersionCheck bool
	// DbtVersion is checked against; EmulatedVersion when empty.
	DbtVersion string
}

// Project renders the file for a target and types it. The project is nil when
// it cannot be used at all.
func (d *Definition) Project(r yaml.Renderer, o ReadOptions) (*Project, diag.List, error) {
	node, list, err := yaml.Render(d.Node, r, late)
	if err != nil {
		return nil, list, err
	}
	t := typing{Reader: yaml.Reader{Code: "project-type", List: list}, node: node}
	p := &Project{Root: d.Root, Prefix: d.Prefix, File: d.File, Node: node, Raw: d.Node}
	t.known()
	t.name(p)
	t.paths(p)
	p.Version = t.Str("version", node.Get("version"))
	p.ProfileName = t.Str("profile", node.Get("profile"))
	p.OnRunStart = t.hooks("on-run-start")
	p.OnRunEnd = t.hooks("on-run-end")
	p.Flags = t.Dict("flags", node.Get("flags"))
	p.Quoting = t.Dict("quoting", node.Get("quoting"))
	p.RestrictAccess = t.Bool("restrict-access", node.Get("restrict-access"), false)
	p.Dispatch = t.dispatch()
	p.presets = t.presets(node.Get("presets"))
	beside, err := t.presetsBeside(d, r)
	if err != nil {
		return nil, t.List, err
	}
	p.presets = append(p.presets, beside...)
	p.QueryComment = node.Get("query-comment")
	if vars := node.Get("vars"); t.Dict("vars", vars) != nil {
		p.Vars = vars
	}
	t.configVersion()
	t.trees(p, d.Node)
	if o.VersionCheck {
		t.version(p.Name, o.DbtVersion)
	}
	if p.Name == "" {
		return nil, t.List, nil
	}
	return p, t.List, nil
}

// late tells what dbt renders later: hooks, vars and the query comment.
func late(path []string) bool {
	switch path[0] {
	case "on-run-start", "on-run-end", "query-comment", "vars":
		return true
	case "presets", "models", "seeds", "snapshots", "tests", "data_tests":
		switch config.Canonical(bare(path[len(path)-1])) {
		case "pre-hook", "post-hook":
			return true
		}
	}
	return false
}

// typing reads the keys of a project's file.
type typing struct {
	yaml.Reader
	node *yaml.Node
}

var projectName = regexp.MustCompile(`^[^\d\W]\w*$`)

// reserved are the names in a template's context that a package's namespace
// would hide.
var reserved = []string{"adapter", "api", "column", "config", "context", "database", "dbt", "env", "env_var",
	"exceptions", "execute", "flags", "fromjson", "fromyaml", "graph", "invocation_id", "load_agate_table",
	"load_result", "log", "model", "modules", "post_hooks", "pre_hooks", "ref", "render", "return", "run_started_at",
	"schema", "source", "sql", "sql_now", "store_result", "store_raw_result", "target", "this", "tojson", "toyaml",
	"try_or_compiler_error", "var", "write"}

func (t *typing) name(p *Project) {
	node := t.node.Get("name")
	if node.Null() {
		t.Wrong(t.node, p.File.Path+" does not name the project", "add name: with letters, digits and _")
		return
	}
	name := t.Str("the project's name", node)
	switch {
	case name == "":
	case !projectName.MatchString(name):
		t.Wrong(node, fmt.Sprintf("%q cannot name a project", name), "use letters, digits and _, and begin with a letter")
	case slices.Contains(reserved, name):
		t.Wrong(node, fmt.Sprintf("%q cannot name a project: it is a name that templates know", name), "choose another name")
	default:
		p.Name = name
	}
}

func (t *typing) configVersion() {
	node := t.node.Get("config-version")
	if v := t.Int("config-version", node, 2); v != 2 {
		t.Wrong(node, fmt.Sprintf("config-version must be 2, not %d", v), "write config-version: 2")
	}
}

// hooks reads a string or a list of strings, as written.
func (t *typing) hooks(key string) []Hook {
	node := t.node.Get(key)
	items := []*yaml.Node{node}
	switch {
	case node.Null():
		return nil
	case node.Kind == yaml.Sequence:
		items = node.Items()
	}
	var out []Hook
	for _, item := range items {
		if sql := t.Str("a hook of "+key, item); sql != "" {
			out = append(out, Hook{SQL: sql, Node: item, Span: item.Span})
		}
	}
	return out
}

func (t *typing) dispatch() []Dispatch {
	node := t.node.Get("dispatch")
	if node.Null() {
		return nil
	}
	if node.Kind != yaml.Sequence {
		t.Wrong(node, "dispatch must be a list, not "+node.What(), "begin each entry with - macro_namespace:")
		return nil
	}
	var out []Dispatch
	for _, item := range node.Items() {
		if t.Dict("an entry of dispatch", item) == nil {
			continue
		}
		t.Known("an entry of dispatch", item, []string{"macro_namespace", "search_order"}, nil)
		d := Dispatch{
			Namespace: t.Str("macro_namespace", item.Get("macro_namespace")),
			Order:     t.Strs("search_order", item.Get("search_order")),
		}
		if d.Namespace == "" || len(d.Order) == 0 {
			t.Wrong(item, "an entry of dispatch needs macro_namespace and search_order", "")
			continue
		}
		out = append(out, d)
	}
	return out
}
