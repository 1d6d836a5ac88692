package selection

import (
	"regexp"
	"strings"
)

// pattern is a shell pattern: * ? and [sets], where * crosses slashes and dots
// as in Python's fnmatch.
type pattern struct {
	literal string
	re      *regexp.Regexp
}

func compile(text string) pattern {
	if !strings.ContainsAny(text, "*?[") {
		return pattern{literal: text}
	}
	re, err := regexp.Compile(`(?s)\A` + expand(text, ".*") + `\z`)
	if err != nil {
		return pattern{literal: text} // a set such as [z-a] means itself
	}
	return pattern{re: re}
}

// pathPattern is a pattern over paths: * stays within a folder, ** does not.
type pathPattern struct{ file, below pattern }

func compilePath(text string) pathPattern {
	text = strings.TrimSuffix(strings.TrimPrefix(strings.ReplaceAll(text, `\`, "/"), "./"), "/")
	file, err := regexp.Compile(`(?s)\A` + expand(text, "[^/]*") + `\z`)
	if err != nil {
		return pathPattern{file: pattern{literal: text}, below: pattern{literal: text}}
	}
	below := regexp.MustCompile(`(?s)\A` + expand(text, "[^/]*") + `/.*\z`)
	return pathPattern{file: pattern{re: file}, below: pattern{re: below}}
}

// exact reports whether the path itself is meant.
func (p pathPattern) exact(path string) bool { return p.file.match(path) }

// match reports whether the path is meant, or a folder that it is in.
func (p pathPattern) match(path string) bool { return p.file.match(path) || p.below.match(path) }

func (p pattern) match(s string) bool {
	if p.re == nil {
		return s == p.literal
	}
	return p.re.MatchString(s)
}

func expand(text, star string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '*':
			switch {
			case strings.HasPrefix(text[i:], "**/"):
				b.WriteString("(?:.*/)?")
				i += 2
			case strings.HasPrefix(text[i:], "**"):
				b.WriteString(".*")
				i++
			default:
				b.WriteString(star)
			}
		case '?':
			b.WriteString(".")
		case '[':
			end := strings.IndexByte(text[i+1:], ']')
			if end < 1 {
				b.WriteString(`\[`)
				continue
			}
			set := strings.ReplaceAll(text[i+1:i+1+end], `\`, `\\`)
			if set[0] == '!' {
				set = "^" + set[1:]
			}
			b.WriteString("[" + set + "]")
			i += end + 1
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	return b.String()
}
