package jinjadiff

import "strings"

func (g *grammar) expression(depth int) string {
	if g.typed && g.chance(99) {
		return g.value(depth)
	}
	return g.wild(depth)
}

func (g *grammar) atom() string {
	switch k := g.IntN(100); {
	case k < 50:
		return g.pick(variables()...)
	case k < 92:
		return g.pick(literals()...)
	}
	return g.form(0, "[%e]", "{'k': %e}", "(%e, %e)")
}

// wild is an expression without regard to what it means.
func (g *grammar) wild(depth int) string {
	if depth <= 0 {
		return g.atom()
	}
	switch k := g.IntN(100); {
	case k < 12:
		return g.atom()
	case k < 27:
		return g.form(depth-1, "%e + %e", "%e - %e", "%e * %e", "%e / %e", "%e // %e", "%e % %e", "%e ** %e", "%e ~ %e", "%e ~ %e")
	case k < 35:
		return g.form(depth-1, "%e == %e", "%e != %e", "%e < %e", "%e > %e", "%e <= %e", "%e >= %e", "%e in %e", "%e not in %e")
	case k < 38:
		return g.form(depth-1, "%e == %e != %e", "%e < %e > %e", "%e <= %e < %e", "%e < %e in %e")
	case k < 46:
		return g.form(depth-1, "%e and %e", "%e or %e")
	case k < 50:
		return g.form(depth-1, "not %e", "-%e", "+%e", "(%e)", "(%e)")
	case k < 56:
		return g.form(depth-1, "%e if %e else %e", "%e if %e")
	case k < 64:
		return g.holder(depth-1) + "." + g.pick(attributes()...)
	case k < 70:
		return g.holder(depth-1) + g.form(depth-1, "[%e]", "[0]", "[-1]", "['a']", "[1:]", "[::-1]", "[:2]", "[1:3:2]", "[%a:]", "[%a, %a]", "[:%a, 1]")
	case k < 78:
		return g.holder(depth-1) + "." + g.pick(methods()...)
	case k < 93:
		return g.filtered(depth)
	}
	return g.tested(depth)
}

// holder is something to ask for a part of.
func (g *grammar) holder(depth int) string {
	if g.chance(50) {
		return g.pick(variables()...)
	}
	return "(" + g.expression(depth) + ")"
}

func (g *grammar) filtered(depth int) string {
	x := g.holder(depth - 1)
	if g.chance(25) {
		return x + g.pick(
			"|map('upper')", "|map('string')", "|map(attribute='name')", "|map(attribute='age', default=0)", "|map('int')", "|map('first')",
			"|map('length')", "|map('replace','a','o')", "|map('nope')", "|map('join','-')", "|map(attribute='a.b')", "|map()",
			"|select('odd')", "|select", "|reject('string')", "|select('gt',1)", "|reject('in',nums)", "|select('none')", "|reject('defined')",
			"|selectattr('name')", "|rejectattr('age','gt',26)", "|selectattr('nope')", "|selectattr('active')", "|selectattr('city','equalto','Rome')",
			"|groupby('city')", "|groupby('age')", "|groupby('nope',default=1)", "|groupby('name',case_sensitive=true)",
			"|sort(attribute='age')", "|sum(attribute='age')", "|max(attribute='age')", "|min(attribute='name')", "|unique(attribute='city')",
			"|join(', ', attribute='name')", "|dictsort(by='value')", "|sort(case_sensitive=true, reverse=yes)", "|default(value=1, boolean=true)",
			"|round(method='ceil', precision=1)", "|round(2, 'floor')", "|truncate(length=9, end='', leeway=0)", "|indent(width=2, first=true)",
			"|int(base=16)", "|int(default=7)", "|wordwrap(width=7, break_long_words=false)", "|tojson(indent=2)", "|upper(*nums)", "|join(**d)",
		) + g.pick("|list", "|list", "|join(',')", "|first", "|list|length", "")
	}
	f := filters()[g.IntN(len(filters()))]
	args := g.pick("", "", "", "()")
	if f.args > 0 {
		list := make([]string, f.args)
		for i := range list {
			list[i] = g.pick(g.atom(), "2", "'a'", "5", "true")
		}
		args = "(" + strings.Join(list, ", ") + ")"
	}
	switch f.name {
	case "unique", "batch", "slice", "items", "reverse":
		args += g.pick("|list", "|list", "|join(',')", "|first", "|list|length", "")
	}
	return x + g.pick("|", "|", " | ") + f.name + args
}

func (g *grammar) tested(depth int) string {
	t := tests()[g.IntN(len(tests()))]
	x := g.holder(depth-1) + g.pick(" is ", " is ", " is not ") + t.name
	if t.args > 0 {
		x += g.form(depth-1, "(%e)", " "+g.pick(variables()...), " 3", " [1, %a]")
	}
	return x
}
