package context

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// exceptions is the object whose methods end a rendering.
type exceptions struct{ in *Rendering }

func (e *exceptions) TypeName() string { return "dict" }
func (e *exceptions) Str() string      { return "<exceptions>" }

// Item lets exceptions['warn'] work.
func (e *exceptions) Item(key value.Value) (value.Value, bool) { return e.Attr(textOf(key)) }

func (e *exceptions) Attr(name string) (value.Value, bool) {
	if name == "warn" {
		return method(name, e.warn), true
	}
	code, ok := raised(name)
	if !ok {
		return nil, false
	}
	return method(name, func(c *value.Call) (value.Value, error) {
		return nil, mistake(c, code, message(name, c), "", "")
	}), true
}

// raised is the code of the diagnostic that a method raises.
func raised(name string) (string, bool) {
	switch name {
	case "raise_compiler_error":
		return "raised", true
	case "raise_not_implemented":
		return "not-implemented", true
	case "raise_database_error", "raise_fail_fast_error", "raise_dependency_error", "raise_parsing_error":
		return "raised", true
	case "raise_contract_error", "column_type_missing":
		return "contract", true
	case "missing_config":
		return "missing-config", true
	case "missing_materialization":
		return "missing-materialization", true
	case "missing_relation", "relation_wrong_type", "raise_dep_not_found", "raise_ambiguous_alias",
		"raise_ambiguous_catalog_match", "raise_cache_inconsistent", "raise_dataclass_not_dict",
		"raise_duplicate_patch_name", "raise_duplicate_resource_name", "raise_invalid_property_yml_version",
		"warn_snapshot_timestamp_data_types":
		return "raised", true
	}
	return "", false
}

// message is what the call says: its first text, or the method's own words.
func message(name string, c *value.Call) string {
	var texts []string
	for _, a := range c.Args {
		if s, ok := a.(string); ok {
			texts = append(texts, s)
			continue
		}
		if id, ok := value.Item(a, "unique_id"); ok {
			texts = append(texts, value.Str(id)) // a node: all of it would be a page
			continue
		}
		if name != "raise_compiler_error" {
			texts = append(texts, value.Str(a))
		}
	}
	for _, kw := range c.Kwargs {
		if kw.Name != "node" && kw.Name != "model" {
			texts = append(texts, value.Str(kw.Value))
		}
	}
	switch name {
	case "raise_compiler_error", "raise_not_implemented", "raise_database_error", "raise_fail_fast_error", "raise_dependency_error", "raise_parsing_error":
		if len(texts) == 0 {
			return strings.ReplaceAll(name, "_", " ")
		}
		return texts[0]
	case "column_type_missing":
		return "a contract needs a data_type for every column; missing for " + strings.Join(texts, ", ")
	}
	return strings.TrimSpace(strings.ReplaceAll(strings.TrimPrefix(name, "raise_"), "_", " ") + ": " + strings.Join(texts, ", "))
}

func (e *exceptions) warn(c *value.Call) (value.Value, error) {
	args, err := c.Bind("warn", value.Required("msg"), value.Optional("node", nil))
	if err != nil {
		return nil, err
	}
	e.in.say(c, Warn, textOf(args[0]))
	return "", nil
}
