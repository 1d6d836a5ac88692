package artifact

import (
	"path"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// common are the fields of all nodes.
type common struct {
	Database         string   `json:"database"`
	Schema           string   `json:"schema"`
	Name             string   `json:"name"`
	ResourceType     string   `json:"resource_type"`
	PackageName      string   `json:"package_name"`
	Path             string   `json:"path"`
	OriginalFilePath string   `json:"original_file_path"`
	UniqueID         string   `json:"unique_id"`
	FQN              []string `json:"fqn"`
	Alias            string   `json:"alias"`
	Checksum         checksum `json:"checksum"`
	Config           any      `json:"config"`
	Tags             []string `json:"tags"`
	Description      string   `json:"description"`
	Columns          columns  `json:"columns"`
	Meta             any      `json:"meta"`
	Group            *string  `json:"group"`
	Docs             docs     `json:"docs"`
	PatchPath        *string  `json:"patch_path"`
	BuildPath        *string  `json:"build_path"`
	UnrenderedConfig any      `json:"unrendered_config"`
	CreatedAt        float64  `json:"created_at"`
	RelationName     *string  `json:"relation_name"`
	RawCode          string   `json:"raw_code"`
	DocBlocks        []string `json:"doc_blocks"`
}

// compilable are the fields of nodes with SQL.
type compilable struct {
	common
	Language          string     `json:"language"`
	Refs              []ref      `json:"refs"`
	Sources           [][]string `json:"sources"`
	Metrics           []any      `json:"metrics"`
	Functions         []any      `json:"functions"`
	DependsOn         dependsOn  `json:"depends_on"`
	CompiledPath      *string    `json:"compiled_path"`
	Compiled          bool       `json:"compiled"`
	CompiledCode      *string    `json:"compiled_code"`
	ExtraCTEsInjected bool       `json:"extra_ctes_injected"`
	ExtraCTEs         []CTE      `json:"extra_ctes"`
	Contract          contract   `json:"contract"`
}

type model struct {
	compilable
	Access          string       `json:"access"`
	Constraints     []constraint `json:"constraints"`
	Version         any          `json:"version"`
	LatestVersion   any          `json:"latest_version"`
	DeprecationDate *string      `json:"deprecation_date"`
	PrimaryKey      []string     `json:"primary_key"`
	TimeSpine       any          `json:"time_spine"`
}

type seed struct {
	common
	RootPath  string       `json:"root_path"`
	DependsOn macroDepends `json:"depends_on"`
}

type genericTest struct {
	compilable
	ColumnName   *string  `json:"column_name"`
	FileKeyName  *string  `json:"file_key_name"`
	AttachedNode *string  `json:"attached_node"`
	TestMetadata metadata `json:"test_metadata"`
}

type metadata struct {
	Name      string  `json:"name"`
	Kwargs    any     `json:"kwargs"`
	Namespace *string `json:"namespace"`
}

type operation struct {
	compilable
	Index int `json:"index"`
}

type checksum struct {
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
}

type ref struct {
	Name    string      `json:"name"`
	Package *string     `json:"package"`
	Version value.Value `json:"version"`
}

type dependsOn struct {
	Macros []string `json:"macros"`
	Nodes  []string `json:"nodes"`
}

type macroDepends struct {
	Macros []string `json:"macros"`
}

type contract struct {
	Enforced   bool    `json:"enforced"`
	AliasTypes bool    `json:"alias_types"`
	Checksum   *string `json:"checksum"`
}

func (p Project) node(n *manifest.Node) any {
	if n.ResourceType == manifest.Seed {
		return seed{common: p.common(n), RootPath: n.RootPath, DependsOn: macroDepends{names(n.DependsOn.Macros)}}
	}
	c := p.compilable(n)
	switch {
	case n.ResourceType == manifest.Model:
		return model{
			compilable: c, Access: n.Access, Constraints: constraintsOf(n.Constraints), Version: n.Version, LatestVersion: n.LatestVersion,
			DeprecationDate: text(n.DeprecationDate), PrimaryKey: primaryKey(n),
		}
	case n.Test != nil && !n.Test.Singular():
		return genericTest{
			compilable: c, ColumnName: text(n.Test.Column), FileKeyName: text(n.Test.FileKey), AttachedNode: text(n.Test.Attached),
			TestMetadata: metadata{Name: n.Test.Name, Kwargs: plain(n.Test.Kwargs), Namespace: text(n.Test.Namespace)},
		}
	case n.Hook != nil:
		return operation{compilable: c, Index: n.Hook.Index}
	}
	return c
}

func (p Project) common(n *manifest.Node) common {
	return common{
		Schema: n.Schema, Name: n.Name, ResourceType: n.ResourceType, PackageName: n.Package,
		Path: n.Path, OriginalFilePath: n.OriginalPath, UniqueID: n.UniqueID, FQN: n.FQN, Alias: n.Alias,
		Checksum: checksum{n.Checksum.Name, n.Checksum.Sum}, Config: configOf(n.Config), Tags: names(n.Tags),
		Description: n.Description, Columns: columnsOf(n.Columns), Meta: plain(n.Meta), Group: text(n.Group), Docs: docsOf(n.Config),
		PatchPath: text(n.PatchPath), UnrenderedConfig: plain(n.UnrenderedConfig), CreatedAt: n.CreatedAt,
		RelationName: text(n.RelationName), RawCode: n.RawCode, DocBlocks: names(n.DocBlocks),
	}
}

func (p Project) compilable(n *manifest.Node) compilable {
	c := compilable{
		common: p.common(n), Language: "sql", Refs: refsOf(n.Refs), Sources: sourcesOf(n.Sources),
		Metrics: []any{}, Functions: []any{}, ExtraCTEs: []CTE{},
		DependsOn: dependsOn{Macros: names(n.DependsOn.Macros), Nodes: names(n.DependsOn.Nodes)},
		Contract:  contract{n.Contract.Enforced, n.Contract.AliasTypes, text(n.Contract.Checksum)},
	}
	if done, ok := p.Compiled[n.UniqueID]; ok {
		c.Compiled, c.CompiledCode, c.ExtraCTEsInjected, c.CompiledPath = true, &done.SQL, true, text(done.Path)
		if done.CTEs != nil {
			c.ExtraCTEs = done.CTEs
		}
	}
	return c
}

func refsOf(refs []manifest.Ref) []ref {
	out := make([]ref, len(refs))
	for i, r := range refs {
		out[i] = ref{Name: r.Name, Package: text(r.Package), Version: r.Version}
	}
	return out
}

func sourcesOf(sources [][2]string) [][]string {
	out := make([][]string, len(sources))
	for i, s := range sources {
		out[i] = s[:]
	}
	return out
}

// CompiledPath is where a node's SQL goes below compiled/ or run/. A generic
// test has a file of its own in a folder named after the YAML.
func CompiledPath(n *manifest.Node) string {
	if n.Test != nil && !n.Test.Singular() {
		return path.Join(n.Package, n.OriginalPath, n.Path)
	}
	if n.Hook != nil {
		return path.Join(n.Package, n.OriginalPath, n.Path)
	}
	return path.Join(n.Package, n.OriginalPath)
}
