package compiler

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/builtin"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Behind is where a user's setting stands that the byte at an offset of a
// statement was taken from: a config of the node, or an argument of the generic
// test that it is. Of several that could be, the longest text is meant. It is
// false when there is none. A text that breaks off is noticed behind its end,
// and so the end of what stands before the offset is looked at next.
func (c *Compiled) Behind(statement string, offset int) (source.Span, bool) {
	if at, ok := c.behind(statement, offset); ok {
		return at, true
	}
	before := strings.TrimRight(statement[:min(max(offset, 0), len(statement))], " \t\r\n)")
	return c.behind(statement, len(before)-1)
}

func (c *Compiled) behind(statement string, offset int) (source.Span, bool) {
	var best setting
	start := 0
	for _, s := range c.settings() {
		if at, ok := covering(statement, s.text, offset); ok && len(s.text) > len(best.text) {
			best, start = s, at
		}
	}
	if best.text == "" {
		return source.Span{}, false
	}
	return template.PlaceIn(best.text, written(best.text, best.place), offset-start), true
}

// Named is where a user's setting stands that says the name: as it is, or as
// one of its words.
func (c *Compiled) Named(name string) (source.Span, bool) {
	for _, s := range c.settings() {
		for from := 0; name != "" && from <= len(s.text); {
			i := strings.Index(s.text[from:], name)
			if i < 0 {
				break
			}
			if at := from + i; separate(s.text, at, at+len(name)) {
				p := template.PlaceIn(s.text, written(s.text, s.place), at)
				if p.Text() != "" && strings.HasPrefix(p.File.Text[p.Start:], name) {
					p.End = p.Start + len(name)
				}
				return p, true
			}
			from += i + 1
		}
	}
	return source.Span{}, false
}

// setting is a text that the user wrote in a config or an argument. The place
// is the whole of it.
type setting struct {
	text  string
	place source.Span
}

// settings are all texts of the node's configs and arguments, but for its hooks,
// which are statements of their own.
func (c *Compiled) settings() []setting {
	var all []setting
	if c.Node == nil {
		return nil
	}
	if c.arguments != nil {
		for k, v := range c.arguments.All() {
			if at, ok := c.argumentPlaces[value.Str(k)]; ok {
				all = withTexts(all, v, at)
			}
		}
	}
	for k, v := range c.Node.Config.Values().All() {
		key := value.Str(k)
		if at := c.Node.Config.Place(key); at.Known() && !builtIn(at) && key != "pre-hook" && key != "post-hook" {
			all = withTexts(all, v, at)
		}
	}
	return all
}

func builtIn(at source.Span) bool { return strings.HasPrefix(at.File.Path, builtin.Root) }

// withTexts adds the strings of a value, keys of dicts among them.
func withTexts(all []setting, v value.Value, at source.Span) []setting {
	switch v := v.(type) {
	case string:
		if strings.TrimSpace(v) != "" {
			all = append(all, setting{v, at})
		}
	case *value.List:
		for _, e := range v.Elems {
			all = withTexts(all, e, at)
		}
	case *value.Tuple:
		for _, e := range v.Elems {
			all = withTexts(all, e, at)
		}
	case *value.Dict:
		for k, e := range v.All() {
			all = withTexts(withTexts(all, k, at), e, at)
		}
	}
	return all
}

// covering finds an occurrence of text in a statement that the offset lies in.
func covering(statement, text string, offset int) (int, bool) {
	for from := max(offset-len(text)+1, 0); from <= offset && from < len(statement); {
		i := strings.Index(statement[from:min(offset+len(text), len(statement))], text)
		if i < 0 {
			return 0, false
		}
		at := from + i
		if separate(statement, at, at+len(text)) {
			return at, true
		}
		from = at + 1
	}
	return 0, false
}

// separate reports whether s[start:end] is not in the middle of a word.
func separate(s string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	first, _ := utf8.DecodeRuneInString(s[start:])
	last, _ := utf8.DecodeLastRuneInString(s[:end])
	after, _ := utf8.DecodeRuneInString(s[end:])
	return !(inWord(before) && inWord(first)) && !(inWord(last) && inWord(after))
}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_')
}
