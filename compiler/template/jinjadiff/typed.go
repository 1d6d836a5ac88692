package jinjadiff

// Expressions of a known type.

func (g *grammar) value(depth int) string {
	return g.form(depth, "%n", "%t", "%t", "%s", "%b", "%d")
}

func (g *grammar) number(depth int) string {
	if depth <= 0 || g.chance(30) {
		return g.pick("n", "zero", "neg", "pi", "big", "1", "2", "3", "7", "1.5", "nums[0]", "d.a", "users[0].age", "floats[1]", "10", "4", "0.5", "-1")
	}
	return g.form(depth-1,
		"%n + %n", "%n - %n", "%n * %n", "%n // %n", "%n % %n", "%n / %n", "-%n", "(%n)", "(%n)|abs", "(%n)|round", "(%n)|round(1)", "(%n)|int",
		"(%n)|float", "(%n)|round(2,'floor')", "(%n)|round(-1)", "(%n)|string|length", "(%t)|int(3)", "(%t)|float(default=2)", "(%s)|length", "nums|sum",
		"floats|sum", "floats|max", "nums|min", "nums|first", "%n if %b else %n", "(%t)|length", "(%s)|sum(start=%n)", "[%n, %n]|max", "(%n, %n)|min",
		"(%n) ** 2", "2 ** (%n)|int|abs if (%n)|int|abs < 50 else 0", "(%t)|wordcount", "(%t).count('o')", "(%t).find('e')", "(%s)|list|length",
		"((%t)|string).index('o')", "nums.index(%n)", "nums.count(%n)", "(%n).bit_length()", "users|map(attribute='age')|sum",
		"users|sum(attribute='age')", "users|map(attribute='age')|max", "(%n)|string|int", "'%d'|format(%n)|int", "loop.index0", "d.get('zz', %n)",
	)
}

func (g *grammar) string(depth int) string {
	if depth <= 0 || g.chance(30) {
		return g.pick("name", "empty", "html", "words", "lines", "uni", "'a'", "'x y'", "strs[0]", "users[1].name", `'it\'s'`, "deep.x.y.z", `"q'q"`, "' t '")
	}
	if g.chance(35) {
		return "(" + g.string(depth-1) + ")|" + g.pick(
			"upper", "lower", "title", "capitalize", "trim", "replace('a','o')", "replace('o','',1)", "truncate(12)", "truncate(9,true,'')", "indent",
			"indent(2,true)", "indent('> ', true, true)", "center(20)", "wordwrap(10)", "striptags", "urlencode", "default('q')", "string", "reverse",
			"first", "last", "list|join('-')", "list|sort|join", "unique|join", "batch(3)|map('join')|join('|')", "slice(3)|list|string", "wordwrap(4,false)",
			"trim('a')", "pprint", "truncate(5, leeway=0)", "map('upper')|join", "select('in','aeiou')|join", "tojson", "safe", "e", "as_text", "d('z', true)",
			"wordwrap(9, wrapstring='+')", "title|trim", "upper|lower|capitalize", "replace(' ', '_')|lower", "list|reverse|join", "filesizeformat",
		)
	}
	if g.chance(35) {
		return "(" + g.string(depth-1) + ")." + g.pick(
			"upper()", "split()|string", "strip()", "replace('a','b')", "title()", "split('o')|join('0')", "splitlines()|string", "zfill(12)", "center(15,'*')",
			"rjust(9)|trim", "startswith('a')|string", "partition('o')|string", "swapcase()", "isalpha()|string", "encode()|string", "join(['1','2'])",
			"rsplit(None,1)|string", "lstrip('tah')", "format(1,a=2)", "expandtabs()", "isupper()|string", "casefold()", "removeprefix('a')", "rpartition(' ')|last",
			"split(' ', 2)|last", "rstrip()", "capitalize()", "ljust(8, '.')", "endswith(('g','d'))|string", "isidentifier()|string", "removesuffix('d')",
			"replace('o', '0', 1)", "join(strs)", "split(sep='o', maxsplit=1)|first", "strip('ad')|upper", "splitlines(true)|first",
		)
	}
	return g.form(depth-1,
		"%t ~ %v", "%t + %t", "%v ~ %v ~ %v", "(%t)[0:1]", "(%t)[1:]", "(%t)[::-1]", "(%t)[:3]", "(%t)[-2:]", "(%t)[1:-1]", "(%t)[%n:]", "(%t)[0]", "(%t)[-1]",
		"'%s' % (%v,)", "'<%s>' % %t", "'%r' % (%v,)", "'%10s|' % (%t,)", "'%-5s|' % (%n,)", "'%%' % ()", "'{} {!r:>8}'.format(%v, %v)", "'{0}{1}{0}'.format(%t, %n)",
		"'{a:>{w}}'.format(a=%t, w=9)", "'{:,.2f}'.format(%n)", "'{:05d}'.format((%n)|int)", "'{x[0]}{y.real}'.format(x=%t, y=%n)", "%t if %b else %t", "%t * 2",
		"', '.join((%s)|map('string'))", "(%s)|join", "(%s)|join(', ')", "(%s)|map('string')|join('-')", "'%05d' % (%n)", "'%.2f' % (%n)", "'%x' % ((%n)|int)",
		"'%+d|%e' % (%n, %n)", "'%(a)s-%(b)s' % {'a': %v, 'b': %v}", "(%v)|string", "(%n)|filesizeformat", "(%v)|tojson", "(%d)|tojson", "(%v)|pprint",
		"'%s-%s'|format(%v, %v)", "(%d)|xmlattr", "(%d)|items|list|string", "(%d).items()|list|string", "(%d)|dictsort|string", "(%n)|string", "['a', %t]|join(%t)",
	)
}

func (g *grammar) sequence(depth int) string {
	if depth <= 0 || g.chance(30) {
		return g.pick("nums", "strs", "floats", "none_list", "range(4)", "[1,2,3]", "['b','a']", "(1,2)", "users|map(attribute='age')|list", "d|list", "mixed",
			"nested", "users", "[]", "'abc'|list", "d.values()|list")
	}
	if g.chance(30) {
		return "(" + g.sequence(depth-1) + ")|" + g.pick(
			"list", "reverse|list", "unique|list", "map('string')|list", "select|list", "reject('none')|list", "batch(2)|list", "slice(2)|list",
			"select('number')|list", "reject('string')|list", "map('string')|sort", "map('string')|sort(true)", "batch(3,0)|list", "slice(3,'f')|list",
			"select('string')|map('upper')|list", "map('string')|map('length')|list", "map('string')|unique|sort", "map('string')|groupby(0)|map('first')|list",
			"list|sort(attribute=0)", "map('tojson')|list", "map('default', 'x', true)|list", "select('in', nums)|list", "list + [1]", "map('string')|select('gt', '1')|list",
		)
	}
	return g.form(depth-1,
		"nums[1:]", "strs[::-1]", "[1,2,3,4][:2]", "(5,6,7)[-1:]", "[%v, %v]", "[%v] + [%v]", "d.items()|list", "d.keys()|list", "d.values()|list", "d|dictsort",
		"d|dictsort(by='value')", "d|dictsort(reverse=true)", "d|dictsort(true)", "users|map(attribute='name')|list", "users|selectattr('active')|map(attribute='city')|list",
		"users|rejectattr('age','gt',26)|list", "users|map(attribute='zz',default=0)|list", "users|groupby('city')|map('first')|list",
		"users|sort(attribute='age,name')|map(attribute='name')|list", "users|selectattr('age','in',[25])|list", "users|groupby('age')|list", "range(3)|list",
		"range(1,6,2)|list", "range(5,0,-2)|list", "(%v, %v)", "(%v,)", "(%s) * 2", "(%t).split()", "(%t)|list", "[%n, %n]|sort", "[%t, %t]|sort", "(%s)|list + (%s)|list",
		"%s if %b else %s", "(%d).keys()|list", "(%d).values()|list", "(%d)|items|list", "users|map('items')|map('list')|list", "(%t).splitlines()", "[%s, %s]", "tree|map(attribute='v')|list",
	)
}

func (g *grammar) condition(depth int) string {
	if depth <= 0 || g.chance(25) {
		return g.pick("yes", "no", "true", "false", "missing", "nil", "n", "empty", "nums", "d", "True", "none", "not yes")
	}
	return g.form(depth-1,
		"%n < %n", "%n > %n", "%n == %n", "%n != %n", "%n <= %n", "%n >= %n", "%t < %t", "%t == %t", "%t != %t", "%t in %t", "%t not in %t", "%v in %s", "%v not in %s",
		"not %b", "%b and %b", "%b or %b", "(%v) is defined", "missing is not defined", "(%v) is none", "(%v) is not string", "(%v) is number", "(%v) is mapping",
		"(%v) is sequence", "(%v) is iterable", "(%v) is boolean", "(%v) is integer", "(%v) is float", "(%v) is callable", "(%v) is true", "(%v) is sameas none",
		"(%v) is in [1,n]", "(%v) is eq n", "(%n)|int is odd", "(%n)|int is even", "(%n)|int is divisibleby 3", "(%n)|int is divisibleby(2)", "%n < %n <= %n", "%v == %v",
		"(%s) == (%s)", "(%t) is lower", "(%t) is upper", "[%v] == [%v]", "(%v, 1) == (%v, 1)", "(%d) == (%d)", "%t in (%d)", "(%b) is sameas (%b)", "(%s) < (%s)",
		"'upper' is filter", "(%v) is not none and (%v) is defined", "(%b) == (%b)", "(%t).startswith(%t)", "(%t) is string and (%n) is number",
	)
}

func (g *grammar) dict(depth int) string {
	if depth <= 0 {
		return g.pick("d", "{}", "{'a': 1}", "deep", "users[0]", "dict(a=1)", "{1: 'x', 2.5: 'y'}")
	}
	return g.form(depth-1, "{'k': %v, 'j': %v}", "dict(d, q=%v)", "{%n: 1}", "{%t: 1}", "dict(a=%v, b=%v)", "{(1, %n): %v}", "{'a': %s}", "dict([('a', %v)])", "{'a': {'b': %v}}")
}
