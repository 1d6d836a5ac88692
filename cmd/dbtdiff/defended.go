package main

import (
	"regexp"
	"slices"
	"strings"
)

// alike brings values into a form in which they only differ where they mean
// something else. What is levelled here is written down in docs/dbt.md.
func alike(kind string, v any) any {
	switch field := kind[strings.LastIndexByte(kind, '.')+1:]; {
	case kind == "nodes operation.compiled_code":
		return nil
	case strings.HasSuffix(field, "compiled_code"), strings.HasSuffix(field, "extra_ctes"):
		// The white space that built-in macros leave around what they write.
		return withoutSpace(v)
	case strings.HasPrefix(kind, "nodes ") && field == "tags" && strings.Count(kind, ".") == 1:
		// Their order means nothing, nor does it that dbt names some twice.
		return words(v)
	case strings.HasPrefix(kind, "nodes ") && strings.Contains(kind, "config.tags"):
		return bag(v)
	case strings.HasSuffix(kind, "config.pre-hook"), strings.HasSuffix(kind, "config.post-hook"):
		// dbt renders hooks in property YAML that are spelled with a hyphen at
		// once; chmod renders all hooks when they run.
		return nil
	case strings.HasPrefix(kind, "sources ") && (field == "tags" || field == "loaded_at_field"):
		// dbt forgets those of its own project's tree.
		return nil
	case strings.HasPrefix(kind, "groups group.config"):
		// dbt fills this with the configs of models.
		return nil
	case strings.HasPrefix(kind, "exposures exposure.") && (field == "tags" || strings.Contains(kind, "unrendered_config")):
		// dbt takes a string of tags in a tree letter by letter.
		return nil
	case strings.HasPrefix(kind, "unit_tests ") || strings.HasPrefix(kind, "disabled unit_test"):
		return nil
	case strings.HasPrefix(kind, "sources source.unrendered_config."):
		return nil
	case kind == "nodes operation.index":
		// dbt counts from 0 when it parses and from 1 when it runs.
		return nil
	case strings.HasPrefix(kind, "macros ") && strings.HasSuffix(kind, "depends_on.macros"):
		return nil
	}
	return v
}

// bag is a list without its order, each once.
func bag(v any) any {
	if s, ok := v.(string); ok {
		v = []any{s}
	}
	return words(v)
}

var space = regexp.MustCompile(`\s+`)

func withoutSpace(v any) any {
	switch v := v.(type) {
	case string:
		return space.ReplaceAllString(v, "")
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = withoutSpace(e)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = withoutSpace(e)
		}
		return out
	}
	return v
}

// words is a list of strings as a set.
func words(v any) any {
	l, ok := v.([]any)
	if !ok {
		return v
	}
	var out []string
	for _, e := range l {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
