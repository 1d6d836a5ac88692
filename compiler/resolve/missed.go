package resolve

import (
	"regexp"
	"slices"
	"strings"

	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// missed reports names that the template asked for more than their text: a
// call, an attribute or an item of what does not exist fails when the node is
// built, although reading the project forgives it.
func (d *draft) missed(in *scope.Rendering) {
	if d.failed {
		return
	}
	var names []string
	for _, name := range in.Missed() {
		if slices.Contains(names, name) {
			continue
		}
		names = append(names, name)
		at, ok := used(d.at, name)
		if !ok {
			continue
		}
		d.list.Add(in.Unknown(diag.Diagnostic{Span: at}, name))
	}
}

// used finds a name that is called or looked into in a template's tags.
func used(in source.Span, name string) (source.Span, bool) {
	pattern, err := regexp.Compile(`(^|[^A-Za-z0-9_.'"])` + regexp.QuoteMeta(name) + `\s*[(.\[]`)
	if err != nil {
		return source.Span{}, false
	}
	text := in.Text()
	for from := 0; ; {
		open := nextTag(text, from)
		if open < 0 {
			return source.Span{}, false
		}
		closing := strings.IndexAny(text[open+2:], "}")
		for closing >= 0 && !isClosing(text, open+2+closing) {
			next := strings.IndexAny(text[open+2+closing+1:], "}")
			if next < 0 {
				closing = -1
				break
			}
			closing += next + 1
		}
		end := len(text)
		if closing >= 0 {
			end = open + 2 + closing
		}
		if text[open+1] != '#' {
			if m := pattern.FindStringIndex(text[open:end]); m != nil {
				start := open + m[0] + strings.Index(text[open+m[0]:], name)
				stop := start + len(name)
				if strings.HasPrefix(strings.TrimLeft(text[stop:], " \t"), "(") {
					stop = strings.Index(text[stop:], "(") + stop + 1
				}
				return source.Span{File: in.File, Start: in.Start + start, End: in.Start + stop}, true
			}
		}
		from = end
	}
}

func nextTag(text string, from int) int {
	for i := from; i+1 < len(text); i++ {
		if text[i] == '{' && (text[i+1] == '{' || text[i+1] == '%' || text[i+1] == '#') {
			return i
		}
	}
	return -1
}

func isClosing(text string, at int) bool {
	return at > 0 && (text[at-1] == '}' || text[at-1] == '%' || text[at-1] == '#') || strings.HasPrefix(text[at:], "}}")
}
