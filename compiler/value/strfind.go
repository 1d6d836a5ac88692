package value

import (
	"strings"
	"unicode/utf8"
)

// window reads the arguments of find, count and startswith: what is sought,
// the part of the text that start and end leave, and the number of characters
// before it. The part is missing when start lies behind it.
func window(name string, s string, c *Call) (sought Value, part string, before int, missing bool, err error) {
	if err := c.positional(name); err != nil {
		return nil, "", 0, false, err
	}
	n := len(c.Args)
	switch {
	case n < 1:
		return nil, "", 0, false, Errorf("TypeError", "%s() takes at least 1 argument (0 given)", name)
	case n > 3:
		return nil, "", 0, false, Errorf("TypeError", "%s() takes at most 3 arguments (%d given)", name, n)
	case n == 1:
		return c.Args[0], s, 0, false, nil
	}
	var end Value
	if n == 3 {
		end = c.Args[2]
	}
	length := utf8.RuneCountInString(s)
	from, to, err := bounds(c.Args[1], end, length)
	if err != nil {
		return nil, "", 0, false, err
	}
	if from > to {
		return c.Args[0], "", 0, true, nil
	}
	if length == len(s) {
		return c.Args[0], s[from:to], from, false, nil
	}
	first := offsetOf(s, from)
	return c.Args[0], s[first : first+offsetOf(s[first:], to-from)], from, false, nil
}

func strSearch(name string, search func(s, sub string) int, fail bool) methodFunc {
	return func(self Value, c *Call) (Value, error) {
		sought, part, before, missing, err := window(name, self.(string), c)
		if err != nil {
			return nil, err
		}
		sub, ok := sought.(string)
		if !ok {
			return nil, Errorf("TypeError", "must be str, not %s", TypeName(sought))
		}
		if !missing {
			if i := search(part, sub); i >= 0 {
				return int64(before + utf8.RuneCountInString(part[:i])), nil
			}
		}
		if fail {
			return nil, Errorf("ValueError", "substring not found")
		}
		return int64(-1), nil
	}
}

func strCount(self Value, c *Call) (Value, error) {
	sought, part, _, missing, err := window("count", self.(string), c)
	if err != nil {
		return nil, err
	}
	sub, ok := sought.(string)
	if !ok {
		return nil, Errorf("TypeError", "must be str, not %s", TypeName(sought))
	}
	if missing {
		return int64(0), nil
	}
	return int64(strings.Count(part, sub)), nil
}

func strAffix(name string, has func(s, affix string) bool) methodFunc {
	return func(self Value, c *Call) (Value, error) {
		sought, part, _, missing, err := window(name, self.(string), c)
		if err != nil {
			return nil, err
		}
		switch sought := sought.(type) {
		case string:
			return !missing && has(part, sought), nil
		case *Tuple:
			for _, e := range sought.Elems {
				affix, ok := e.(string)
				if !ok {
					return nil, Errorf("TypeError", "tuple for %s must only contain str, not %s", name, TypeName(e))
				}
				if !missing && has(part, affix) {
					return true, nil
				}
			}
			return false, nil
		}
		return nil, Errorf("TypeError", "%s first arg must be str or a tuple of str, not %s", name, TypeName(sought))
	}
}
