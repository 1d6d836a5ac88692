package value

import "unicode/utf8"

// Item is v[key]; false when there is no such item, or v has no items at all.
// A Chainable Undefined is its own item.
func Item(v, key Value) (Value, bool) {
	switch v := v.(type) {
	case *Dict:
		return v.Get(key)
	case *List:
		return elementAt(v.Elems, key)
	case *Tuple:
		return elementAt(v.Elems, key)
	case string:
		return characterAt(v, key)
	case *Undefined:
		return v, v.Leniency == Chainable
	case Indexer:
		return v.Item(key)
	}
	return nil, false
}

func elementAt(elems []Value, key Value) (Value, bool) {
	i, ok := position(key, len(elems))
	if !ok {
		return nil, false
	}
	return elems[i], true
}

func position(key Value, n int) (int, bool) {
	i, ok := indexOf(key)
	if ok && i < 0 {
		i += n
	}
	return i, ok && i >= 0 && i < n
}

func characterAt(s string, key Value) (Value, bool) {
	if isASCII(s) {
		i, ok := position(key, len(s))
		if !ok {
			return nil, false
		}
		return s[i : i+1], true
	}
	i, ok := position(key, utf8.RuneCountInString(s))
	if !ok {
		return nil, false
	}
	from := offsetOf(s, i)
	_, size := utf8.DecodeRuneInString(s[from:])
	return s[from : from+size], true
}
