package context

import "strings"

// quoteIdent puts an identifier in backticks as ClickHouse reads it. One that
// is quoted already stays as it is: templates pass on what adapter.quote gave
// them.
func quoteIdent(name string) string {
	if len(name) > 1 && (name[0] == '`' || name[0] == '"') && name[len(name)-1] == name[0] {
		return name
	}
	if !strings.ContainsAny(name, "\\'`") {
		return "`" + name + "`"
	}
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`", "'", `\'`).Replace(name) + "`"
}

// quoteStandard puts an identifier in the quotes of standard SQL, as the
// adapter does with columns, unlike with relations.
func quoteStandard(name string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
}

// quoteText makes a string literal of a text.
func quoteText(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
