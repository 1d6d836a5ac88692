package context

import "strings"

// serverType is a type of ClickHouse taken apart: Array(Nullable(Date)) has
// the name Array and one argument.
type serverType struct {
	name string
	args []string
}

// parseServerType takes the outermost name of a type off its arguments.
// Wrappers that say nothing about values are left out.
func parseServerType(text string) serverType {
	text = strings.TrimSpace(text)
	name, rest, ok := strings.Cut(text, "(")
	if !ok || !strings.HasSuffix(rest, ")") {
		return serverType{name: text}
	}
	t := serverType{name, arguments(rest[:len(rest)-1])}
	switch {
	case (name == "Nullable" || name == "LowCardinality") && len(t.args) == 1:
		return parseServerType(t.args[0])
	case name == "SimpleAggregateFunction" && len(t.args) == 2:
		return parseServerType(t.args[1])
	}
	return t
}

// arguments splits at the commas that lie in no parentheses and no text.
func arguments(text string) []string {
	var args []string
	depth, start, quote := 0, 0, byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '\'' || c == '`':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			args = append(args, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return append(args, strings.TrimSpace(text[start:]))
}

// element is the type of the i-th item of an Array, Tuple or Nested, whose
// items may have names.
func (t serverType) element(i int) serverType {
	switch t.name {
	case "Array":
		i = 0
	case "Tuple":
	default:
		return serverType{}
	}
	if i >= len(t.args) {
		return serverType{}
	}
	arg := t.args[i]
	if space := strings.IndexByte(arg, ' '); space > 0 && !strings.ContainsAny(arg[:space], "(',") {
		arg = arg[space+1:]
	}
	return parseServerType(arg)
}

// zone is the time zone that a DateTime names, or empty.
func (t serverType) zone() string {
	if len(t.args) == 0 {
		return ""
	}
	last := t.args[len(t.args)-1]
	if len(last) < 2 || last[0] != '\'' {
		return ""
	}
	return last[1 : len(last)-1]
}
