package value

// Leniency is how an Undefined answers what is asked of it.
type Leniency int

const (
	// Plain is Jinja2's Undefined: prints as nothing, is false and empty, and
	// fails when an attribute, an item or a call is asked of it.
	Plain Leniency = iota
	// Chainable swallows everything, attributes, items and calls included: how
	// dbt reads a model's own template while it parses.
	Chainable
	// Strict fails on every use.
	Strict
)

// Undefined stands for a name, attribute or item that does not exist.
type Undefined struct {
	Leniency Leniency
	// Name is what was looked for.
	Name string
	// Of describes the value that lacks it, such as "dict object"; empty for a
	// name.
	Of string
	// Hint says in a sentence why there is nothing, when that is not what the
	// two names say.
	Hint string
	// Class is the class of the error of using it, UndefinedError when empty.
	Class string
}

// Fail is the error of using it: "'x' is undefined" or
// "'dict object' has no attribute 'x'".
func (u *Undefined) Fail() *Error {
	if u.Class != "" {
		return &Error{Class: u.Class, Message: u.Hint}
	}
	if u.Hint != "" {
		return &Error{Class: "UndefinedError", Message: u.Hint}
	}
	if u.Of == "" {
		return Errorf("UndefinedError", "'%s' is undefined", u.Name)
	}
	return Errorf("UndefinedError", "'%s' has no attribute '%s'", u.Of, u.Name)
}

// Check is the error of printing, testing or iterating over v: only a Strict
// Undefined has one.
func Check(v Value) error {
	if u, ok := v.(*Undefined); ok && u.Leniency == Strict {
		return u.Fail()
	}
	return nil
}

// attr is what a Chainable one answers: itself, but for the attributes that
// dbt's class has of its own.
func (u *Undefined) attr(name string) Value {
	switch name {
	case "name":
		return u.Name
	case "node", "hint":
		return nil
	case "unsafe_callable", "alters_data":
		return false
	}
	return &Undefined{Leniency: u.Leniency, Name: name}
}
