package command

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// strictness reads --warn-error and --warn-error-options.
func (s *settings) strictness() (invocation.Strictness, error) {
	if s.warnErrorOptions == "" {
		return invocation.Strictness{All: s.warnError}, nil
	}
	if s.warnError {
		return invocation.Strictness{}, fmt.Errorf("--warn-error and --warn-error-options exclude each other")
	}
	node, list := yaml.Parse(source.New("--warn-error-options", "", s.warnErrorOptions))
	if err := list.Err(); err != nil {
		return invocation.Strictness{}, err
	}
	if node.Null() || node.Kind != yaml.Mapping {
		return invocation.Strictness{}, diag.Diagnostic{
			Code: "bad-warn-error-options", Span: node.Place(), What: "--warn-error-options must be a YAML dict",
			Fix: `write for instance --warn-error-options '{error: all, silence: [unused-config-path]}'`,
		}
	}
	var out invocation.Strictness
	for _, e := range node.Entries {
		key := e.Name()
		names, all, err := warnings(e.Value.Value())
		if err != nil {
			return out, diag.Diagnostic{
				Code: "bad-warn-error-options", Span: e.Value.Place(), What: fmt.Sprintf("%s of --warn-error-options: %v", key, err),
			}
		}
		switch key {
		case "error", "include":
			out.All, out.Errors = all, names
		case "warn", "exclude":
			out.Exempt = names
		case "silence":
			out.Silent = names
		default:
			keys := []string{"error", "warn", "silence"}
			return out, diag.Diagnostic{
				Code: "bad-warn-error-options", Span: e.Key.Place(),
				What: fmt.Sprintf("--warn-error-options has %s and %s, not %q", strings.Join(keys[:2], ", "), keys[2], key),
				Fix:  diag.DidYouMean(key, keys),
			}
		}
	}
	return out, nil
}

// warnings reads a list of names, or all of them.
func warnings(v value.Value) (names []string, all bool, err error) {
	switch v := v.(type) {
	case nil:
		return nil, false, nil
	case string:
		if v == "all" || v == "*" {
			return nil, true, nil
		}
		v2 := []string{v}
		return v2, false, known(v2)
	case *value.List:
		for _, item := range v.Elems {
			names = append(names, value.Str(item))
		}
		return names, false, known(names)
	}
	return nil, false, fmt.Errorf("must be a list of warnings, or all")
}

// known refuses what can be no name of a warning. Names of dbt's that never
// come up here are let pass: projects are written for several versions.
func known(names []string) error {
	form := regexp.MustCompile(`^([a-z]+(-[a-z]+)*|([A-Z][A-Za-z0-9]*)+)$`)
	for _, n := range names {
		if !form.MatchString(n) {
			return fmt.Errorf("%q is no name of a warning, such as unused-config-path", n)
		}
	}
	return nil
}
