package property

import (
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// Render renders a property file's templates, but for what dbt leaves for
// later: descriptions, tests, loaded_at_query, the filters of metrics and the
// hooks in configs.
func Render(doc *yaml.Node, r yaml.Renderer) (*yaml.Node, diag.List, error) {
	return yaml.Render(doc, r, late)
}

// late tells paths that are rendered later: the section, [], then the keys in
// the entry, with [] for the entries of lists.
func late(path []string) bool {
	if len(path) < 3 {
		return false
	}
	section, path := path[0], path[2:]
	last := path[len(path)-1]
	switch section {
	case "sources":
		if len(path) == 1 {
			return last == "description" || last == "loaded_at_query" || hooks(path)
		}
		if len(path) >= 3 && path[0] == "tables" {
			return kept(path[2:]) || len(path) == 3 && last == "loaded_at_query"
		}
		return false
	case "macros":
		return kept(path) || len(path) == 3 && path[0] == "arguments" && last == "description"
	case "metrics":
		return last == "filter" || last == "where" || kept(path)
	case "saved_queries":
		return last == "where" || kept(path)
	case "unit_tests", "exposures", "groups":
		return len(path) == 1 && last == "description"
	}
	return kept(path)
}

// kept tells paths in an entry that are rendered later.
func kept(path []string) bool {
	switch len(path) {
	case 1:
		return raw(path[0])
	case 2:
		return hooks(path)
	case 3:
		switch path[0] {
		case "columns", "versions", "dimensions", "measures", "entities":
			return raw(path[2])
		}
	case 5:
		return path[0] == "versions" && path[2] == "columns" && raw(path[4])
	}
	return false
}

func raw(key string) bool {
	return key == "description" || key == "tests" || key == "data_tests"
}

func hooks(path []string) bool {
	if len(path) != 2 || path[0] != "config" {
		return false
	}
	switch path[1] {
	case "pre_hook", "post_hook", "pre-hook", "post-hook":
		return true
	}
	return false
}
