package value

import "math/big"

// Attr is getattr(v, name): a method of the value or an attribute of an
// Object; false when there is none. It never looks at a dict's items. A
// Chainable Undefined has any, as a Chainable again; for others the caller has Fail.
func Attr(v Value, name string) (Value, bool) {
	var run methodFunc
	switch v := v.(type) {
	case string:
		run = strMethod(name)
	case *Dict:
		run = dictMethod(name)
	case *List:
		run = listMethod(name)
	case *Undefined:
		if v.Leniency != Chainable {
			return nil, false
		}
		return v.attr(name), true
	case Object:
		return v.Attr(name)
	case *Tuple:
		run = tupleMethod(name)
	case *Set:
		run = setMethod(name)
	case bool, int64, *big.Int:
		return intAttr(v, name)
	case float64:
		return floatAttr(v, name)
	}
	if run == nil {
		return nil, false
	}
	return &method{self: v, name: name, run: run}, true
}

// methodFunc is a method of a builtin class: what it is called on and how.
type methodFunc func(self Value, c *Call) (Value, error)

// method is a methodFunc bound to what it is called on.
type method struct {
	self Value
	name string
	run  methodFunc
}

func (m *method) Call(c *Call) (Value, error) { return m.run(m.self, c) }

func (m *method) TypeName() string { return "builtin_function_or_method" }

func (m *method) Attr(name string) (Value, bool) {
	switch name {
	case "__name__":
		return m.name, true
	case "__self__":
		return m.self, true
	}
	return nil, false
}

func (m *method) Repr() string {
	return "<built-in method " + m.name + " of " + TypeName(m.self) + " object>"
}
