package jinjadiff

import "strings"

// mark is the sign of a tag that decides on the white space around it.
func (g *grammar) mark() string {
	if g.chance(25) {
		return g.pick("-", "-", "+")
	}
	return ""
}

func (g *grammar) tag(text string) string {
	return "{%" + g.mark() + g.pick(" ", " ", " ", "", "\n") + text + g.pick(" ", " ", " ", "\n  ") + g.mark() + "%}"
}

func (g *grammar) print(depth int) string {
	return "{{" + g.pick("", "", "", "-", "+") + g.pick(" ", " ", " ", "\n  ") + g.expression(depth) + " " + g.pick("", "", "", "-") + "}}"
}

func (g *grammar) text() string { return g.pick(texts()...) }

func (g *grammar) body(depth int) string {
	var b strings.Builder
	for range 1 + g.IntN(3) {
		b.WriteString(g.statement(depth - 1))
	}
	return b.String()
}

func (g *grammar) target() string {
	if g.typed && g.chance(85) {
		return g.pick("x", "x", "y", "z", "a", "n", "i", "d", "name")
	}
	return g.pick("x", "x", "y", "z", "x, y", "a", "n", "i", "(a, b)", "loop", "ns.q", "d", "x, (y, z)")
}

func (g *grammar) statement(depth int) string {
	k := g.IntN(100)
	if depth <= 0 || k < 15 {
		return g.pick(g.text(), g.print(1), g.print(2), g.text()+g.print(2))
	}
	switch {
	case k < 35:
		return g.print(1 + g.IntN(3))
	case k < 45:
		return g.tag("set " + g.target() + " = " + g.form(2, "%e", "%e", "%e", "%e", "%e, %e"))
	case k < 55:
		return g.branches(depth)
	case k < 70:
		return g.loop(depth)
	case k < 80:
		return g.macro(depth)
	case k < 85:
		return g.call(depth)
	case k < 89:
		return g.tag("set "+g.pick("x", "y", "n", "x", "y", "a", "x", "x, y", "ns.q")+g.pick("", "", "", " | upper", "|trim|length", "|replace('a', 'o')")) + g.body(depth) + g.tag("endset")
	case k < 92:
		return g.tag("with"+g.pick("", " ", g.form(1, " x = %e"), " a = 1, b = a", " n = n", " x, y = (1, 2)")) + g.body(depth) + g.tag("endwith")
	case k < 94:
		return g.tag("filter "+g.pick("upper", "trim", "replace('a','b')", "indent(2)", "title|trim", "lower", "wordwrap(5)|upper", "center(9)", g.pick("nofilter", "length", "trim"))) + g.body(depth) + g.tag("endfilter")
	case k < 96:
		return g.tag("do " + g.form(2, "%e", "strs.append(%v)", "d.update({'n': %v})", "nums.append(%v)", "floats.pop()", "d.update(%d)", "strs.extend(%s)"))
	case k < 98:
		return g.remark(depth)
	}
	return g.tag("set ns = namespace(q="+g.expression(1)+")") + g.body(depth) + g.print(1) + "{{ ns.q }}"
}

func (g *grammar) branches(depth int) string {
	s := g.tag("if "+g.expression(2)) + g.body(depth)
	for g.chance(30) {
		s += g.tag("elif "+g.expression(1)) + g.body(depth)
	}
	if g.chance(50) {
		s += g.tag("else") + g.body(depth)
	}
	return s + g.tag("endif")
}

func (g *grammar) loop(depth int) string {
	head := "for " + g.pick("x in nums", "x in strs", "i in range(3)", "k, v in d.items()", "a, b in nested", "x in users", "x in %s")
	if head = g.form(2, head); !g.typed || g.chance(30) {
		head = g.anyLoop()
	}
	if g.chance(20) {
		head += " if " + g.expression(2)
	}
	recursive := g.chance(8)
	if recursive {
		head += " recursive"
	}
	body := g.body(depth)
	if g.chance(40) {
		body += "{{ loop." + g.pick(loopAttributes()...) + " }}"
	}
	if recursive {
		body += g.pick("", "{{ loop(x.kids) if x.kids }}", "{{ loop([1]) if loop.depth < 3 }}")
	}
	if g.chance(15) {
		body += g.tag("if "+g.expression(1)) + g.tag(g.pick("break", "continue")) + g.tag("endif") + g.text()
	}
	s := g.tag(head) + body
	if g.chance(25) {
		s += g.tag("else") + g.body(depth)
	}
	return s + g.tag("endfor")
}

func (g *grammar) anyLoop() string {
	return "for " + g.pick("x", "i", "x", "a, b", "y", "k, v", "(a, b)", "x, (y, z)") + " in " +
		g.pick("nums", "strs", "users", "nested", "d.items()", "range(3)", "[1,2,3]", "tree", g.expression(2), "missing", "nums|sort", "d", "users|groupby('city')", "1, 2", "name")
}

func (g *grammar) remark(depth int) string {
	if g.chance(10) {
		return g.pick("{{ caller }}", "{{ self }}", "{% endif %}", "{{ 1 }", "{% if %}{% endif %}", "{% nope %}", "{{ '\\N{DASH}' }}", "{{ lipsum }}", "{{ 1 + }}")
	}
	return g.pick("{# c #}", "{#- c -#}", "{#+ c +#}", "{% raw %}{{ x }}{% endraw %}", "{%- raw -%} r {%- endraw -%}", "{# {{ x }} #}\n",
		g.tag("print "+g.expression(1)+", 1"), g.tag("docs q")+"text"+g.tag("enddocs"), g.tag("autoescape false")+g.body(depth)+g.tag("endautoescape"),
		"{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}", g.tag("test q(model, a=1)")+g.body(depth)+g.tag("endtest"),
		g.tag("materialization q, adapter='clickhouse'")+g.body(depth)+g.tag("endmaterialization"))
}
