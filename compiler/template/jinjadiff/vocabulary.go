package jinjadiff

// What templates are made of. Numbers behind a filter or test say how many
// arguments it takes.

type word struct {
	name string
	args int
}

func variables() []string {
	return []string{
		"name", "n", "zero", "neg", "pi", "big", "yes", "no", "nil", "empty", "html", "words", "lines", "uni", "nums",
		"floats", "mixed", "strs", "nested", "none_list", "d", "deep", "users", "missing", "x", "y", "z", "a", "b", "i", "loop",
	}
}

func filters() []word {
	return []word{
		{"abs", 0}, {"capitalize", 0}, {"count", 0}, {"default", 1}, {"default", 2}, {"d", 2}, {"dictsort", 0}, {"dictsort", 2},
		{"e", 0}, {"first", 0}, {"float", 0}, {"float", 1}, {"int", 0}, {"int", 2}, {"join", 0}, {"join", 1}, {"join", 2}, {"last", 0},
		{"length", 0}, {"list", 0}, {"lower", 0}, {"max", 0}, {"min", 0}, {"replace", 2}, {"replace", 3}, {"reverse", 0}, {"round", 0},
		{"round", 1}, {"sort", 0}, {"sort", 1}, {"sort", 3}, {"string", 0}, {"sum", 0}, {"sum", 2}, {"title", 0}, {"trim", 0}, {"trim", 1},
		{"unique", 0}, {"unique", 2}, {"upper", 0}, {"wordcount", 0}, {"tojson", 0}, {"tojson", 1}, {"batch", 1}, {"batch", 2}, {"slice", 1},
		{"slice", 2}, {"truncate", 1}, {"truncate", 4}, {"indent", 1}, {"indent", 3}, {"center", 1}, {"urlencode", 0}, {"striptags", 0},
		{"items", 0}, {"format", 1}, {"format", 2}, {"filesizeformat", 0}, {"filesizeformat", 1}, {"wordwrap", 1}, {"wordwrap", 2},
		{"attr", 1}, {"xmlattr", 0}, {"pprint", 0}, {"is_list", 0}, {"as_bool", 0}, {"as_number", 0}, {"as_native", 0}, {"as_text", 0},
		{"forceescape", 0}, {"escape", 0}, {"safe", 0}, {"urlize", 0}, {"nofilter", 0},
	}
}

func tests() []word {
	return []word{
		{"defined", 0}, {"undefined", 0}, {"none", 0}, {"odd", 0}, {"even", 0}, {"divisibleby", 1}, {"string", 0}, {"number", 0},
		{"integer", 0}, {"float", 0}, {"boolean", 0}, {"mapping", 0}, {"sequence", 0}, {"iterable", 0}, {"callable", 0}, {"in", 1},
		{"eq", 1}, {"equalto", 1}, {"ne", 1}, {"lt", 1}, {"le", 1}, {"gt", 1}, {"ge", 1}, {"sameas", 1}, {"true", 0}, {"false", 0},
		{"lower", 0}, {"upper", 0}, {"filter", 0}, {"test", 0}, {"escaped", 0}, {"notest", 0},
	}
}

func methods() []string {
	return []string{
		"upper()", "lower()", "split()", "strip()", "items()", "keys()", "values()", "get('a')", "get('zz', 1)", "copy()", "count('a')",
		"index(1)", "startswith('a')", "replace('a','b')", "join(['x','y'])", "format(1)", "title()", "pop()", "append(1)", "update({'q':1})",
		"isdigit()", "nope()", "split(',')", "split('o', 1)", "splitlines()", "splitlines(true)", "zfill(5)", "sort()", "sort(reverse=true)",
		"insert(0,5)", "extend([1])", "find('a')", "partition('a')", "rjust(5)", "center(9,'*')", "setdefault('k',[])", "remove(1)",
		"bit_length()", "is_integer()", "swapcase()", "casefold()", "isalpha()", "encode()", "rsplit('o',1)", "lstrip('t')", "endswith('g')",
		"pop(0)", "pop('a')", "pop('zz', none)", "clear()", "reverse()", "fromkeys([1])", "union([1])", "rfind('o')", "removesuffix('d')",
		"expandtabs(2)", "ljust(7, '.')", "istitle()", "isnumeric()", "format(a=1, *[2])", "format_map({'a': 1})", "popitem()",
		"translate({97: 'b'})", "__class__", "__len__()", "real", "hex()", "as_integer_ratio()",
	}
}

func attributes() []string {
	return []string{"a", "b", "x", "y", "name", "age", "items", "list", "zz", "0", "1", "upper", "first", "_private", "keys"}
}

func literals() []string {
	return []string{
		"0", "1", "2", "3", "-1", "1.5", "10", "2.0", "0.1", "100", "1e3", "0x1f", "0b101", "0o17", "1_000", "1.5e-3",
		"'a'", "''", "'abc'", `"it's"`, "'a,b'", "'%s'", "'x' 'y'", `'\n'`, "'ü'", "'name'", "'12'", "' p '", "'{}'", `'\x41'`, `'\u00e9'`,
		"true", "false", "none", "True", "None", "False",
		"[]", "{}", "()", "[1,2]", "{'a':1}", "(1,'a')", "range(3)", "namespace(a=1)", "dict(a=1)", "[[1,2],[3]]", "{'b':2,'a':{'c':1}}",
		"('q',)", "cycler('a','b')", "joiner('|')", "{1: 2, 'z': none}", "[1,]", "{'a': 1,}",
	}
}

func texts() []string {
	return []string{"a", "b ", "\n", " x ", " \n ", "; ", "|", "é", "{ ", "%", "  ", "", "}}", "\r\n", "\t", "-- c\n", "'q'", "select 1"}
}

func loopAttributes() []string {
	return []string{
		"index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0", "previtem", "nextitem",
		"cycle('p','q')", "cycle()", "changed(x)", "changed()", "nope",
	}
}
