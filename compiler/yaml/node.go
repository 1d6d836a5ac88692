// Package yaml reads YAML as dbt does, which is YAML 1.1 as PyYAML's safe
// loader takes it, and keeps the place of every key and value.
//
// Its main type is Node, a value in a file. Parse makes a tree of them, with
// aliases shared, merge keys merged and duplicate keys settled, so that readers
// see plain mappings, sequences and scalars. Render replaces the templates in
// a tree by what they give. The package knows nothing of what the keys mean.
package yaml

import (
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pytime"
)

// Kind tells what a node is.
type Kind uint8

const (
	Scalar Kind = iota
	Mapping
	Sequence
)

// Style tells how a scalar is written.
type Style uint8

const (
	Plain Style = iota
	SingleQuoted
	DoubleQuoted
	Literal // |
	Folded  // >
)

// Node is one value of a YAML file. Nodes are read-only once they are made and
// may be shared: an alias is the node of its anchor. All methods may be called
// on a nil node, which is a node that is not there.
//
// Projects have hundreds of thousands of them at once, so they are kept small:
// what few have lies behind a pointer, and nothing is there twice.
type Node struct {
	Kind    Kind
	Style   Style
	isText  bool  // a scalar that is a string, which is Text
	derived bool  // made by rendering: Text is not what the file holds
	size    int32 // nodes below, aliases counted each time
	// Span is the value as written; for a quoted scalar with its quotes, for
	// a block scalar from its | or > on.
	Span source.Span
	// Text is a scalar's text, quotes and escapes taken away.
	Text string
	// Entries are a mapping's, in PyYAML's order: merged ones first.
	Entries []Entry

	items  *[]*Node
	scalar value.Value // of what is no string; see Scalar
}

// Entry is a key of a mapping and its value.
type Entry struct {
	Key   *Node
	Value *Node
}

// Get returns the value under a string key; nil when there is none.
func (n *Node) Get(key string) *Node {
	e, _ := n.Entry(key)
	return e.Value
}

// Entry returns the entry of a string key; false when there is none.
func (n *Node) Entry(key string) (Entry, bool) {
	if n == nil {
		return Entry{}, false
	}
	for _, e := range n.Entries {
		if e.Key.Text == key {
			if e.Key.isText {
				return e, true
			}
		}
	}
	return Entry{}, false
}

// Name is a key's text, whatever type YAML gave it: "on" for on, which is
// True.
func (e Entry) Name() string { return e.Key.Text }

// Null reports whether the node is absent, empty or null.
func (n *Node) Null() bool { return n == nil || n.Kind == Scalar && n.scalar == nil && !n.isText }

// Scalar is a scalar's value: nil, bool, int64, *big.Int, float64, string or
// a date. It is nil for mappings and sequences.
func (n *Node) Scalar() value.Value {
	switch {
	case n == nil:
		return nil
	case n.isText:
		return n.Text
	}
	return n.scalar
}

// set makes the node a scalar of a value, whose text is set already.
func (n *Node) set(v value.Value) {
	if s, ok := v.(string); ok && s == n.Text {
		n.isText, n.scalar = true, nil
		return
	}
	n.isText, n.scalar = false, v
}

// Items are a sequence's.
func (n *Node) Items() []*Node {
	if n == nil || n.items == nil {
		return nil
	}
	return *n.items
}

// WithItems is a copy of a sequence with other items.
func (n *Node) WithItems(items []*Node) *Node {
	c := *n
	c.items = &items
	return &c
}

// Str returns a scalar that is a string; false for all else.
func (n *Node) Str() (string, bool) {
	if n == nil || !n.isText {
		return "", false
	}
	return n.Text, true
}

// Value makes a Python value of the node, new with every call.
func (n *Node) Value() value.Value {
	switch {
	case n == nil:
		return nil
	case n.Kind == Mapping:
		d := value.NewDict()
		for _, e := range n.Entries {
			if e.Key.isText {
				d.Put(e.Key.Text, e.Value.Value())
				continue
			}
			// Keys were found hashable when the node was made.
			_ = d.Set(e.Key.scalar, e.Value.Value())
		}
		return d
	case n.Kind == Sequence:
		elems := make([]value.Value, len(n.Items()))
		for i, item := range n.Items() {
			elems[i] = item.Value()
		}
		return value.NewList(elems...)
	}
	return n.Scalar()
}

// Place is where the node stands; unknown for one that is not there.
func (n *Node) Place() source.Span {
	if n == nil {
		return source.Span{}
	}
	return n.Span
}

// What names the node's type as users know it: a string, a number, a list.
func (n *Node) What() string {
	switch {
	case n.Null():
		return "nothing"
	case n.Kind == Mapping:
		return "a mapping"
	case n.Kind == Sequence:
		return "a list"
	}
	switch n.Scalar().(type) {
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case *pytime.Date, *pytime.DateTime:
		return "a date"
	}
	return "a number"
}
