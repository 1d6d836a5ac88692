package template

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

// missing is what a slot holds while its variable has no value.
type missing struct{}

// variable is where the resolver found a name.
type variable struct {
	// up is how many functions further out the slot is.
	up int
	// slot is its index there, or -1 for a name that only the globals have.
	slot int
	// global is set when an empty slot means to ask the globals.
	global bool
}

// code is what a function of a template (the template itself, a macro, a call
// block, a recursive loop, a loop's filter) needs to run.
type code struct{ slots int }

// frame is one run of such a function.
type frame struct {
	r     *Renderer
	outer *frame // the function it was defined in
	slots []value.Value
	out   *writer
	// globals are those its free names are looked up in.
	globals Scope
	// lenient is how undefined names behave in it.
	lenient value.Leniency
	// alone is set for a frame that stands in for a template that was not run:
	// a macro called by itself finds nothing there but globals.
	alone bool
	// values is set in all of a template that is rendered as a value: there is
	// nothing that makes text of what is printed, and a body whose text is
	// wanted must print text.
	values bool
	// native collects values instead of text.
	native *nativeParts
	// call is the macro call the frame belongs to, nil in a template.
	call *invocation
}

func (f *frame) inner(c *code) *frame {
	inner := *f
	inner.outer = f
	inner.slots = emptySlots(c.slots)
	inner.native = nil
	return &inner
}

func emptySlots(n int) []value.Value {
	if n == 0 {
		return nil
	}
	slots := make([]value.Value, n)
	for i := range slots {
		slots[i] = missing{}
	}
	return slots
}

func (f *frame) owner(v variable) *frame {
	for range v.up {
		f = f.outer
	}
	return f
}

// raw reads a variable; false when it has no value.
func (f *frame) raw(v variable, name string) (value.Value, bool) {
	if v.slot < 0 {
		return f.globals.Lookup(name)
	}
	owner := f.owner(v)
	held := owner.slots[v.slot]
	if _, empty := held.(missing); !empty {
		return held, true
	}
	if v.global || owner.alone {
		return f.globals.Lookup(name)
	}
	return nil, false
}

func (f *frame) load(v variable, name string) value.Value {
	if held, ok := f.raw(v, name); ok {
		return held
	}
	return &value.Undefined{Leniency: f.lenient, Name: name}
}

func (f *frame) store(v variable, held value.Value) { f.owner(v).slots[v.slot] = held }

// scope is what happens to the variables of a block when it is entered and
// left.
type scope struct{ vars []scopeVar }

type scopeVar struct {
	slot int
	// param is set for variables that whoever enters the block gives a value.
	param bool
	// alias copies a variable of the block around this one.
	alias bool
	from  variable
	name  string
}

func (f *frame) enter(s *scope) {
	for i := range s.vars {
		v := &s.vars[i]
		if v.param {
			continue
		}
		f.slots[v.slot] = missing{}
		if v.alias {
			if held, ok := f.raw(v.from, v.name); ok {
				f.slots[v.slot] = held
			}
		}
	}
}

func (f *frame) leave(s *scope) {
	for i := range s.vars {
		f.slots[s.vars[i].slot] = missing{}
	}
}
