package resolve

import (
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/manifest"
)

// call matches what may be a call of a macro in a macro's text.
var call = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?)\s*\(`)

// literal matches a string, whose text is no code.
var literal = regexp.MustCompile(`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`)

// dispatchCall matches adapter.dispatch with names written out.
var dispatchCall = regexp.MustCompile(`adapter\.dispatch\(\s*(?:macro_name\s*=\s*)?['"]([A-Za-z0-9_]+)['"](?:\s*,\s*(?:macro_namespace\s*=\s*)?['"]([A-Za-z0-9_]+)['"])?`)

// dependencies are the macros that a macro calls by name, as far as its text
// tells.
func (r *reading) dependencies(m *manifest.Macro) []string {
	var ids []string
	add := func(pkg, name string) {
		found := r.macros().Anywhere(pkg, name)
		if found != nil && found.UniqueID != m.UniqueID && !slices.Contains(ids, found.UniqueID) {
			ids = append(ids, found.UniqueID)
		}
	}
	var code strings.Builder
	for _, t := range tags(m.SQL) {
		code.WriteString(m.SQL[t.start:t.end] + "\n")
	}
	text := code.String()
	plain := literal.ReplaceAllString(text, "''")
	for _, at := range call.FindAllStringSubmatchIndex(plain, -1) {
		before := strings.TrimRight(plain[:at[0]], " \t\r\n")
		if strings.HasSuffix(before, ".") || strings.HasSuffix(before, "|") {
			continue // a method or a filter
		}
		name := plain[at[2]:at[3]]
		if pkg, rest, qualified := strings.Cut(name, "."); qualified {
			if r.macros().HasPackage(pkg) {
				add(pkg, rest)
			}
			continue
		}
		add(m.Package, name)
	}
	for _, match := range dispatchCall.FindAllStringSubmatch(text, -1) {
		if found, _, ok := r.macros().Dispatch(m.Package, match[1], match[2]); ok && found != nil {
			add(found.Package, found.Name)
		}
	}
	return ids
}
