package view

import (
	"path"
	"regexp"
	"strings"

	"github.com/chmod-sql/chmod/compiler/source"
)

// password is a key of profiles.yml whose value is a secret, and the value: in
// quotes, in brackets, or up to the end of the line or the next key.
var password = regexp.MustCompile(`(\b(?:pass|password)["']?\s*:\s*)("(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?|\[[^\]]*\]?|[^,}]+)`)

// shownLine is a line as it may be shown: without passwords, of the same
// length. A profile holds them in the line of another key, too, when it is
// written on one line.
func shownLine(f *source.File, line string) string {
	if path.Base(f.Path) != "profiles.yml" {
		return line
	}
	at := password.FindAllStringSubmatchIndex(line, -1)
	var b strings.Builder
	end := 0
	for _, m := range at {
		b.WriteString(line[end:m[4]])
		value := line[m[4]:m[5]]
		if strings.Contains(value, "{{") && strings.Contains(line[m[4]:], "env_var") {
			b.WriteString(value) // a template that names where it is
		} else {
			b.WriteString(strings.Repeat("*", len([]rune(value))))
		}
		end = m[5]
	}
	return b.String() + line[end:]
}
