package pyre

import (
	"sync"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Module is Python's re module. It remembers patterns that it compiled.
func Module() *value.Dict {
	seen := &cache{patterns: map[cacheKey]*Pattern{}}
	d := value.NewDict()
	for _, name := range []string{"match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"} {
		d.Put(name, &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) { return seen.call(name, c) }})
	}
	d.Put("compile", &value.Func{Name: "compile", Fn: func(c *value.Call) (value.Value, error) {
		args, err := c.Bind("compile", value.Required("pattern"), value.Optional("flags", int64(0)))
		if err != nil {
			return nil, err
		}
		return seen.pattern(args[0], args[1])
	}})
	d.Put("escape", &value.Func{Name: "escape", Fn: escapeValue})
	for _, f := range []struct {
		flag  int64
		names []string
	}{
		{flagIgnoreCase, []string{"IGNORECASE", "I"}}, {flagMultiline, []string{"MULTILINE", "M"}}, {flagDotAll, []string{"DOTALL", "S"}},
		{flagVerbose, []string{"VERBOSE", "X"}}, {flagASCII, []string{"ASCII", "A"}}, {flagUnicode, []string{"UNICODE", "U"}},
		{flagLocale, []string{"LOCALE", "L"}}, {0, []string{"NOFLAG"}},
	} {
		for _, name := range f.names {
			d.Put(name, f.flag)
		}
	}
	return d
}

// cache keeps compiled patterns; it starts anew when it is full.
type cache struct {
	mu       sync.Mutex
	patterns map[cacheKey]*Pattern
}

type cacheKey struct {
	pattern string
	flags   int64
}

const cacheSize = 512

func (s *cache) pattern(pattern, flags value.Value) (*Pattern, error) {
	if p, ok := pattern.(*Pattern); ok {
		if value.Truth(flags) {
			return nil, value.Errorf("ValueError", "cannot process flags argument with a compiled pattern")
		}
		return p, nil
	}
	text, ok := pattern.(string)
	if !ok {
		return nil, value.Errorf("TypeError", "first argument must be string or compiled pattern")
	}
	bits, ok := value.AsInt(flags)
	if !ok {
		return nil, value.Errorf("TypeError", "flags must be an int, not %s", value.TypeName(flags))
	}
	key := cacheKey{text, bits}
	s.mu.Lock()
	p, ok := s.patterns[key]
	s.mu.Unlock()
	if ok {
		return p, nil
	}
	p, err := Compile(text, bits)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.patterns) >= cacheSize {
		clear(s.patterns)
	}
	s.patterns[key] = p
	return p, nil
}

// call is a function of the module: the pattern comes first and flags last.
func (s *cache) call(name string, c *value.Call) (value.Value, error) {
	params := append([]value.Param{value.Required("pattern")}, parameters(name, false)...)
	params = append(params, value.Optional("flags", int64(0)))
	args, err := c.Bind(name, params...)
	if err != nil {
		return nil, err
	}
	p, err := s.pattern(args[0], args[len(args)-1])
	if err != nil {
		return nil, err
	}
	return p.run(name, c, args[1:len(args)-1])
}

// parameters are those behind the pattern; methods of a pattern also take
// where to search.
func parameters(name string, bound bool) []value.Param {
	switch name {
	case "sub", "subn":
		return []value.Param{value.Required("repl"), value.Required("string"), value.Optional("count", int64(0))}
	case "split":
		return []value.Param{value.Required("string"), value.Optional("maxsplit", int64(0))}
	}
	params := []value.Param{value.Required("string")}
	if bound {
		params = append(params, value.Optional("pos", nil), value.Optional("endpos", nil))
	}
	return params
}

// run is one of the functions with its arguments in place.
func (p *Pattern) run(name string, c *value.Call, args []value.Value) (value.Value, error) {
	at := 0
	if name == "sub" || name == "subn" {
		at = 1
	}
	var pos, endpos value.Value
	if len(args) == 3 && at == 0 {
		pos, endpos = args[1], args[2]
	}
	text, err := window(args[at], pos, endpos)
	if err != nil {
		return nil, err
	}
	switch name {
	case "match":
		return p.first(here, text)
	case "search":
		return p.first(anywhere, text)
	case "fullmatch":
		return p.first(exactly, text)
	case "findall":
		return p.findAll(text)
	case "finditer":
		return p.findIter(text)
	}
	limit, ok := value.AsInt(args[len(args)-1])
	if !ok {
		return nil, value.Errorf("TypeError", "'%s' object cannot be interpreted as an integer", value.TypeName(args[len(args)-1]))
	}
	if name == "split" {
		return p.split(text, limit)
	}
	s, count, err := p.substitute(c, args[0], text, limit)
	if err != nil || name == "sub" {
		return s, err
	}
	return value.NewTuple(s, count), nil
}

// Attr answers the methods of a compiled pattern.
func (p *Pattern) Attr(name string) (value.Value, bool) {
	switch name {
	case "pattern":
		return p.source, true
	case "flags":
		return p.flags | flagUnicode, true
	case "groups":
		return int64(p.groups), true
	case "groupindex":
		d := value.NewDict()
		for _, n := range p.order {
			d.Put(n, int64(p.names[n]))
		}
		return d, true
	case "match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split":
		return &value.Func{Name: name, Fn: func(c *value.Call) (value.Value, error) {
			args, err := c.Bind(name, parameters(name, true)...)
			if err != nil {
				return nil, err
			}
			return p.run(name, c, args)
		}}, true
	}
	return nil, false
}
