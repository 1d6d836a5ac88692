package context

import (
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// SourceDict is a source as templates see it under graph.sources.
func SourceDict(s *manifest.Source) *value.Dict {
	return value.DictOf(
		"database", nil, "schema", s.Schema, "name", s.Name, "resource_type", "source",
		"package_name", s.Package, "path", s.Path, "original_file_path", s.OriginalPath, "unique_id", s.UniqueID,
		"fqn", list(s.FQN), "source_name", s.SourceName, "source_description", s.SourceDescription,
		"loader", s.Loader, "identifier", s.Identifier, "loaded_at_field", orNone(s.LoadedAtField),
		"freshness", dictOf(s.Freshness), "description", s.Description, "columns", columnsDict(s.Columns),
		"meta", dictOf(s.Meta), "source_meta", dictOf(s.SourceMeta), "tags", list(s.Tags), "config", configDict(s.Config),
		"relation_name", s.RelationName, "created_at", s.CreatedAt,
	)
}

// ExposureDict is an exposure as templates see it under graph.exposures.
func ExposureDict(e *manifest.Exposure) *value.Dict {
	return value.DictOf(
		"name", e.Name, "resource_type", "exposure", "package_name", e.Package, "path", e.Path,
		"original_file_path", e.OriginalPath, "unique_id", e.UniqueID, "fqn", list(e.FQN), "type", e.Type,
		"owner", dictOf(e.Owner), "description", e.Description, "label", orNone(e.Label), "maturity", orNone(e.Maturity),
		"meta", dictOf(e.Meta), "tags", list(e.Tags), "config", configDict(e.Config), "url", orNone(e.URL),
		"depends_on", value.DictOf("macros", list(e.DependsOn.Macros), "nodes", list(e.DependsOn.Nodes)),
		"refs", refsList(e.Refs), "sources", sourcesList(e.Sources), "metrics", value.NewList(), "created_at", e.CreatedAt,
	)
}

// GraphDict is a whole project as templates see it under graph.
func GraphDict(m *manifest.Manifest) *value.Dict {
	nodes, sources, exposures, groups := value.NewDict(), value.NewDict(), value.NewDict(), value.NewDict()
	for _, id := range m.IDs() {
		switch {
		case m.Nodes[id] != nil:
			nodes.Put(id, NodeDict(m.Nodes[id]))
		case m.Sources[id] != nil:
			sources.Put(id, SourceDict(m.Sources[id]))
		case m.Exposures[id] != nil:
			exposures.Put(id, ExposureDict(m.Exposures[id]))
		}
	}
	for id, g := range m.Groups {
		groups.Put(id, value.DictOf("name", g.Name, "package_name", g.Package, "unique_id", id, "owner", dictOf(g.Owner)))
	}
	return value.DictOf("nodes", nodes, "sources", sources, "exposures", exposures, "groups", groups,
		"metrics", value.NewDict(), "semantic_models", value.NewDict(), "saved_queries", value.NewDict(), "unit_tests", value.NewDict())
}
