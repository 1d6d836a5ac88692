package invocation

import (
	"slices"

	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/diag"
)

// Strictness says which warnings are errors and which are not shown. A warning
// goes by its own word, such as unused-config-path, and by dbt's name for it.
// The zero value shows all and fails none.
type Strictness struct {
	// All makes every warning an error but those of Exempt.
	All bool
	// Errors, Exempt and Silent are names of warnings.
	Errors, Exempt, Silent []string
}

// answer is what to do about a warning.
type answer int

const (
	show answer = iota
	hush
	refuse
)

// to answers a warning by its names.
func (s Strictness) to(code string) answer {
	names := append([]string{code}, dbtNames(code)...)
	among := func(list []string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(list, n) })
	}
	switch {
	case among(s.Silent):
		return hush
	case among(s.Errors), s.All && !among(s.Exempt):
		return refuse
	}
	return show
}

// The warnings that are in no file.
const (
	testWarned      = "test-warned"      // a data test ended in a warning
	nothingSelected = "nothing-selected" // no node answers to a criterion
	nothingToDo     = "nothing-to-do"    // no node at all is left to work on
	templateWarned  = "template-warned"  // exceptions.warn()
)

// dbtNames are dbt's names for a warning; Deprecations stands for a group.
func dbtNames(code string) []string {
	switch code {
	case testWarned:
		return []string{"LogTestResult"}
	case nothingSelected:
		return []string{"NoNodesForSelectionCriteria"}
	case nothingToDo:
		return []string{"NothingToDo", "NoNodesSelected"}
	case templateWarned:
		return []string{"JinjaLogWarning"}
	case "unused-config-path":
		return []string{"UnusedResourceConfigPath"}
	case "unused-description":
		return []string{"NoNodeForYamlKey", "MacroNotFoundForPatch"}
	case "duplicate-key":
		return []string{"DuplicateYAMLKeysDeprecation", "Deprecations"}
	case "unknown-key":
		return []string{"CustomTopLevelKeyDeprecation", "CustomKeyInObjectDeprecation", "CustomKeyInConfigDeprecation", "Deprecations"}
	case "renamed-key":
		return []string{"ConfigSourcePathDeprecation", "ConfigDataPathDeprecation", "ConfigLogPathDeprecation", "ConfigTargetPathDeprecation", "Deprecations"}
	}
	return nil
}

// weigh gives each warning its answer: hushed ones go, refused ones become
// errors.
func (s Strictness) weigh(list diag.List) diag.List {
	var out diag.List
	for _, d := range list.All() {
		if d.Severity == diag.Warning {
			switch s.to(d.Code) {
			case hush:
				continue
			case refuse:
				d.Severity = diag.Error
			}
		}
		out.Add(d)
	}
	return out
}

// refusal is the error that a warning becomes.
func refusal(code, what string) diag.Diagnostic {
	return diag.Diagnostic{Code: code, What: what, Why: "this is a warning that --warn-error or --warn-error-options makes an error"}
}

// OfTemplates answers a warning that a template gives: the error that it is to
// be, or that it is not to be shown.
func (s Strictness) OfTemplates(w compiler.LogEvent) (refused error, hushed bool) {
	switch s.to(templateWarned) {
	case hush:
		return nil, true
	case refuse:
		d := refusal(templateWarned, w.Msg)
		d.Span = w.Span
		return d, false
	}
	return nil, false
}
