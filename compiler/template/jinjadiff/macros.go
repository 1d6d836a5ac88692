package jinjadiff

import "strings"

// macros defines some that the statements behind them may call.
func (g *grammar) macros(b *strings.Builder) {
	for _, name := range []string{"m", "m2", "caller"} {
		if !g.chance(50) {
			continue
		}
		b.WriteString(g.tag("macro "+name+"("+g.pick("", "a", "a, b=2", "a=n, b=a", "x, y=[]", "a: str, b: list[int] = [1]", "a, b=missing", "n, a=n")+")") + g.body(1) +
			g.pick("{{ varargs }}", "{{ varargs|length }}", "") + g.pick("{{ kwargs }}", "{{ kwargs|length }}", "", "") +
			g.pick("{{ caller() if caller }}", "{{ caller(1) if caller is defined else 'nc' }}", "{{ caller }}", "{{ a }}{{ b }}", "{{ n }}{{ x }}", "") + g.tag("endmacro"))
	}
}

func (g *grammar) macro(depth int) string {
	name := g.pick("m", "m2", "x")
	s := g.tag("macro "+name+"("+g.parameters()+")") + g.body(depth) +
		g.pick("", "", "{{ varargs }}", "{{ kwargs }}", "{{ caller() }}", "{{ caller(1) }}", "{{ caller }}", "{{ caller(a=1, b=2) }}") + g.tag("endmacro")
	if g.chance(80) {
		s += "{{ " + name + "(" + g.arguments() + ")" + g.pick("", "", "|upper", "|length") + " }}"
	}
	return s
}

func (g *grammar) parameters() string {
	var list []string
	optional := false
	for _, name := range []string{"a", "b", "x", "y", "z", "caller"} {
		if !g.chance(25) || name == "caller" && !g.chance(20) {
			continue
		}
		if optional || g.chance(40) {
			optional = true
			name += "=" + g.expression(1)
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

func (g *grammar) arguments() string {
	var list []string
	for range g.IntN(3) {
		list = append(list, g.expression(1))
	}
	if g.chance(15) {
		list = append(list, g.pick("a", "b", "q", "x", "caller")+"="+g.expression(1))
	}
	if g.chance(8) {
		list = append(list, "*"+g.pick("nums", "[1,2]", "x", "range(2)", "'ab'"))
	}
	if g.chance(8) {
		list = append(list, "**"+g.pick("d", "{'a':1}", "kwargs", "{'b': 2, 'q': 3}"))
	}
	return strings.Join(list, ", ")
}

func (g *grammar) call(depth int) string {
	return g.tag("call"+g.pick("", "", "(a)", "(a, b=2)", "(a=1)", "()")+" "+g.pick("m", "m", "m2", "caller", "n")+"("+g.arguments()+")") +
		g.body(depth) + g.tag("endcall")
}
