package template

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/value"
)

func textFilter(name string) filter {
	switch name {
	case "capitalize", "lower", "upper":
		return func(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
			if _, err := c.Bind(name); err != nil {
				return nil, err
			}
			s, err := text(v)
			if err != nil {
				return nil, err
			}
			return method(c, s, name)
		}
	case "title":
		return titleFilter
	case "trim":
		return trimFilter
	case "replace":
		return replaceFilter
	case "string":
		return stringFilter
	case "format":
		return formatFilter
	case "wordcount":
		return wordcountFilter
	}
	return nil
}

// titleFilter capitalizes words, which start after blanks, hyphens and opening
// brackets alone: "o'neil" has one.
func titleFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("title"); err != nil {
		return nil, err
	}
	s, err := text(v)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for len(s) > 0 {
		end := strings.IndexFunc(s, startsWord)
		if end < 0 {
			end = len(s)
		}
		if end > 0 {
			if err := capitalized(c, &b, s[:end]); err != nil {
				return nil, err
			}
		}
		s = s[end:]
		gap := strings.IndexFunc(s, func(r rune) bool { return !startsWord(r) })
		if gap < 0 {
			gap = len(s)
		}
		b.WriteString(s[:gap])
		s = s[gap:]
	}
	return b.String(), nil
}

func startsWord(r rune) bool { return isSpace(r) || strings.ContainsRune("-({[<", r) }

func capitalized(c *value.Call, b *strings.Builder, word string) error {
	_, size := utf8.DecodeRuneInString(word)
	first, err := method(c, word[:size], "upper")
	if err != nil {
		return err
	}
	rest, err := method(c, word[size:], "lower")
	if err != nil {
		return err
	}
	b.WriteString(value.Str(first) + value.Str(rest))
	return nil
}

func trimFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("trim", value.Optional("chars", nil))
	if err != nil {
		return nil, err
	}
	s, err := text(v)
	if err != nil {
		return nil, err
	}
	return method(c, s, "strip", args[0])
}

func replaceFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("replace", value.Required("old"), value.Required("new"), value.Optional("count", nil))
	if err != nil {
		return nil, err
	}
	s, err := texts(v, args[0], args[1])
	if err != nil {
		return nil, err
	}
	if args[2] == nil {
		args[2] = int64(-1)
	}
	return method(c, s[0], "replace", s[1], s[2], args[2])
}

func stringFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("string"); err != nil {
		return nil, err
	}
	if m, ok := v.(*marker); ok {
		return m, nil
	}
	return text(v)
}

func formatFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if len(c.Args) > 0 && len(c.Kwargs) > 0 {
		return nil, bad("can't handle positional and keyword arguments at the same time")
	}
	s, err := text(v)
	if err != nil {
		return nil, err
	}
	if len(c.Kwargs) == 0 {
		return value.Mod(s, value.NewTuple(c.Args...))
	}
	d := value.NewDict()
	for _, kw := range c.Kwargs {
		d.Put(kw.Name, kw.Value)
	}
	return value.Mod(s, d)
}

func wordcountFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	if _, err := c.Bind("wordcount"); err != nil {
		return nil, err
	}
	s, err := text(v)
	if err != nil {
		return nil, err
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return !isWordRune(r) })
	return int64(len(words)), nil
}

// isWordRune is \w of Python's regular expressions.
func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}
