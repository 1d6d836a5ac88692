package template

import (
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/value"
)

// iterator is Python's iter(v). Lists are read as they are at each step, since
// a loop may change the list it goes over.
func (f *frame) iterator(v value.Value) (value.Streamer, error) {
	switch v := v.(type) {
	case *value.List:
		return &listIterator{list: v}, nil
	case *value.Tuple:
		return &sliceIterator{items: v.Elems}, nil
	case *value.Dict:
		return &dictIterator{dict: v, size: v.Len(), keys: v.Keys()}, nil
	case value.Streamer:
		return v, nil
	case string:
		return &textIterator{text: v}, nil
	case view:
		return &dictIterator{dict: v.Dict(), size: v.Len(), keys: v.Items()}, nil
	}
	items, err := value.Iterate(v)
	return &sliceIterator{items: items}, err
}

// view is what follows a dict: its keys(), values() and items().
type view interface {
	value.Iterable
	value.Lengther
	Dict() *value.Dict
}

type sliceIterator struct {
	items []value.Value
	next  int
}

func (s *sliceIterator) Next() (value.Value, bool, error) {
	if s.next >= len(s.items) {
		return nil, false, nil
	}
	s.next++
	return s.items[s.next-1], true, nil
}

// textIterator gives the characters of a text.
type textIterator struct{ text string }

func (t *textIterator) Next() (value.Value, bool, error) {
	if t.text == "" {
		return nil, false, nil
	}
	_, size := utf8.DecodeRuneInString(t.text)
	char := t.text[:size]
	t.text = t.text[size:]
	return char, true, nil
}

type listIterator struct {
	list *value.List
	next int
}

func (l *listIterator) Next() (value.Value, bool, error) {
	if l.next >= len(l.list.Elems) {
		l.list = &value.List{} // what has ended stays ended
		return nil, false, nil
	}
	l.next++
	return l.list.Elems[l.next-1], true, nil
}

type dictIterator struct {
	dict *value.Dict
	size int
	keys []value.Value
	next int
}

func (d *dictIterator) Next() (value.Value, bool, error) {
	if d.dict.Len() != d.size {
		return nil, false, value.Errorf("RuntimeError", "dictionary changed size during iteration")
	}
	if d.next >= len(d.keys) {
		return nil, false, nil
	}
	d.next++
	return d.keys[d.next-1], true, nil
}
