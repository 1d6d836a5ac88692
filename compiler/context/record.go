package context

import "github.com/chmod-sql/chmod/compiler/value"

// Record is one of dbt's own objects that templates only read: its values are
// attributes, and to_dict() gives them all. Class is the name of its class.
type Record struct {
	Class  string
	Values *value.Dict
}

// TypeName is the class.
func (r *Record) TypeName() string { return r.Class }

// Truth is whether there is anything in it.
func (r *Record) Truth() bool { return r.Values.Len() > 0 }

// Attr finds a value, or to_dict.
func (r *Record) Attr(name string) (value.Value, bool) {
	if name == "to_dict" {
		return &value.Func{Name: name, Fn: func(*value.Call) (value.Value, error) { return r.Values, nil }}, true
	}
	return r.Values.Get(name)
}

// Item finds a value.
func (r *Record) Item(key value.Value) (value.Value, bool) {
	name, ok := key.(string)
	if !ok {
		return nil, false
	}
	return r.Values.Get(name)
}
