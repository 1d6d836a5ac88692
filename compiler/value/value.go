// Package value holds Python's values as Jinja templates and YAML files see
// them: None, numbers, strings, tuples, lists, dicts and sets, with Python's
// equality, order, truth, str and repr, and the methods templates call on
// them.
//
// Its main type is Value, which is any of the Go types named there. Lists,
// dicts and sets are shared by reference and may be changed by whoever holds
// them, as in Python; they are not safe for concurrent writing. The package
// knows no syntax and reads no files.
package value

import "github.com/chmod-sql/chmod/compiler/source"

// Value is one of:
//
//	nil         None
//	bool        bool
//	int64       int; *big.Int outside of 64 bits
//	float64     float
//	string      str
//	*List       list
//	*Tuple      tuple
//	*Dict       dict, in order of insertion
//	*Set        set, in order of insertion
//	*Undefined  a name or attribute that does not exist
//	Object      anything else: it answers attributes by itself
type Value = any

// Object is a value made in Go: a relation, an adapter, a datetime, a loop.
// An Object may also be a Callable, an Indexer, an Iterable, a Lengther, a
// Stringer or a Truther; what it is not, a template cannot do with it.
type Object interface {
	// TypeName is the class name that Python would show: "datetime".
	TypeName() string
	// Attr returns the attribute or method of that name; false when there is
	// none.
	Attr(name string) (Value, bool)
}

// Callable is a value that can be called.
type Callable interface {
	Call(c *Call) (Value, error)
}

// Indexer answers x[key]; false when there is no such item.
type Indexer interface {
	Item(key Value) (Value, bool)
}

// Iterable gives its items in order.
type Iterable interface {
	Items() []Value
}

// Lengther answers x|length.
type Lengther interface {
	Len() int
}

// Stringer is Python's str of an Object.
type Stringer interface {
	Str() string
}

// Reprer is Python's repr of an Object; without it, Str serves.
type Reprer interface {
	Repr() string
}

// Truther is Python's bool of an Object; without it, an Object is true unless
// its length is zero.
type Truther interface {
	Truth() bool
}

// Equaler is == with another value; without it, Objects are equal when they
// are the same.
type Equaler interface {
	Equal(o Value) bool
}

// Settable is an Object that takes {% set x.name = value %}, as namespace
// does.
type Settable interface {
	SetAttr(name string, v Value) error
}

// Call is one call: what was passed, where it stands, and in which rendering.
type Call struct {
	Args   []Value
	Kwargs []Kwarg
	// Span is the call in the template; unknown when Go code calls.
	Span source.Span
	// Runtime is the rendering in which the call happens, for callables that
	// belong to the template engine; nil when Go code calls outside of one.
	Runtime any
}

// Kwarg is one keyword argument.
type Kwarg struct {
	Name  string
	Value Value
}

// Func makes a Callable of a Go function. It is an Object without attributes.
type Func struct {
	Name string
	Fn   func(c *Call) (Value, error)
}

// Call calls the function.
func (f *Func) Call(c *Call) (Value, error) { return f.Fn(c) }

// TypeName is Python's name for functions.
func (f *Func) TypeName() string { return "function" }

// Attr answers __name__ alone.
func (f *Func) Attr(name string) (Value, bool) {
	if name == "__name__" {
		return f.Name, true
	}
	return nil, false
}

// Str is what Python prints of a function, without its address.
func (f *Func) Str() string { return "<function " + f.Name + ">" }
