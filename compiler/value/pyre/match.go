package pyre

import (
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Match is where a pattern matched.
type Match struct {
	pattern *Pattern
	text    *subjectText
	spans   [][2]int // of the whole and of each group; -1 where a group took no part
}

// TypeName is re.Match.
func (m *Match) TypeName() string { return "re.Match" }

// Repr is as Python's.
func (m *Match) Repr() string {
	return fmt.Sprintf("<re.Match object; span=(%d, %d), match=%s>", m.spans[0][0], m.spans[0][1], value.Repr(m.text.slice(m.spans[0])))
}

// Truth is true: there is a match.
func (m *Match) Truth() bool { return true }

// Item is m[group].
func (m *Match) Item(key value.Value) (value.Value, bool) {
	i, err := m.index(key)
	if err != nil {
		return nil, false
	}
	return m.text.slice(m.spans[i]), true
}

// index finds a group by number or name.
func (m *Match) index(group value.Value) (int, error) {
	if name, ok := group.(string); ok {
		if i, ok := m.pattern.names[name]; ok {
			return i, nil
		}
	} else if n, ok := value.AsInt(group); ok && n >= 0 && n < int64(len(m.spans)) {
		return int(n), nil
	}
	return 0, value.Errorf("IndexError", "no such group")
}

// Attr answers the methods of a match.
func (m *Match) Attr(name string) (value.Value, bool) {
	switch name {
	case "string":
		return m.text.text, true
	case "re":
		return m.pattern, true
	case "pos":
		return int64(m.text.pos), true
	case "endpos":
		return int64(len(m.text.runes)), true
	case "group":
		return &value.Func{Name: name, Fn: m.group}, true
	case "groups":
		return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
			args, err := c.Bind("groups", value.Optional("default", nil))
			if err != nil {
				return nil, err
			}
			return m.groups(args[0]), nil
		}}, true
	case "groupdict":
		return &value.Func{Name: name, Fn: m.groupDict}, true
	case "start", "end", "span":
		return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) { return m.where(name, c) }}, true
	case "expand":
		return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
			args, err := c.Bind("expand", value.Required("template"))
			if err != nil {
				return nil, err
			}
			s, err := subject(args[0])
			if err != nil {
				return nil, err
			}
			t, err := readReplacement(s, m.pattern)
			if err != nil {
				return nil, err
			}
			return t.expand(m), nil
		}}, true
	}
	return nil, false
}

func (m *Match) group(c *value.Call) (value.Value, error) {
	if len(c.Kwargs) > 0 {
		return nil, value.Errorf("TypeError", "re.Match.group() takes no keyword arguments")
	}
	if len(c.Args) == 0 {
		return m.text.slice(m.spans[0]), nil
	}
	found := make([]value.Value, len(c.Args))
	for i, a := range c.Args {
		n, err := m.index(a)
		if err != nil {
			return nil, err
		}
		found[i] = m.text.slice(m.spans[n])
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return value.NewTuple(found...), nil
}

func (m *Match) groups(absent value.Value) *value.Tuple {
	found := make([]value.Value, 0, len(m.spans)-1)
	for _, span := range m.spans[1:] {
		if span[0] < 0 {
			found = append(found, absent)
		} else {
			found = append(found, m.text.slice(span))
		}
	}
	return value.NewTuple(found...)
}

func (m *Match) groupDict(c *value.Call) (value.Value, error) {
	args, err := c.Bind("groupdict", value.Optional("default", nil))
	if err != nil {
		return nil, err
	}
	d := value.NewDict()
	for _, name := range m.pattern.order {
		if span := m.spans[m.pattern.names[name]]; span[0] < 0 {
			d.Put(name, args[0])
		} else {
			d.Put(name, m.text.slice(span))
		}
	}
	return d, nil
}

func (m *Match) where(name string, c *value.Call) (value.Value, error) {
	args, err := c.Bind(name, value.Optional("group", int64(0)))
	if err != nil {
		return nil, err
	}
	i, err := m.index(args[0])
	if err != nil {
		return nil, err
	}
	start, end := int64(m.spans[i][0]), int64(m.spans[i][1])
	switch name {
	case "start":
		return start, nil
	case "end":
		return end, nil
	}
	return value.NewTuple(start, end), nil
}

// TypeName is re.Pattern.
func (p *Pattern) TypeName() string { return "re.Pattern" }

// Repr is re.compile('...').
func (p *Pattern) Repr() string {
	names := []string{}
	for _, f := range []struct {
		flag int64
		name string
	}{{flagIgnoreCase, "re.IGNORECASE"}, {flagMultiline, "re.MULTILINE"}, {flagDotAll, "re.DOTALL"}, {flagVerbose, "re.VERBOSE"}, {flagASCII, "re.ASCII"}} {
		if p.flags&f.flag != 0 {
			names = append(names, f.name)
		}
	}
	if len(names) == 0 {
		return "re.compile(" + value.Repr(p.source) + ")"
	}
	return "re.compile(" + value.Repr(p.source) + ", " + strings.Join(names, "|") + ")"
}

// HashKey is the pattern as written.
func (p *Pattern) HashKey() any { return [2]any{p.source, p.flags} }

// Equal compares what was written.
func (p *Pattern) Equal(o value.Value) bool {
	other, ok := o.(*Pattern)
	return ok && p.source == other.source && p.flags == other.flags
}
