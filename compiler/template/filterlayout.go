package template

import (
	"strings"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/value"
)

func layoutFilter(name string) filter {
	switch name {
	case "center":
		return centerFilter
	case "indent":
		return indentFilter
	case "truncate":
		return truncateFilter
	case "wordwrap":
		return wordwrapFilter
	}
	return nil
}

func centerFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("center", value.Optional("width", int64(80)))
	if err != nil {
		return nil, err
	}
	s, err := text(v)
	if err != nil {
		return nil, err
	}
	return method(c, s, "center", args[0])
}

func indentFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("indent", value.Optional("width", int64(4)), value.Optional("first", false), value.Optional("blank", false))
	if err != nil {
		return nil, err
	}
	by, ok := args[0].(string)
	if !ok {
		pad, err := value.Mul(" ", args[0])
		if err != nil {
			return nil, err
		}
		by = value.Str(pad)
	}
	// Python adds a line end first, so that text alone is welcome here. A list
	// takes it, and then has no lines.
	if list, ok := v.(*value.List); ok {
		list.Elems = append(list.Elems, "\n")
		return method(c, list, "splitlines")
	}
	with, err := value.Add(v, "\n")
	if err != nil {
		return nil, err
	}
	lines := splitLines(value.Str(with))
	if err := value.CheckText(len(by), len(lines)); err != nil {
		return nil, err
	}
	for i, line := range lines {
		if i > 0 && (line != "" || value.Truth(args[2])) {
			lines[i] = by + line
		}
	}
	s := strings.Join(lines, "\n")
	if value.Truth(args[1]) {
		s = by + s
	}
	return s, nil
}

// splitLines is Python's str.splitlines.
func splitLines(s string) []string {
	var lines []string
	for len(s) > 0 {
		end := strings.IndexFunc(s, isLineEnd)
		if end < 0 {
			return append(lines, s)
		}
		lines = append(lines, s[:end])
		_, size := utf8.DecodeRuneInString(s[end:])
		if strings.HasPrefix(s[end:], "\r\n") {
			size = 2
		}
		s = s[end+size:]
	}
	return lines
}

func isLineEnd(r rune) bool {
	return r >= '\n' && r <= '\r' || r >= 0x1c && r <= 0x1e || r == 0x85 || r == 0x2028 || r == 0x2029
}

func truncateFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("truncate", value.Optional("length", int64(255)), value.Optional("killwords", false),
		value.Optional("end", "..."), value.Optional("leeway", nil))
	if err != nil {
		return nil, err
	}
	dots, err := value.Len(args[2])
	if err != nil {
		return nil, err
	}
	leeway := args[3]
	if leeway == nil {
		leeway = int64(5)
	}
	if err := atLeast("length", args[0], dots); err != nil {
		return nil, err
	}
	if err := atLeast("leeway", leeway, 0); err != nil {
		return nil, err
	}
	n, err := value.Len(v)
	if err != nil {
		return nil, err
	}
	most, err := value.Add(args[0], leeway)
	if err != nil {
		return nil, err
	}
	if fits, err := value.Order("<=", int64(n), most); err != nil || fits {
		return v, err
	}
	stop, err := value.Sub(args[0], int64(dots))
	if err != nil {
		return nil, err
	}
	cut, err := value.Slice(v, nil, stop, nil)
	if err != nil {
		return nil, err
	}
	if !value.Truth(args[1]) {
		words, err := method(c, cut, "rsplit", " ", int64(1))
		if err != nil {
			return nil, err
		}
		if cut, err = value.Subscript(words, int64(0)); err != nil {
			return nil, err
		}
	}
	return value.Add(cut, args[2])
}

// atLeast is the error of an argument that is below what there must be.
func atLeast(name string, given value.Value, least int) error {
	enough, err := value.Order(">=", given, int64(least))
	if err != nil || enough {
		return err
	}
	return value.Errorf("AssertionError", "expected %s >= %d, got %s", name, least, value.Str(given))
}

func wordwrapFilter(_ *frame, v value.Value, c *value.Call) (value.Value, error) {
	args, err := c.Bind("wordwrap", value.Optional("width", int64(79)), value.Optional("break_long_words", true),
		value.Optional("wrapstring", nil), value.Optional("break_on_hyphens", true))
	if err != nil {
		return nil, err
	}
	s, ok := v.(string)
	if !ok {
		_, err := method(c, v, "splitlines") // nothing but a lenient Undefined has lines
		return "", err
	}
	w := wrapper{breakLong: value.Truth(args[1]), hyphens: value.Truth(args[3])}
	lines := splitLines(s)
	if len(lines) > 0 { // without any, Python does not look at the width
		if w.width, err = extent(args[0]); err != nil {
			return nil, err
		}
	}
	join := "\n"
	if args[2] != nil {
		if join, err = text(args[2]); err != nil {
			return nil, err
		}
	}
	var wrapped []string
	for _, line := range lines {
		if w.width <= 0 {
			return nil, value.Errorf("ValueError", "invalid width %d (must be > 0)", w.width)
		}
		pieces := w.wrap(line)
		if len(pieces) == 0 {
			pieces = []string{""}
		}
		wrapped = append(wrapped, pieces...)
		if err := value.CheckText(len(join), len(wrapped)); err != nil {
			return nil, err
		}
	}
	return strings.Join(wrapped, join), nil
}
