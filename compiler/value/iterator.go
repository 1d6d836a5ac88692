package value

// Iterator is a Streamer made of a Go function. It is used up by reading, and
// not safe for concurrent use.
type Iterator struct {
	kind string
	next func() (Value, bool, error)
}

// NewIterator makes an iterator of class kind; next is false after the last
// item.
func NewIterator(kind string, next func() (Value, bool, error)) *Iterator {
	return &Iterator{kind: kind, next: next}
}

// Next gives the next item.
func (i *Iterator) Next() (Value, bool, error) { return i.next() }

// TypeName is the iterator's class.
func (i *Iterator) TypeName() string { return i.kind }

// Attr answers no names: iterators are looped over.
func (i *Iterator) Attr(string) (Value, bool) { return nil, false }
