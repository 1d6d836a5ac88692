package command

import (
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// nodeFields are what --output json can show of a node.
func nodeFields(d *value.Dict, n *manifest.Node) {
	d.Put("name", n.Name)
	d.Put("resource_type", n.ResourceType)
	d.Put("package_name", n.Package)
	d.Put("original_file_path", n.OriginalPath)
	d.Put("unique_id", n.UniqueID)
	d.Put("alias", n.Alias)
	d.Put("config", n.Config.Values())
	d.Put("tags", strs(n.Tags))
	depends := value.DictOf("macros", strs(n.DependsOn.Macros))
	if n.ResourceType != manifest.Seed {
		depends.Put("nodes", strs(n.DependsOn.Nodes))
	}
	d.Put("depends_on", depends)
	d.Put("fqn", strs(n.FQN))
	d.Put("description", n.Description)
	d.Put("schema", n.Schema)
	d.Put("database", "")
	d.Put("path", n.Path)
	d.Put("meta", dict(n.Meta))
	d.Put("relation_name", optional(n.RelationName))
	d.Put("raw_code", n.RawCode)
	d.Put("checksum", value.DictOf("name", n.Checksum.Name, "checksum", n.Checksum.Sum))
	d.Put("group", optional(n.Group))
	d.Put("patch_path", optional(n.PatchPath))
	if n.ResourceType == manifest.Model {
		d.Put("access", n.Access)
		d.Put("version", n.Version)
		d.Put("latest_version", n.LatestVersion)
	}
	if n.Test != nil && !n.Test.Singular() {
		d.Put("column_name", optional(n.Test.Column))
		d.Put("attached_node", optional(n.Test.Attached))
		d.Put("test_metadata", value.DictOf("name", n.Test.Name, "kwargs", dict(n.Test.Kwargs), "namespace", optional(n.Test.Namespace)))
	}
}

func sourceFields(d *value.Dict, s *manifest.Source) {
	d.Put("name", s.Name)
	d.Put("resource_type", "source")
	d.Put("package_name", s.Package)
	d.Put("original_file_path", s.OriginalPath)
	d.Put("unique_id", s.UniqueID)
	d.Put("source_name", s.SourceName)
	d.Put("tags", strs(s.Tags))
	d.Put("config", config(s.Config))
	d.Put("fqn", strs(s.FQN))
	d.Put("description", s.Description)
	d.Put("schema", s.Schema)
	d.Put("database", "")
	d.Put("path", s.Path)
	d.Put("identifier", s.Identifier)
	d.Put("loader", s.Loader)
	d.Put("meta", dict(s.Meta))
	d.Put("relation_name", s.RelationName)
	if s.Freshness != nil {
		d.Put("freshness", s.Freshness)
	} else {
		d.Put("freshness", nil)
	}
}

func exposureFields(d *value.Dict, e *manifest.Exposure) {
	d.Put("name", e.Name)
	d.Put("resource_type", "exposure")
	d.Put("package_name", e.Package)
	d.Put("original_file_path", e.OriginalPath)
	d.Put("unique_id", e.UniqueID)
	d.Put("tags", strs(e.Tags))
	d.Put("config", config(e.Config))
	d.Put("depends_on", value.DictOf("macros", strs(e.DependsOn.Macros), "nodes", strs(e.DependsOn.Nodes)))
	d.Put("fqn", strs(e.FQN))
	d.Put("description", e.Description)
	d.Put("path", e.Path)
	d.Put("meta", dict(e.Meta))
	d.Put("type", e.Type)
	d.Put("owner", dict(e.Owner))
	d.Put("url", optional(e.URL))
	d.Put("label", optional(e.Label))
	d.Put("maturity", optional(e.Maturity))
}

func unitTestFields(d *value.Dict, u *manifest.UnitTest) {
	d.Put("name", u.Name)
	d.Put("resource_type", "unit_test")
	d.Put("package_name", u.Package)
	d.Put("original_file_path", u.OriginalPath)
	d.Put("unique_id", u.UniqueID)
	d.Put("config", config(u.Config))
	d.Put("depends_on", value.DictOf("macros", strs(u.DependsOn.Macros), "nodes", strs(u.DependsOn.Nodes)))
	d.Put("fqn", strs(u.FQN))
	d.Put("model", u.Model)
	d.Put("path", u.Path)
}

func strs(list []string) *value.List {
	l := value.NewList()
	for _, s := range list {
		l.Elems = append(l.Elems, s)
	}
	return l
}

func dict(d *value.Dict) *value.Dict {
	if d == nil {
		return value.NewDict()
	}
	return d
}

func config(c *manifest.Config) *value.Dict {
	if c == nil {
		return value.NewDict()
	}
	return c.Values()
}

func optional(s string) value.Value {
	if s == "" {
		return nil
	}
	return s
}
