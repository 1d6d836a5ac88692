package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// ignore is .dbtignore, in the language of .gitignore.
type ignore struct {
	rules []rule
}

type rule struct {
	pattern *regexp.Regexp
	keep    bool // !pattern
	folder  bool // pattern/
}

func readIgnore(root string) (*ignore, error) {
	text, err := os.ReadFile(filepath.Join(root, ".dbtignore"))
	if errors.Is(err, fs.ErrNotExist) {
		return &ignore{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read .dbtignore: %w", err)
	}
	return parseIgnore(string(text)), nil
}

func parseIgnore(text string) *ignore {
	i := &ignore{}
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line = strings.TrimRight(line, "\r\n")
		if !strings.HasSuffix(line, `\ `) {
			line = strings.TrimRight(line, " \t")
		}
		if line == "" || line[0] == '#' {
			continue
		}
		var r rule
		if line[0] == '!' {
			r.keep, line = true, line[1:]
		}
		if strings.HasSuffix(line, "/") {
			r.folder, line = true, strings.TrimRight(line, "/")
		}
		anchored := strings.Contains(line, "/")
		expression := translate(strings.TrimPrefix(line, "/"))
		if !anchored {
			expression = "(?:.*/)?" + expression
		}
		if p, err := regexp.Compile("^" + expression + "$"); err == nil {
			r.pattern = p
			i.rules = append(i.rules, r)
		}
	}
	return i
}

// match reports whether a path in the project is ignored; the walk asks for
// each folder on the way first.
func (i *ignore) match(path string, isDir bool) bool {
	ignored := false
	for _, r := range i.rules {
		if (isDir || !r.folder) && r.pattern.MatchString(path) {
			ignored = !r.keep
		}
	}
	return ignored
}

// translate makes a regular expression of a pattern.
func translate(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case strings.HasPrefix(pattern[i:], "**/"):
			b.WriteString("(?:.*/)?")
			i += 2
		case strings.HasPrefix(pattern[i:], "/**") && i+3 == len(pattern):
			b.WriteString("/.*")
			i += 2
		case strings.HasPrefix(pattern[i:], "**"):
			b.WriteString(".*")
			i++
		case c == '*':
			b.WriteString("[^/]*")
		case c == '?':
			b.WriteString("[^/]")
		case c == '\\' && i+1 < len(pattern):
			i++
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		case c == '[':
			end := strings.IndexByte(pattern[i+1:], ']')
			if end <= 0 {
				b.WriteString(`\[`)
				continue
			}
			class := pattern[i+1 : i+1+end]
			if class[0] == '!' {
				class = "^" + class[1:]
			}
			b.WriteString("[" + strings.ReplaceAll(class, `\`, `\\`) + "]")
			i += end + 1
		default:
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		}
	}
	return b.String()
}
