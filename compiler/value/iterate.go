package value

import (
	"slices"
	"unicode/utf8"
)

// Iterate returns what a loop over v sees, in a slice of the caller's own:
// characters, elements, a dict's keys. An Undefined has none.
func Iterate(v Value) ([]Value, error) {
	switch v := v.(type) {
	case *List:
		return slices.Clone(v.Elems), nil
	case *Tuple:
		return slices.Clone(v.Elems), nil
	case *Dict:
		return v.Keys(), nil
	case *Set:
		return v.Elems(), nil
	case string:
		if len(v) > maxItems && utf8.RuneCountInString(v) > maxItems {
			return nil, tooLarge("list of all characters")
		}
		return characters(v), nil
	case *Undefined:
		return nil, Check(v)
	case Iterable:
		return v.Items(), nil
	case Streamer:
		return drain(v)
	}
	return nil, Errorf("TypeError", "'%s' object is not iterable", TypeName(v))
}

func characters(s string) []Value {
	chars := make([]Value, 0, utf8.RuneCountInString(s))
	for i := 0; i < len(s); {
		_, size := utf8.DecodeRuneInString(s[i:])
		chars = append(chars, s[i:i+size])
		i += size
	}
	return chars
}

func drain(s Streamer) ([]Value, error) {
	var items []Value
	for {
		item, ok, err := s.Next()
		if err != nil || !ok {
			return items, err
		}
		if len(items) >= maxItems {
			return nil, tooLarge("list of all items of an iterator")
		}
		items = append(items, item)
	}
}

// Stream returns v as an iterator: itself when it is one.
func Stream(v Value) (Streamer, error) {
	if s, ok := v.(Streamer); ok {
		return s, nil
	}
	items, err := Iterate(v)
	if err != nil {
		return nil, err
	}
	next := 0
	return NewIterator("iterator", func() (Value, bool, error) {
		if next >= len(items) {
			return nil, false, nil
		}
		next++
		return items[next-1], true, nil
	}), nil
}
