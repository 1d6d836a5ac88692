package context

import (
	"github.com/chmod-sql/chmod/compiler/value"
)

// logNames are the names by which templates speak.
func logNames() map[string]constructor {
	return map[string]constructor{
		"log":        function("log", (*Rendering).log),
		"print":      function("print", (*Rendering).print),
		"exceptions": func(r *Rendering) (value.Value, bool) { return &exceptions{r}, true },
		"debug":      function("debug", func(*Rendering, *value.Call) (value.Value, error) { return "", nil }),
	}
}

func (r *Rendering) log(c *value.Call) (value.Value, error) {
	args, err := c.Bind("log", value.Required("msg"), value.Optional("info", false))
	if err != nil {
		return nil, err
	}
	kind := Debug
	if value.Truth(args[1]) {
		kind = Info
	}
	r.say(c, kind, textOf(args[0]))
	return "", nil
}

func (r *Rendering) print(c *value.Call) (value.Value, error) {
	args, err := c.Bind("print", value.Required("msg"))
	if err != nil {
		return nil, err
	}
	r.say(c, Print, textOf(args[0]))
	return "", nil
}

func (r *Rendering) say(c *value.Call, kind MessageKind, text string) {
	if r.Log != nil {
		r.Log(Message{Kind: kind, Text: text, Node: r.id(), Span: c.Span})
	}
}
