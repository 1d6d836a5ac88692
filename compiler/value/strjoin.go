package value

import (
	"strings"
	"unicode/utf8"
)

func strJoin(self Value, c *Call) (Value, error) {
	v, err := c.one("str.join")
	if err != nil {
		return nil, err
	}
	items, err := Iterate(v)
	if err != nil {
		if e, ok := err.(*Error); ok && e.Class == "TypeError" {
			return nil, Errorf("TypeError", "can only join an iterable")
		}
		return nil, err
	}
	sep := self.(string)
	size := 0
	for i, item := range items {
		s, ok := item.(string)
		if !ok {
			return nil, Errorf("TypeError", "sequence item %d: expected str instance, %s found", i, TypeName(item))
		}
		if size += len(s) + len(sep); size > maxBytes {
			return nil, tooLarge("string")
		}
	}
	var b strings.Builder
	b.Grow(size)
	for i, item := range items {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(item.(string))
	}
	return b.String(), nil
}

func strReplace(self Value, c *Call) (Value, error) {
	args, err := c.between("str", "replace", 2, 3)
	if err != nil {
		return nil, err
	}
	var texts [2]string
	for i := range texts {
		s, ok := args[i].(string)
		if !ok {
			return nil, Errorf("TypeError", "replace() argument %d must be str, not %s", i+1, argType(args[i]))
		}
		texts[i] = s
	}
	n := -1
	if len(c.Args) == 3 {
		if n, err = toIndex(args[2]); err != nil {
			return nil, err
		}
	}
	return Replace(self.(string), texts[0], texts[1], n)
}

// Replace is s with the first n places of old replaced, all when n is below
// zero. The error is a MemoryError.
func Replace(s, old, with string, n int) (Value, error) {
	if n < 0 {
		n = -1
	}
	if len(with) > len(old) {
		places := strings.Count(s, old)
		if n >= 0 {
			places = min(places, n)
		}
		if !fits(len(with)-len(old), places) || len(s)+places*(len(with)-len(old)) > maxBytes {
			return nil, tooLarge("string")
		}
	}
	return strings.Replace(s, old, with, n), nil
}

func strTranslate(self Value, c *Call) (Value, error) {
	table, err := c.one("str.translate")
	if err != nil {
		return nil, err
	}
	switch table.(type) {
	case *Dict, *List, *Tuple, string, Indexer:
	default:
		return nil, Errorf("TypeError", "'%s' object is not subscriptable", TypeName(table))
	}
	var b strings.Builder
	for _, r := range self.(string) {
		to, ok := Item(table, int64(r))
		switch to := to.(type) {
		case nil:
			if !ok {
				b.WriteRune(r)
			}
		case string:
			b.WriteString(to)
		case int64:
			if to < 0 || to > utf8.MaxRune {
				return nil, Errorf("ValueError", "character mapping must be in range(0x110000)")
			}
			b.WriteRune(rune(to))
		default:
			return nil, Errorf("TypeError", "character mapping must return integer, None or str")
		}
		if b.Len() > maxBytes {
			return nil, tooLarge("string")
		}
	}
	return b.String(), nil
}

func strMaketrans(_ Value, c *Call) (Value, error) {
	args, err := c.between("str", "maketrans", 1, 3)
	if err != nil {
		return nil, err
	}
	if len(c.Args) == 1 {
		return translationOf(args[0])
	}
	var texts [3][]rune
	for i := range c.Args {
		s, ok := args[i].(string)
		switch {
		case !ok && i == 0:
			return nil, Errorf("TypeError", "first maketrans argument must be a string if there is a second argument")
		case !ok:
			return nil, Errorf("TypeError", "maketrans() argument %d must be str, not %s", i+1, argType(args[i]))
		}
		texts[i] = []rune(s)
	}
	if len(texts[0]) != len(texts[1]) {
		return nil, Errorf("ValueError", "the first two maketrans arguments must have equal length")
	}
	d := NewDict()
	for i, r := range texts[0] {
		d.put(int64(r), int64(r), int64(texts[1][i]))
	}
	for _, r := range texts[2] {
		d.put(int64(r), int64(r), nil)
	}
	return d, nil
}

func translationOf(v Value) (Value, error) {
	from, ok := v.(*Dict)
	if !ok {
		return nil, Errorf("TypeError", "if you give only one argument to maketrans it must be a dict")
	}
	d := NewDict()
	for k, to := range from.All() {
		switch k := k.(type) {
		case int64:
			d.put(k, k, to)
		case string:
			r, size := utf8.DecodeRuneInString(k)
			if k == "" || size != len(k) {
				return nil, Errorf("ValueError", "string keys in translate table must be of length 1")
			}
			d.put(int64(r), int64(r), to)
		default:
			return nil, Errorf("TypeError", "keys in translate table must be strings or integers")
		}
	}
	return d, nil
}
