package value

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

func strFormat(self Value, c *Call) (Value, error) {
	f := formatter{args: c.Args, runtime: c.Runtime, named: func(name string) (Value, error) {
		if v, ok := c.Keyword(name); ok {
			return v, nil
		}
		return nil, &Error{Class: "KeyError", Message: Repr(name)}
	}}
	return f.format(self.(string), 2)
}

func strFormatMap(self Value, c *Call) (Value, error) {
	mapping, err := c.one("str.format_map")
	if err != nil {
		return nil, err
	}
	f := formatter{mapped: true, runtime: c.Runtime, named: func(name string) (Value, error) { return Subscript(mapping, name) }}
	return f.format(self.(string), 2)
}

// formatter is one call of str.format.
type formatter struct {
	args   []Value
	named  func(name string) (Value, error)
	mapped bool // there are no positional arguments
	next   int  // automatic number
	manual bool // a field had a number of its own
	auto   bool // a field had none
	size   int  // written so far
	// runtime is the rendering, which may have its own idea of parts.
	runtime any
}

// Prober is a Runtime that looks the parts of what is formatted up itself:
// Jinja's sandbox does it as for x.name and x[key] in a template.
type Prober interface {
	Part(v, key Value, isAttr bool) (Value, error)
}

func (f *formatter) part(v, key Value, isAttr bool) (Value, error) {
	if p, ok := f.runtime.(Prober); ok {
		return p.Part(v, key, isAttr)
	}
	if isAttr {
		return attribute(v, Str(key))
	}
	return Subscript(v, key)
}

func (f *formatter) format(s string, depth int) (Value, error) {
	text, err := f.expand(s, depth)
	if err != nil {
		return nil, err
	}
	return text, nil
}

func (f *formatter) expand(s string, depth int) (string, error) {
	if depth == 0 {
		return "", Errorf("ValueError", "Max string recursion exceeded")
	}
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		brace := s[i]
		s = s[i+1:]
		if s != "" && s[0] == brace {
			b.WriteByte(brace)
			s = s[1:]
			continue
		}
		if s == "" || brace == '}' {
			return "", Errorf("ValueError", "Single '%c' encountered in format string", brace)
		}
		field, rest, err := splitField(s)
		if err != nil {
			return "", err
		}
		text, err := f.field(field, depth)
		if err != nil {
			return "", err
		}
		if f.size += len(text); f.size > maxBytes {
			return "", tooLarge("string")
		}
		b.WriteString(text)
		s = rest
	}
	return b.String(), nil
}

// replacement is a field taken apart: {name!conversion:specification}.
type replacement struct {
	name, specification string
	conversion          rune
	nested              bool
}

func splitField(s string) (field replacement, rest string, err error) {
	i := 0
scan:
	for ; ; i++ {
		if i >= len(s) {
			return field, "", Errorf("ValueError", "expected '}' before end of string")
		}
		switch s[i] {
		case '{':
			return field, "", Errorf("ValueError", "unexpected '{' in field name")
		case '[':
			for i < len(s) && s[i] != ']' {
				i++
			}
		case '}', ':', '!':
			break scan
		}
	}
	field.name = s[:i]
	mark := s[i]
	s = s[i+1:]
	if mark == '}' {
		return field, s, nil
	}
	if mark == '!' {
		if s == "" {
			return field, "", Errorf("ValueError", "end of string while looking for conversion specifier")
		}
		r, size := utf8.DecodeRuneInString(s)
		field.conversion, s = r, s[size:]
		if s == "" {
			return field, "", Errorf("ValueError", "unmatched '{' in format spec")
		}
		if s[0] == '}' {
			return field, s[1:], nil
		}
		if s[0] != ':' {
			return field, "", Errorf("ValueError", "expected ':' after conversion specifier")
		}
		s = s[1:]
	}
	open := 1
	for i := range len(s) {
		switch s[i] {
		case '{':
			field.nested = true
			open++
		case '}':
			if open--; open == 0 {
				field.specification = s[:i]
				return field, s[i+1:], nil
			}
		}
	}
	return field, "", Errorf("ValueError", "unmatched '{' in format spec")
}

func (f *formatter) field(field replacement, depth int) (string, error) {
	v, err := f.lookup(field.name)
	if err != nil {
		return "", err
	}
	switch field.conversion {
	case 0:
	case 's':
		if err := Check(v); err != nil {
			return "", err
		}
		v = Str(v)
	case 'r':
		v = Repr(v)
	case 'a':
		v = asciiRepr(v)
	default:
		if field.conversion > 32 && field.conversion < 127 {
			return "", Errorf("ValueError", "Unknown conversion specifier %c", field.conversion)
		}
		return "", Errorf("ValueError", "Unknown conversion specifier \\x%x", field.conversion)
	}
	specification := field.specification
	if field.nested {
		if specification, err = f.expand(specification, depth-1); err != nil {
			return "", err
		}
	}
	return Format(v, specification)
}

// asciiRepr is Python's ascii(v).
func asciiRepr(v Value) string {
	var b strings.Builder
	for _, r := range Repr(v) {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			b.WriteString(escaped(r))
		}
	}
	return b.String()
}

// lookup finds what a field names: 0, name, name.attribute, name[key].
func (f *formatter) lookup(name string) (Value, error) {
	end := strings.IndexAny(name, ".[")
	if end < 0 {
		end = len(name)
	}
	v, err := f.first(name[:end])
	if err != nil {
		return nil, err
	}
	for rest := name[end:]; rest != ""; {
		switch rest[0] {
		case '.':
			end := strings.IndexAny(rest[1:], ".[") + 1
			if end == 0 {
				end = len(rest)
			}
			if end == 1 {
				return nil, Errorf("ValueError", "Empty attribute in format string")
			}
			if v, err = f.part(v, rest[1:end], true); err != nil {
				return nil, err
			}
			rest = rest[end:]
		case '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, Errorf("ValueError", "Missing ']' in format string")
			}
			if end == 1 {
				return nil, Errorf("ValueError", "Empty attribute in format string")
			}
			var key Value = rest[1:end]
			if n, ok := fieldNumber(rest[1:end]); ok {
				key = int64(n)
			}
			if v, err = f.part(v, key, false); err != nil {
				return nil, err
			}
			rest = rest[end+1:]
		default:
			return nil, Errorf("ValueError", "Only '.' or '[' may follow ']' in format field specifier")
		}
	}
	return v, nil
}

func fieldNumber(s string) (int, bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

func (f *formatter) first(name string) (Value, error) {
	n, numbered := fieldNumber(name)
	switch {
	case name == "":
		if f.manual {
			return nil, Errorf("ValueError", "cannot switch from manual field specification to automatic field numbering")
		}
		f.auto = true
		n = f.next
		f.next++
	case numbered:
		if f.auto {
			return nil, Errorf("ValueError", "cannot switch from automatic field numbering to manual field specification")
		}
		f.manual = true
	default:
		return f.named(name)
	}
	if _, sandboxed := f.runtime.(Prober); f.mapped && !sandboxed { // where it is a format without any
		return nil, Errorf("ValueError", "Format string contains positional fields")
	}
	if n >= len(f.args) {
		return nil, Errorf("IndexError", "Replacement index %d out of range for positional args tuple", n)
	}
	return f.args[n], nil
}
