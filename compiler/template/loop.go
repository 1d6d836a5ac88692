package template

import (
	"strconv"

	"github.com/chmod-sql/chmod/compiler/value"
)

// loopValue is the variable loop.
type loopValue struct {
	f      *frame
	source value.Value
	it     value.Streamer
	index0 int
	length int // -1 until asked for
	depth0 int
	after  value.Value // missing unless looked ahead
	now    value.Value
	before value.Value
	last   []value.Value // of changed()
	called bool
	stmt   *forStmt
	home   *frame // where the loop stands, for recursion
	err    error  // of looking ahead
}

func (l *loopValue) advance() (value.Value, bool, error) {
	v, ok := l.after, true
	if _, none := v.(missing); none {
		var err error
		if v, ok, err = l.it.Next(); err != nil || !ok {
			return nil, false, err
		}
	} else {
		l.after = missing{}
	}
	l.index0++
	l.before, l.now = l.now, v
	return v, ok, nil
}

// Next makes of the loop the iterator that it is in Jinja2: whoever goes over
// it takes rounds away from it.
func (l *loopValue) Next() (value.Value, bool, error) {
	v, ok, err := l.advance()
	if err != nil || !ok {
		return nil, false, err
	}
	return value.NewTuple(v, l), true, nil
}

func (l *loopValue) peek() (value.Value, bool) {
	if _, none := l.after.(missing); !none {
		return l.after, true
	}
	v, ok, err := l.it.Next()
	if err != nil {
		l.err = err
	}
	if !ok || err != nil {
		return nil, false
	}
	l.after = v
	return v, true
}

// maxAhead is how many items are read ahead at most.
const maxAhead = 8 << 20

// Len is how often the loop will have gone round.
func (l *loopValue) Len() int {
	if l.length >= 0 {
		return l.length
	}
	if _, isStream := l.source.(value.Streamer); !isStream {
		if n, err := value.Len(l.source); err == nil {
			l.length = n
			return n
		}
	}
	ahead := 0
	if _, none := l.after.(missing); !none {
		ahead = 1
	}
	var rest []value.Value
	for {
		v, ok, err := l.it.Next()
		if err == nil {
			err = l.f.r.Spend(1)
		}
		if err == nil && len(rest) > maxAhead {
			err = value.Errorf("MemoryError", "the loop is too long to tell its length")
		}
		if err != nil {
			l.err = err
		}
		if !ok || err != nil {
			break
		}
		rest = append(rest, v)
	}
	l.it = &sliceIterator{items: rest}
	l.length = len(rest) + l.index0 + 1 + ahead
	return l.length
}

// TypeName is Python's name for it.
func (l *loopValue) TypeName() string { return "LoopContext" }

// Str is what Python prints of it.
func (l *loopValue) Str() string {
	return "<LoopContext " + strconv.Itoa(l.index0+1) + "/" + strconv.Itoa(l.Len()) + ">"
}

// Attr answers what a loop tells about itself.
func (l *loopValue) Attr(name string) (value.Value, bool) {
	switch name {
	case "index":
		return int64(l.index0 + 1), true
	case "index0":
		return int64(l.index0), true
	case "revindex":
		return int64(l.Len() - l.index0), true
	case "revindex0":
		return int64(l.Len() - l.index0 - 1), true
	case "first":
		return l.index0 == 0, true
	case "last":
		_, more := l.peek()
		return !more, true
	case "length":
		return int64(l.Len()), true
	case "depth":
		return int64(l.depth0 + 1), true
	case "depth0":
		return int64(l.depth0), true
	case "previtem":
		if l.index0 == 0 {
			return l.f.none("there is no previous item"), true
		}
		return l.before, true
	case "nextitem":
		if v, more := l.peek(); more {
			return v, true
		}
		return l.f.none("there is no next item"), true
	case "cycle":
		return &value.Func{Name: "cycle", Fn: l.cycle}, true
	case "changed":
		return &value.Func{Name: "changed", Fn: l.changed}, true
	}
	return nil, false
}

// none is an Undefined that says why.
func (f *frame) none(why string) *value.Undefined {
	return &value.Undefined{Leniency: f.lenient, Hint: why}
}

func (l *loopValue) cycle(c *value.Call) (value.Value, error) {
	if len(c.Args) == 0 {
		return nil, value.Errorf("TypeError", "no items for cycling given")
	}
	return c.Args[l.index0%len(c.Args)], nil
}

func (l *loopValue) changed(c *value.Call) (value.Value, error) {
	if l.called {
		same, err := value.Equals(value.NewTuple(l.last...), value.NewTuple(c.Args...))
		if same || err != nil {
			return false, err
		}
	}
	l.called, l.last = true, c.Args
	return true, nil
}

// Call is the recursion of a loop that is marked recursive.
func (l *loopValue) Call(c *value.Call) (value.Value, error) { return l.recurse(c) }

func (l *loopValue) recurse(c *value.Call) (value.Value, error) {
	if !l.stmt.recursive {
		return nil, value.Errorf("TypeError", "The loop must have the 'recursive' marker to be called recursively.")
	}
	bound, err := c.Bind("loop", value.Required("iterable"))
	if err != nil {
		return nil, err
	}
	return l.stmt.render(l.home, bound[0], l.depth0+1)
}
