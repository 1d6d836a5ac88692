"""Asks Python what its values do and writes the answers to python.jsonl.

Run from compiler/value: python3 testdata/oracle.py > testdata/python.jsonl
The test reads the table alone; Python is needed only to make it anew. To keep
the table small, it holds every kind of error and a sample of the rest; with
the word "all", everything; with a number, another sample.
"""
import itertools
import json
import operator
import random
import sys

assert sys.version_info[:2] == (3, 11), "the table holds the messages of Python 3.11"
RNG = random.Random(next((int(a) for a in sys.argv[1:] if a.isdigit()), 11))
PER_SUBJECT = {"method": 40, "%": 300, "format": 700, "slice": 150}


def encode(v):
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, int):
        return v if abs(v) < 2**53 else {"int": str(v)}
    if isinstance(v, float):
        return {"float": repr(v)}
    if isinstance(v, list):
        return [encode(e) for e in v]
    if isinstance(v, tuple):
        return {"tuple": [encode(e) for e in v]}
    if isinstance(v, set):
        return {"set": [encode(e) for e in sorted(v, key=repr)]}
    if isinstance(v, dict):
        return {"dict": [[encode(k), encode(e)] for k, e in v.items()]}
    raise TypeError(type(v))


def show(v):
    if isinstance(v, set) and v:
        return "{" + ", ".join(sorted(map(repr, v))) + "}"
    return repr(v)


def copy(v):
    if isinstance(v, list):
        return [copy(e) for e in v]
    if isinstance(v, dict):
        return {k: copy(e) for k, e in v.items()}
    if isinstance(v, set):
        return set(v)
    return v


SEEN = set()
ROWS = []


def case(op, run, *args, name="", kwargs=None, mutable=False):
    row = {"op": op}
    if name:
        row["name"] = name
    row["args"] = [encode(a) for a in args]
    if kwargs:
        row["kwargs"] = [[k, encode(v)] for k, v in kwargs.items()]
    key = json.dumps(row)
    if key in SEEN:
        return
    SEEN.add(key)
    args = [copy(a) for a in args]
    try:
        row["want"] = show(run(*args, **(kwargs or {})))
    except RecursionError:
        return
    except Exception as e:
        row["error"] = type(e).__name__
        if name != "sort":  # which two elements it complains of depends on the algorithm
            row["error"] += f": {e}"
    else:
        if isinstance(row["want"], str) and "built-in" in row["want"] or "j)" in row["want"]:
            return
        if mutable:
            row["after"] = show(args[0])
    ROWS.append(row)


def method(recv, name, *args, **kwargs):
    case("method", lambda r, *a, **k: getattr(r, name)(*a, **k), recv, *args, name=name, kwargs=kwargs,
         mutable=isinstance(recv, (list, dict, set)))


def some(items, n):
    items = list(items)
    return items if len(items) <= n else RNG.sample(items, n)


TEXTS = ["", "a", "abc", "Hello World", "  pad\t\n", "a,b,,c", "aaaa", "MiXeD case_Words 2go", "it's", 'say "hi"', "zwölf Straße",
         "ΑΒΣ ΟΔΥΣΣΕΥΣ.", "ŉ ǆ ﬃ İ ß", "日本語テキスト", "😀x😀", "line1\nline2\r\nline3\rline4\x0bv\x0cf\x1cfs\x85nel\u2028ls", "\x00\x1f\x7f\xa0\xad\u200b\u3000",
         "1234", "12.5", "-42", "+7", "½²٣一", "True", "x" * 30, "a\tb\tc\n\td", "under_score", "ALLCAPS", "lower", "Title Case", "e\u0301", "{}", "%s", "\\n'\"", "ab" * 5]
NUMBERS = [0, 1, -1, 2, 3, 7, -7, 10, 255, 2**31, 2**53 + 1, 2**62, 2**63 - 1, -2**63, 2**63, 10**20, -10**25, True, False,
           0.0, -0.0, 0.5, -0.5, 1.0, 1.5, 2.5, -2.5, 3.14159, 0.1, 1e-5, 1e16, 1e15, 123456789.123, 1e22, 1e300, -1e-300, 5e-324, float("inf"), float("-inf"), float("nan"), 2.0**53, 9007199254740993.0]
LISTS = [[], [1], [1, 2, 3], [3, 1, 2], ["b", "a"], [1, "a"], [[1], [2]], [None, True, 1.5], ["x", "x", "y"], [1.0, 1, True]]
TUPLES = [(), (1,), (1, 2, 3), ("a", "b"), (1, (2, 3)), ("x", None)]
DICTS = [{}, {"a": 1}, {"b": 1, "a": 2}, {1: "one", "x": [1]}, {None: 0, (1, 2): "t"}, {1.5: 2, True: 3}]
SETS = [set(), {1}, {1, 2, 3}, {"a", "b"}, {2, 3, 4}]
OTHERS = [None, "abc", 5, 1.5, [1, 2], (1, 2), {"a": 1}, {1, 2}]
EVERYTHING = TEXTS[:14] + NUMBERS + LISTS + TUPLES + DICTS + SETS + [None]


def texts():
    for s in TEXTS:
        for name in ("capitalize casefold lower upper title swapcase strip lstrip rstrip split rsplit splitlines isalnum isalpha isascii isdecimal "
                     "isdigit isidentifier islower isnumeric isprintable isspace istitle isupper expandtabs encode").split():
            method(s, name)
        method(s, "splitlines", True)
        method(s, "splitlines", keepends=True)
        case("repr", repr, s)
        case("str", str, s)
        case("len", len, s)
        case("iter", list, s)
        for other in some(TEXTS, 8) + ["a", "", "o", "\n"]:
            for name in some("find rfind index rindex count startswith endswith partition rpartition split rsplit removeprefix removesuffix strip lstrip rstrip join".split(), 6):
                method(s, name, other)
            case("in", operator.contains, s, other)
        for sub in ["", "a", "l", "é", "日", "o"]:
            for bounds in some([(0,), (1,), (-2,), (50,), (0, 2), (1, -1), (None, 3), (2, 1), (-100, 100), (4, None), (2**70,), (-2**70, 2**70)], 4):
                for name in some(["find", "rfind", "index", "rindex", "count", "startswith", "endswith"], 3):
                    method(s, name, sub, *bounds)
        for args in [("a", "b"), ("", "-"), ("l", "LL", 1), ("a", "", 2), ("x", "yy", 0), ("", "_", 3), ("o", "0", -1)]:
            method(s, "replace", *args)
        for args in [(None, 1), (",", 1), (" ", 0), (None, 0), (",",), ("\n", 2), (",", -5), ("aa", 2**62)]:
            method(s, "split", *args)
            method(s, "rsplit", *args)
        method(s, "split", maxsplit=1)
        method(s, "split", sep="a", maxsplit=2)
        for width in [0, 5, 10, 13, 14, -3]:
            for name in ["center", "ljust", "rjust"]:
                method(s, name, width)
                method(s, name, width, "*")
            method(s, "zfill", width)
            method(s, "expandtabs", width)
        method(s, "startswith", ("a", "H", "日"))
        method(s, "endswith", ("c", "d", ""))
        method(s, "translate", {97: "A", 98: None, 108: 76})
        for i in [0, 1, -1, 5, -5, 100, True]:
            case("item", operator.getitem, s, i)
    slices = [None, 0, 1, -1, 2, -2, 5, -5, 100, -100, 2**70]
    for s in [TEXTS[3], TEXTS[10], TEXTS[13], "", [0, 1, 2, 3, 4, 5, 6], (1, 2, 3)]:
        for a, b, c in some(itertools.product(slices, slices, [None, 1, 2, -1, -2, 3, 100, -100, -2**70]), 90):
            case("slice", lambda v, a, b, c: v[a:b:c], s, a, b, c)
    case("slice", lambda v, a, b, c: v[a:b:c], "abc", None, None, 0)
    case("slice", lambda v, a, b, c: v[a:b:c], "abc", "x", None, None)
    case("slice", lambda v, a, b, c: v[a:b:c], [1], 1.5, None, None)
    case("slice", lambda v, a, b, c: v[a:b:c], 5, None, None, None)
    for args in [(), ("a",), ("ab", "xy"), ("ab", "x"), ("ab", "xy", "z"), ({"a": "b", 99: None},), ({"ab": 1},), (1, "a"), ("a", 1)]:
        method("", "maketrans", *args)
    for items in LISTS + TUPLES + DICTS + [["a", "b", "c"], {"k": 1}, "xyz", 5, None, ["a", None]]:
        method(", ", "join", items)
    for name in ("capitalize casefold lower title center count endswith expandtabs find format_map index isalnum isupper join ljust lstrip partition removeprefix "
                 "replace rfind rsplit split splitlines startswith strip swapcase translate zfill").split():
        for args in [(), (5,), (None,), ("a", "b"), ("a", 1, 2, 3), ([],), (1.5,), ("a", 1.5), (("a", 1),), (5, 5), (5, "ab"), (5, "")]:
            method("abc", name, *args)
        if name not in ("split", "rsplit", "splitlines", "expandtabs"):
            method("abc", name, x=1)
    for args in [dict(sepp=1), dict(sep=1), dict(sep="")]:
        method("abc", "split", **args)
    for enc in ["utf-8", "ascii", "latin-1", "UTF8", "klingon"]:
        for s in ["abc", "é"]:
            method(s, "encode", enc)


def formats():
    ints = [0, 1, -1, 42, -1234567, 255, 10**20, True]
    floats = [0.0, -0.0, 1.0, 0.5, -2.5, 3.14159, 1234567.891, 1e-7, 1e16, 1e100, 123456789012345.0, float("inf"), float("nan"), -0.001, 99999.5]
    strs = ["", "abc", "zwölf", "日本"]
    parts = itertools.product(["", "<", ">", "^", "=", "*<", "x>", "é^", "0="], ["", "+", "-", " "], ["", "#", "z"], ["", "0"], ["", "5", "12"],
                              ["", ",", "_"], ["", ".0", ".3", ".10"], ["", "d", "s", "f", "e", "g", "G", "%", "x", "X", "b", "o", "c", "n", "F", "E", "q", "é"])
    specs = ["".join(p) for p in parts]
    for values, n in [(ints, 500), (floats, 900), (strs, 250)]:
        for s in some(specs, n):
            case("format", format, RNG.choice(values), s)
    simple = ["d", "5d", "05d", "<5", ">8", "^9", ",", "_", "+", "x", "#x", "b", "#b", "o", "#o", "X", "#X", "c", ".2f", ".0f", "f", "e", ".3e", "g", ".3g", "%", ".1%", "08.3f", "+.2f", ",.2f", "10,.2f", "015,", "015,.2f", "_x", "#_b", ".2", ".1", ".17g", "#.3g", "#.0f", "n", "z.1f", "s", "r", "10", "010", ".", ",,", "_,", ",_", ",s", ",x", "é", "5.5d", "99999999999999999999", ".99999999999999999999"]
    for v in ints + floats + strs + [None, [1], (1,), {"a": 1}]:
        for s in simple:
            case("format", format, v, s)
    templates = ["{}", "{} {}", "{0} {1} {0}", "{a}", "{a.b}", "{0[0]}", "{0[a]}", "{0[-1]}", "{!r}", "{!s:>5}", "{!a}", "{!x}", "{!}", "{!r", "{!rr}", "{", "}", "{{}}", "{{{}}}", "{{", "}}", "a{", "a}b",
                 "{:{}}", "{:{}.{}f}", "{:>{w}}", "{0:{1}}", "{:{:{}}}", "{} {1}", "{1} {}", "{0", "{0:", "{0:{", "{a[b}", "{a[]}", "{a.}", "{0.x}", "{0[0]x}", "{[0]}", "{.real}", "{0.real}", "{ 0}", "{a b}", "{:,}", "{:%}", "{{{0}}}", "{5}", "{-1}", "{0[99]}", "{0!r:*^20}", "{:}", "{a!r:}", "x{}y{}z", "{0:}}", "{0:{{}}}", "{é}", "{0[a b]}", "{0[0][0]}", "{0[k].real}"]
    arglists = [(), ("x",), (1, 2), ([1, 2],), ({"a": "v", "k": 7},), (3.5, 8, 2), ("é", 6), ([["n"]],), (None, None)]
    for t in templates:
        for args in arglists:
            method(t, "format", *args)
        method(t, "format", "p", 10, a="kw", w=4)
        method(t, "format_map", {"a": "m", "w": 3})
    method("{x}", "format_map", {})
    method("{x}", "format_map", None)


def percents():
    convs = ["%d", "%i", "%u", "%s", "%r", "%a", "%c", "%f", "%F", "%e", "%E", "%g", "%G", "%x", "%X", "%o", "%%", "%5d", "%-5d|", "%05d", "%+d", "% d", "%+ d", "%#x", "%#o", "%#X", "%08.3f", "%.2f", "%.0f", "%#.0f", "%.3s", "%10s", "%-10s|", "%10.2s|",
             "%.5d", "%8.5d", "%08.5d", "%-08d|", "%05s", "%05.1e", "%+.2g", "%#g", "%ld", "%hd", "%.d", "%.f", "%5%", "%y", "%é", "%", "%5", "%(a", "%(a)", "%#5x", "%-#8x|", "%+x", "%.0e", "%020d", "%c%c"]
    values = [0, 1, -1, 42, 255, -255, 10**20, 3.7, -0.5, 1e100, float("inf"), float("nan"), -0.0, True, None, "", "a", "abc", "é日", [1], {"a": 1}, (), (1,), (1, 2), ("a", 5), 1234567.5, 65, 0x1F600, -5, 2**40]
    for c in convs:
        for v in values:
            case("%", operator.mod, c, v)
    for f, v in [("%s %s", ("a", "b")), ("%s %s", ("a",)), ("%s", ("a", "b")), ("%(a)s", {"a": 1}), ("%(a)05d|%(b)-5s|", {"a": 1, "b": "x"}), ("%(z)s", {"a": 1}), ("%(a)s", 5), ("%(a)s", ("x",)), ("%(a)s", [1]),
                 ("%(a(b))s", {"a(b)": 3}), ("%(a)s %s", {"a": 1}), ("%*d", (5, 42)), ("%-*d|", (5, 42)), ("%*d|", (-5, 42)), ("%.*f", (2, 3.14159)), ("%.*f", (-2, 3.14159)), ("%*.*f", (8, 2, 3.14159)), ("%*d", ("x", 1)), ("%*d", (5,)),
                 ("100%% %s", "x"), ("none", 5), ("none", ()), ("none", {}), ("none", []), ("none", "x"), ("%s", {"a": 1}), ("%s", [1, 2]), ("%s", ((1, 2),)), ("%d%%", 5), ("%()s", {"": 1}), ("%(a)s %(a)r", {"a": "q"}), ("%s %(a)s", {"a": 1}), ("%99999999999999999999d", 1), ("%.99999999999999999999f", 1.0)]:
        case("%", operator.mod, f, v)


def numbers():
    ops = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod, "**": operator.pow}
    for a, b in some(itertools.product(NUMBERS, NUMBERS), 500) + [(a, b) for a in [7, -7, 7.5, -7.5, 0, 2**70, -2**70] for b in [2, -2, 2.5, -2.5, 0, 0.0, 3, 2**64, -1, 0.5]]:
        for op, f in ops.items():
            if op == "**" and (abs(b) > 200 or isinstance(b, float) and b != int(b) if b == b and abs(b) != float("inf") else True):
                continue
            case(op, f, a, b)
    for base in [1.1, 0.1, 3.7, 1e10, 1.0000001, -2.5]:
        for e in [2, 3, 5, 10, 17, 50, -1, -3, -20]:
            case("**", operator.pow, base, e)
    for x in [2, 10, 0.25, 3.0]:
        case("**", operator.pow, x, 0.5)
    for n in NUMBERS:
        case("neg", operator.neg, n)
        case("pos", operator.pos, n)
        case("repr", repr, n)
        for name in ["bit_length", "bit_count", "conjugate", "as_integer_ratio"] if isinstance(n, int) else ["is_integer", "hex", "conjugate", "as_integer_ratio"]:
            method(n, name)
    for _ in range(200):
        f = RNG.choice([RNG.uniform(-10, 10), RNG.uniform(-1, 1) * 10 ** RNG.randint(-320, 308), RNG.randint(-10**18, 10**18) / 10 ** RNG.randint(0, 18)])
        case("repr", repr, f)
        method(f, "hex")
        case("format", format, f, f".{RNG.randint(0, 20)}{RNG.choice('efg')}")


def operators():
    ops = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod, "**": operator.pow,
           "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
    mixed = ["abc", "", 2, -1, 1.5, True, None, [1, 2], [1, 3], [], (1, 2), (1,), {"a": 1}, {}, {1, 2}, {1}, set()]
    for a, b in itertools.product(mixed, mixed):
        for op, f in ops.items():
            case(op, f, a, b)
        case("in", operator.contains, a, b)
        case("item", operator.getitem, a, b)
    for a, b in some(itertools.product(EVERYTHING, EVERYTHING), 700):
        for op in ["==", "<", ">="]:
            case(op, ops[op], a, b)
        case("in", operator.contains, b, a)
    for a, b in itertools.product(NUMBERS, NUMBERS):
        case(RNG.choice(["==", "<", "<=", ">", ">="]), ops[RNG.choice(["=="])], a, b) if False else None
    for a, b in some(itertools.product(NUMBERS, NUMBERS), 400):
        for op in ["==", "<", "<=", ">"]:
            case(op, ops[op], a, b)
    for v in EVERYTHING:
        case("truth", bool, v)
        case("repr", repr, v) if not isinstance(v, set) else None
        case("str", str, v) if not isinstance(v, set) else None
        case("len", len, v)
        case("iter", list, v) if not isinstance(v, set) else None
        case("neg", operator.neg, v)
        case("pos", operator.pos, v)
        case("key", lambda v: v in {}, v)
    for v in [{"k": ["it's", 'q"', "\n", "\\"], "n": (None, (1,), ())}, [[[]]], [{}, {"a": {}}], ("é", "\u200b", "\ud7ff", "\x9f", "\U0001f600", "\ue000", "\u0378")]:
        case("repr", repr, v)


def lists():
    for l in LISTS:
        for x in [1, "a", None, 1.0, [1], "x", 99]:
            for name in ["append", "remove", "count", "index", "extend", "pop"]:
                method(l, name, x)
            for i in [0, 1, -1, 99, -99]:
                method(l, "insert", i, x)
        for i in [0, 1, -1, 5, -5, True]:
            method(l, "pop", i)
            case("item", operator.getitem, l, i)
        for args in [(1, 1), (1, 0, 2), (1, -1), (1, 5), ("x", -3, None)]:
            method(l, "index", *args)
        for name in ["pop", "clear", "reverse", "copy", "sort", "append", "insert", "count", "index", "remove", "extend"]:
            method(l, name)
        method(l, "sort", reverse=True)
        method(l, "sort", reverse=False, key=None)
        for x in [[], (1, 2), {"k": 1}, "xy", 5, None, {7}]:
            method(l, "extend", x)
    for args in [(None,), (1, 2)]:
        method([1], "sort", *args)
    method([1], "sort", rev=1)
    method([1], "sort", reverse="x")
    for l in [[3, 1.5, True, 2], ["b", "B", "a", "é"], [(2, "a"), (1, "b"), (1, "a")], [[2], [1, 2], [1]], [1, None], [float("nan"), 1.0], [{}, {}], [2, "a", 1]]:
        method(l, "sort")
        method(l, "sort", reverse=True)
    for t in TUPLES:
        for x in [1, "a", (2, 3), None]:
            method(t, "index", x)
            method(t, "count", x)
        case("item", operator.getitem, t, -1)
        case("item", operator.getitem, t, "a")


def dicts():
    for d in DICTS:
        for k in ["a", "zz", 1, 1.0, True, None, (1, 2), [1], {}]:
            for name in ["get", "pop", "setdefault", "fromkeys"]:
                method(d, name, k)
                method(d, name, k, "dflt")
            case("item", operator.getitem, d, k)
            case("in", operator.contains, d, k)
        for name in ["items", "keys", "values", "popitem", "clear", "copy", "update", "get", "pop", "setdefault"]:
            method(d, name)
            method(d, name, 1, 2, 3)
        method(d, "get", key=1)
        method(d, "items", x=1)
        for other in [{"a": 9, "n": 1}, [("x", 1), ("y", 2)], [("x",)], [1], ["ab"], 5, None, "ab", [[[], 1]]]:
            method(d, "update", other)
        method(d, "update", a=5, z=6)
        method(d, "update", {"q": 1}, z=6)
        method(d, "update", {}, {})
    method({}, "fromkeys", ["a", "b"], 0)
    method({}, "fromkeys", "abc")


def sets():
    for a in SETS:
        for x in [1, "a", 99, (1,), [1], None]:
            for name in ["add", "remove", "discard"]:
                method(a, name, x)
        for b in SETS + [[1, 5], (1,), "ab", {"a": 1}, 5, None, [[1]]]:
            for name in "union update intersection intersection_update difference difference_update symmetric_difference symmetric_difference_update issubset issuperset isdisjoint".split():
                method(a, name, b)
            for op, f in {"-": operator.sub, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}.items():
                case(op, f, a, b)
        method(a, "union")
        method(a, "union", [7], (8,))
        method(a, "intersection")
        method(a, "difference", [1], [2])
        for name in ["clear", "copy", "add", "remove"]:
            method(a, name)
    method({1}, "pop")
    method(set(), "pop")


def texts_of_json():
    values = [None, True, 1, -5, 2**70, 1.0, 1e16, 0.1, float("inf"), float("-inf"), float("nan"), "", "a\"b\\c/\n\r\t\b\f\x01\x7f", "é日😀\u2028", [], {}, [1, [2, {}]], {"b": 1, "a": [1, 2]}, (1, 2), {1: 2, None: 3, True: 4, 1.5: 5, 2**70: 6},
              {"a": {"b": {"c": []}}}, {(1,): 2}, {1, 2}, [{1}], {"z": None, "é": "ü"}, {1: 0, "a": 0}]
    for v in values:
        for kw in [{}, {"sort_keys": True}, {"ensure_ascii": False}, {"indent": 2}, {"indent": 4, "sort_keys": True}]:
            case("dumps", json.dumps, v, kwargs=kw)
    for t in ["null", "true", " 1 ", "-1", "1.5", "1e5", "-0", "-0.0", "1E400", "123456789012345678901234567890", '"x"', '"\\u00e9\\ud83d\\ude00\\n\\/"', "[]", "{}", "[1, 2, [3]]", '{"b": 1, "a": {"c": null}}', '{"a": 1, "a": 2}', "NaN", "[Infinity, -Infinity]",
              "", " ", "nul", "01", "1.", ".5", "-", "+1", "1 2", "[1,]", "[1", "[1 2]", "[", "{", '{"a"}', '{"a" 1}', '{"a": }', '{"a": 1,}', '{"a": 1', "{a: 1}", "'x'", '"abc', '"a\nb"', '"\\q"', '"\\u12"', '"\\', "[1, 2]\nx", '{"é": "日', '[1,\n 2,\n x]', "[,]", "{,}", "tru", '"\\u12g4"', '\ufeff1', '{"a":1 "b":2}', '[1}', '1e', '1e+', '-Infinit']:
        case("loads", json.loads, t)


for part in [texts, formats, percents, numbers, operators, lists, dicts, sets, texts_of_json]:
    part()

subjects = {}
for row in ROWS:
    kind = type(row["args"][0]).__name__ if row["op"] == "method" else ""
    subjects.setdefault((row["op"], row.get("name"), kind), []).append(row)
keep = set()
for (op, _, _), rows in subjects.items():
    errors = {row["error"]: id(row) for row in rows if "error" in row}
    keep.update(list(errors.values())[:40])
    keep.update(id(row) for row in some([row for row in rows if "want" in row], PER_SUBJECT.get(op, 120)))
for row in ROWS:
    if id(row) in keep or "all" in sys.argv:
        print(json.dumps(row))
