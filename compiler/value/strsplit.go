package value

import (
	"slices"
	"strings"
	"unicode/utf8"
)

func splitArgs(name string, c *Call) (sep string, atSpace bool, limit int, err error) {
	args, err := c.named(name, Optional("sep", nil), Optional("maxsplit", int64(-1)))
	if err != nil {
		return "", false, 0, err
	}
	if limit, err = toIndex(args[1]); err != nil {
		return "", false, 0, err
	}
	switch s := args[0].(type) {
	case nil:
		return "", true, limit, nil
	case string:
		if s == "" {
			return "", false, 0, Errorf("ValueError", "empty separator")
		}
		return s, false, limit, nil
	}
	return "", false, 0, Errorf("TypeError", "must be str or None, not %s", TypeName(args[0]))
}

func strSplit(self Value, c *Call) (Value, error) {
	sep, atSpace, limit, err := splitArgs("split", c)
	if err != nil {
		return nil, err
	}
	s := self.(string)
	if atSpace {
		return textList(splitSpace(s, limit))
	}
	if limit >= 0 {
		limit++
	}
	return textList(strings.SplitN(s, sep, limitOf(limit)))
}

// limitOf keeps Go from reading "no more than 0 parts" and from overflowing.
func limitOf(n int) int {
	if n < 0 {
		return -1
	}
	return n
}

func splitSpace(s string, limit int) []string {
	var parts []string
	s = strings.TrimLeftFunc(s, isSpace)
	for s != "" {
		end := strings.IndexFunc(s, isSpace)
		if end < 0 || limit == 0 {
			return append(parts, s)
		}
		parts = append(parts, s[:end])
		s = strings.TrimLeftFunc(s[end:], isSpace)
		limit--
	}
	return parts
}

func strRsplit(self Value, c *Call) (Value, error) {
	sep, atSpace, limit, err := splitArgs("rsplit", c)
	if err != nil {
		return nil, err
	}
	var parts []string
	s := self.(string)
	if atSpace {
		s = strings.TrimRightFunc(s, isSpace)
		for s != "" {
			start := strings.LastIndexFunc(s, isSpace)
			if start < 0 || limit == 0 {
				break
			}
			_, size := utf8.DecodeRuneInString(s[start:])
			parts = append(parts, s[start+size:])
			s = strings.TrimRightFunc(s[:start], isSpace)
			limit--
		}
		if s != "" {
			parts = append(parts, s)
		}
	} else {
		for ; limit != 0; limit-- {
			start := strings.LastIndex(s, sep)
			if start < 0 {
				break
			}
			parts = append(parts, s[start+len(sep):])
			s = s[:start]
		}
		parts = append(parts, s)
	}
	slices.Reverse(parts)
	return textList(parts)
}

func textList(parts []string) (Value, error) {
	if len(parts) > maxItems {
		return nil, tooLarge("list")
	}
	l := &List{Elems: make([]Value, len(parts))}
	for i, p := range parts {
		l.Elems[i] = p
	}
	return l, nil
}

func strSplitlines(self Value, c *Call) (Value, error) {
	args, err := c.named("splitlines", Optional("keepends", false))
	if err != nil {
		return nil, err
	}
	keep, ok := indexOf(args[0])
	if !ok {
		return nil, Errorf("TypeError", "'%s' object cannot be interpreted as an integer", TypeName(args[0]))
	}
	s := self.(string)
	var lines []string
	for s != "" {
		end := strings.IndexFunc(s, isLineEnd)
		if end < 0 {
			lines = append(lines, s)
			break
		}
		_, size := utf8.DecodeRuneInString(s[end:])
		next := end + size
		if strings.HasPrefix(s[end:], "\r\n") {
			next = end + 2
		}
		if keep != 0 {
			end = next
		}
		lines = append(lines, s[:end])
		s = s[next:]
	}
	return textList(lines)
}

func isLineEnd(r rune) bool {
	return r >= '\n' && r <= '\r' || r >= 0x1c && r <= 0x1e || r == 0x85 || r == 0x2028 || r == 0x2029
}

func strPartition(name string, find func(s, sep string) int) methodFunc {
	return func(self Value, c *Call) (Value, error) {
		v, err := c.one("str." + name)
		if err != nil {
			return nil, err
		}
		sep, ok := v.(string)
		if !ok {
			return nil, Errorf("TypeError", "must be str, not %s", TypeName(v))
		}
		if sep == "" {
			return nil, Errorf("ValueError", "empty separator")
		}
		s := self.(string)
		i := find(s, sep)
		switch {
		case i >= 0:
			return NewTuple(s[:i], sep, s[i+len(sep):]), nil
		case name == "rpartition":
			return NewTuple("", "", s), nil
		}
		return NewTuple(s, "", ""), nil
	}
}
