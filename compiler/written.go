package compiler

import (
	"path"
	"strings"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// written is where a text stands that is, or is part of, a setting's value. The
// setting's own place is the value in YAML, and its name in a call of config(),
// behind which the value is. What cannot be found stands at that place.
func written(text string, setting source.Span) source.Span {
	if !setting.Known() || text == "" {
		return setting
	}
	if !inYAML(setting) {
		return literal(text, setting)
	}
	n, _ := yaml.ParseFile(setting.File)
	if at, ok := scalar(n, text, setting); ok {
		return at
	}
	return setting
}

func inYAML(at source.Span) bool {
	ext := path.Ext(at.File.Path)
	return ext == ".yml" || ext == ".yaml"
}

// scalar finds the text as a key or a value in YAML.
func scalar(n *yaml.Node, text string, within source.Span) (source.Span, bool) {
	at := n.Place()
	if n == nil || at.End <= within.Start || at.Start >= within.End {
		return source.Span{}, false
	}
	if n.Kind == yaml.Scalar {
		return at, n.Text == text
	}
	for _, item := range n.Items() {
		if found, ok := scalar(item, text, within); ok {
			return found, true
		}
	}
	for _, e := range n.Entries {
		for _, child := range []*yaml.Node{e.Key, e.Value} {
			if found, ok := scalar(child, text, within); ok {
				return found, true
			}
		}
	}
	return source.Span{}, false
}

// literal finds the text as a string of a template, in the value behind the
// setting's name or, where the setting's place is a whole call, in that.
func literal(text string, setting source.Span) source.Span {
	src, i, end := setting.File.Text, setting.End, len(setting.File.Text)
	whole := strings.Contains(setting.Text(), "(")
	if whole {
		i, end = setting.Start, setting.End
	} else if i < end && (src[i] == '\'' || src[i] == '"') {
		i++ // the name is quoted itself
	}
	for depth := 0; i < end; i++ {
		switch c := src[i]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '\'', '"':
			closed, ok := closing(src[:end], i)
			if !ok {
				return setting
			}
			if unescaped(src[i+1:closed]) == text {
				return source.Span{File: setting.File, Start: i, End: closed + 1}
			}
			i = closed
			continue
		}
		if !whole && (depth < 0 || depth == 0 && src[i] == ',') {
			break
		}
	}
	return setting
}

// closing is the index of the quote that ends the string which begins at i; false
// when there is none.
func closing(src string, i int) (int, bool) {
	for j := i + 1; j < len(src); j++ {
		switch src[j] {
		case '\\':
			j++
		case src[i]:
			return j, true
		}
	}
	return 0, false
}

// unescaped is what a string of a template says, for the escapes that SQL needs.
func unescaped(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\'`, `'`, `\"`, `"`).Replace(s)
}
