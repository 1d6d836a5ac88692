package artifact

import (
	"path"

	"github.com/chmod-sql/chmod/compiler/manifest"
)

// These are shapes that several resources have, or that are read again.
type checksum struct {
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
}

type contract struct {
	Enforced   bool    `json:"enforced"`
	AliasTypes bool    `json:"alias_types"`
	Checksum   *string `json:"checksum"`
}

type ref struct {
	Name    string  `json:"name"`
	Package *string `json:"package"`
	Version any     `json:"version"`
}

type dependsOn struct {
	Macros []string `json:"macros"`
	Nodes  []string `json:"nodes"`
}

type macroDepends struct {
	Macros []string `json:"macros"`
}

// appendNode writes a node.
func (p Project) appendNode(text []byte, n *manifest.Node) ([]byte, error) {
	o := begin(text)
	o.common(n, p.Built[n.UniqueID])
	switch {
	case n.ResourceType == manifest.Seed:
		o.string("root_path", n.RootPath)
		o.nested("depends_on", func(o *object) { o.strings("macros", n.DependsOn.Macros) })
		return o.end()
	case n.ResourceType == manifest.Model:
		o.model(n, p.tests[n.UniqueID])
	case n.Test != nil && !n.Test.Singular():
		o.optional("column_name", n.Test.Column)
		o.optional("file_key_name", n.Test.FileKey)
		o.optional("attached_node", n.Test.Attached)
		o.nested("test_metadata", func(o *object) {
			o.string("name", n.Test.Name)
			o.dict("kwargs", n.Test.Kwargs)
			o.optional("namespace", n.Test.Namespace)
		})
	case n.Hook != nil:
		o.other("index", n.Hook.Index)
	}
	o.compilable(n)
	if done, ok := p.Compiled[n.UniqueID]; ok {
		o.compiled(done)
	} else {
		// dbt leaves out what else a compiled node has.
		o.raw("compiled_path", "null")
	}
	return o.end()
}

// common writes the fields of all nodes.
func (o *object) common(n *manifest.Node, buildPath string) {
	o.string("database", "")
	o.string("schema", n.Schema)
	o.string("name", n.Name)
	o.string("resource_type", n.ResourceType)
	o.string("package_name", n.Package)
	o.string("path", n.Path)
	o.string("original_file_path", n.OriginalPath)
	o.string("unique_id", n.UniqueID)
	o.strings("fqn", n.FQN)
	o.string("alias", n.Alias)
	o.nested("checksum", func(o *object) {
		o.string("name", n.Checksum.Name)
		o.string("checksum", n.Checksum.Sum)
	})
	if n.Config != nil {
		o.dict("config", n.Config.Values())
	} else {
		o.raw("config", "{}")
	}
	o.strings("tags", n.Tags)
	o.string("description", n.Description)
	o.columns("columns", n.Columns)
	o.dict("meta", n.Meta)
	o.optional("group", n.Group)
	o.other("docs", docsOf(n.Config))
	o.optional("patch_path", n.PatchPath)
	o.optional("build_path", buildPath)
	o.dict("unrendered_config", n.UnrenderedConfig)
	o.float("created_at", n.CreatedAt)
	o.optional("relation_name", n.RelationName)
	o.string("raw_code", n.RawCode)
	o.strings("doc_blocks", n.DocBlocks)
}

// compilable writes the fields of nodes with SQL.
func (o *object) compilable(n *manifest.Node) {
	o.string("language", n.Language())
	o.list("refs", len(n.Refs), func(i int) {
		o.text = append(o.text, '{')
		o.string("name", n.Refs[i].Name)
		o.optional("package", n.Refs[i].Package)
		o.value("version", n.Refs[i].Version)
		o.text = append(o.text, '}')
	})
	o.list("sources", len(n.Sources), func(i int) { o.text = appendStrings(o.text, n.Sources[i][:]) })
	o.raw("metrics", "[]")
	o.raw("functions", "[]")
	o.nested("depends_on", func(o *object) {
		o.strings("macros", n.DependsOn.Macros)
		o.strings("nodes", n.DependsOn.Nodes)
	})
	o.nested("contract", func(o *object) {
		o.bool("enforced", n.Contract.Enforced)
		o.bool("alias_types", n.Contract.AliasTypes)
		o.optional("checksum", n.Contract.Checksum)
	})
}

// compiled writes what a run adds.
func (o *object) compiled(c Compiled) {
	o.optional("compiled_path", c.Path)
	o.bool("compiled", true)
	o.string("compiled_code", c.SQL)
	o.bool("extra_ctes_injected", true)
	o.list("extra_ctes", len(c.CTEs), func(i int) {
		o.text = append(o.text, '{')
		o.string("id", c.CTEs[i].ID)
		o.string("sql", c.CTEs[i].SQL)
		o.text = append(o.text, '}')
	})
}

func (o *object) model(n *manifest.Node, tests []*manifest.Node) {
	o.string("access", n.Access)
	o.constraints("constraints", n.Constraints)
	o.value("version", n.Version)
	o.value("latest_version", n.LatestVersion)
	o.optional("deprecation_date", moment(n.DeprecationDate))
	o.strings("primary_key", primaryKey(n, tests))
	o.raw("time_spine", "null")
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
	if n.ResourceType == manifest.Snapshot && path.Ext(n.OriginalPath) != ".sql" {
		return path.Join(n.Package, n.OriginalPath, n.Name+".sql") // beside its tests
	}
	return path.Join(n.Package, n.OriginalPath)
}

// moment is a date as dbt writes those that it reads as a time: with one.
func moment(date string) string {
	const day = len("2006-01-02")
	switch {
	case len(date) == day:
		return date + "T00:00:00+00:00"
	case len(date) > day && date[day] == ' ':
		return date[:day] + "T" + date[day+1:]
	}
	return date
}
