package context

import (
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// NodeDict is a node as templates see it under model and graph.nodes: a new
// dict with every call, which they may change.
func NodeDict(n *manifest.Node) *value.Dict {
	d := value.DictOf(
		"database", "", "schema", n.Schema, "name", n.Name, "resource_type", n.ResourceType,
		"package_name", n.Package, "path", n.Path, "original_file_path", n.OriginalPath,
		"unique_id", n.UniqueID, "fqn", list(n.FQN), "alias", n.Alias,
		"checksum", value.DictOf("name", n.Checksum.Name, "checksum", n.Checksum.Sum),
		"config", configDict(n.Config), "tags", list(n.Tags), "description", n.Description,
		"columns", columnsDict(n.Columns), "meta", dictOf(n.Meta), "group", orNone(n.Group),
		"patch_path", orNone(n.PatchPath), "unrendered_config", dictOf(n.UnrenderedConfig),
		"relation_name", orNone(n.RelationName), "raw_code", n.RawCode, "raw_sql", n.RawCode, "language", n.Language(),
		"refs", refsList(n.Refs), "sources", sourcesList(n.Sources), "metrics", value.NewList(),
		"depends_on", value.DictOf("macros", list(n.DependsOn.Macros), "nodes", list(n.DependsOn.Nodes)),
		"contract", value.DictOf("enforced", n.Contract.Enforced, "alias_types", n.Contract.AliasTypes, "checksum", orNone(n.Contract.Checksum)),
		"access", orNone(n.Access), "version", n.Version, "latest_version", n.LatestVersion,
		"deprecation_date", orNone(n.DeprecationDate), "constraints", constraintsList(n.Constraints),
		"created_at", n.CreatedAt, "build_path", nil, "compiled_path", nil, "deferred", false, "batch", nil,
	)
	if t := n.Test; t != nil {
		d.Put("column_name", orNone(t.Column))
		d.Put("file_key_name", orNone(t.FileKey))
		d.Put("attached_node", orNone(t.Attached))
		if !t.Singular() {
			d.Put("test_metadata", value.DictOf("name", t.Name, "kwargs", dictOf(t.Kwargs), "namespace", orNone(t.Namespace)))
		}
	}
	if n.RootPath != "" {
		d.Put("root_path", n.RootPath)
	}
	return d
}

func configDict(c *manifest.Config) *value.Dict {
	if c == nil {
		return value.NewDict()
	}
	return deepCopy(c.Values()).(*value.Dict)
}

func list(texts []string) *value.List {
	l := value.NewList()
	for _, t := range texts {
		l.Elems = append(l.Elems, t)
	}
	return l
}

func orNone(text string) value.Value {
	if text == "" {
		return nil
	}
	return text
}

func dictOf(d *value.Dict) *value.Dict {
	if d == nil {
		return value.NewDict()
	}
	return deepCopy(d).(*value.Dict)
}

func refsList(refs []manifest.Ref) *value.List {
	l := value.NewList()
	for _, r := range refs {
		l.Elems = append(l.Elems, value.DictOf("name", r.Name, "package", orNone(r.Package), "version", r.Version))
	}
	return l
}

func sourcesList(sources [][2]string) *value.List {
	l := value.NewList()
	for _, s := range sources {
		l.Elems = append(l.Elems, value.NewList(s[0], s[1]))
	}
	return l
}

func columnsDict(columns []manifest.Column) *value.Dict {
	d := value.NewDict()
	for _, c := range columns {
		one := value.DictOf("name", c.Name, "description", c.Description, "meta", dictOf(c.Meta),
			"data_type", orNone(c.DataType), "constraints", constraintsList(c.Constraints), "quote", nil,
			"config", dictOf(c.Config), "tags", list(c.Tags))
		if c.Quote != nil {
			one.Put("quote", *c.Quote)
		}
		if c.Codec != "" {
			one.Put("codec", c.Codec)
		}
		if c.TTL != "" {
			one.Put("ttl", c.TTL)
		}
		if c.Extra != nil {
			for k, v := range c.Extra.All() {
				one.Put(textOf(k), deepCopy(v))
			}
		}
		d.Put(c.Name, one)
	}
	return d
}

func constraintsList(constraints []manifest.Constraint) *value.List {
	l := value.NewList()
	for _, c := range constraints {
		l.Elems = append(l.Elems, value.DictOf("type", c.Type, "name", orNone(c.Name), "expression", orNone(c.Expression),
			"columns", list(c.Columns), "to", orNone(c.To), "to_columns", list(c.ToColumns)))
	}
	return l
}

// deepCopy copies what templates could change.
func deepCopy(v value.Value) value.Value {
	switch v := v.(type) {
	case *value.Dict:
		c := value.NewDict()
		for k, e := range v.All() {
			_ = c.Set(k, deepCopy(e)) // k was a key before
		}
		return c
	case *value.List:
		c := value.NewList()
		for _, e := range v.Elems {
			c.Elems = append(c.Elems, deepCopy(e))
		}
		return c
	}
	return v
}
