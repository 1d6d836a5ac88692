"""Asks Python's datetime, re, itertools and pytz what they do.

Run from compiler/value/pymodules: python3 testdata/oracle.py > testdata/python.jsonl
Each row holds an expression, its tree, which the test walks, and Python's
answer. Needs Python 3.11 and pytz. To keep the table small, it holds a sample;
with the word "all", everything.
"""
import ast
import datetime
import itertools
import json
import os
import random
import re
import sys
import time

import pytz

assert sys.version_info[:2] == (3, 11), "the table holds the messages of Python 3.11"
os.environ["TZ"] = "UTC"
time.tzset()
RNG = random.Random(7)
NAMES = {"datetime": datetime, "re": re, "itertools": itertools, "pytz": pytz, "list": list, "str": str, "repr": repr, "len": len, "bool": bool, "format": format, "tuple": tuple}
OPS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.In: "in"}


def tree(n):
    match n:
        case ast.Expression():
            return tree(n.body)
        case ast.Constant():
            if isinstance(n.value, float):
                return ["float", repr(n.value)]
            return ["const", n.value]
        case ast.Name():
            return ["name", n.id]
        case ast.Attribute():
            return ["attr", tree(n.value), n.attr]
        case ast.Subscript():
            return ["item", tree(n.value), tree(n.slice)]
        case ast.Call():
            return ["call", tree(n.func), [tree(a) for a in n.args], [[k.arg, tree(k.value)] for k in n.keywords]]
        case ast.BinOp():
            return ["op", OPS[type(n.op)], tree(n.left), tree(n.right)]
        case ast.Compare():
            return ["op", OPS[type(n.ops[0])], tree(n.left), tree(n.comparators[0])]
        case ast.UnaryOp():
            return ["neg", tree(n.operand)]
        case ast.List():
            return ["list", [tree(e) for e in n.elts]]
        case ast.Tuple():
            return ["tuple", [tree(e) for e in n.elts]]
        case ast.Lambda():
            return ["lambda", [a.arg for a in n.args.args], tree(n.body)]
    raise TypeError(ast.dump(n))


SEEN = set()
ROWS = []


def case(expr):
    if expr in SEEN:
        return
    SEEN.add(expr)
    row = {"expr": expr, "tree": tree(ast.parse(expr, mode="eval"))}
    try:
        row["want"] = repr(eval(expr, dict(NAMES)))
    except re.error:
        row["error"] = "error"  # its words are those of Python's own parser
    except Exception as e:
        row["error"] = type(e).__name__
        if not isinstance(e, TypeError) or "argument" not in str(e):  # how arguments are counted differs
            row["error"] += f": {e}"
    ROWS.append(row)


D, DT, T, TD, TZ = "datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "datetime.timezone"
UTC = "datetime.timezone.utc"
PLUS2 = f"{TZ}({TD}(hours=2))"
ODD = f"{TZ}({TD}(seconds=-12345))"
BERLIN, NY, LONDON, KOLKATA = (f'pytz.timezone("{z}")' for z in ["Europe/Berlin", "America/New_York", "Europe/London", "Asia/Kolkata"])

DELTAS = [f"{TD}()", f"{TD}(1)", f"{TD}(-1)", f"{TD}(days=1, hours=2, minutes=3, seconds=4, microseconds=5)", f"{TD}(weeks=-3, milliseconds=1500)", f"{TD}(hours=-1)", f"{TD}(days=1.5)", f"{TD}(seconds=0.0000005)",
          f"{TD}(microseconds=2.5)", f"{TD}(days=999999999)", f"{TD}(seconds=90061)", f"{TD}(microseconds=-1)"]
DATES = [f"{D}(2024, 2, 29)", f"{D}(1, 1, 1)", f"{D}(9999, 12, 31)", f"{D}(2023, 12, 31)", f"{D}(2021, 1, 3)", f"{D}(1970, 1, 1)"]
DATETIMES = [f"{DT}(2024, 2, 29)", f"{DT}(2024, 3, 10, 2, 30)", f"{DT}(1999, 12, 31, 23, 59, 59, 999999)", f"{DT}(2024, 10, 27, 2, 30, 15)", f"{DT}(2024, 7, 4, 12, 0, 0, 120)", f"{DT}(1, 1, 1, 0, 0, 1)",
             f"{DT}(2024, 1, 1, tzinfo={UTC})", f"{DT}(2024, 6, 1, 13, 5, 9, tzinfo={PLUS2})", f"{DT}(2024, 6, 1, 13, 5, tzinfo={ODD})", f"{DT}(2024, 6, 1, 13, 5, tzinfo=pytz.utc)", f"{BERLIN}.localize({DT}(2024, 7, 1, 8))"]
TIMES = [f"{T}()", f"{T}(12, 30)", f"{T}(23, 59, 59, 999999)", f"{T}(1, 2, 3, tzinfo={PLUS2})", f"{T}(0, 0, 5)"]


def datetimes():
    for d in DELTAS:
        case(d)
        case(f"str({d})")
        for a in ["days", "seconds", "microseconds"]:
            case(f"{d}.{a}")
        case(f"{d}.total_seconds()")
        case(f"-{d}")
        case(f"bool({d})")
        for e in DELTAS:
            for op in ["+", "-", "/", "//", "%", "<", ">=", "=="]:
                case(f"{d} {op} {e}")
        for n in ["2", "-3", "0", "1.5", "0.1", "-0.5", "10**30"]:
            for op in ["*", "/", "//", "+"]:
                case(f"{d} {op} {n}")
            case(f"{n} * {d}")
    for args in ['"x"', "None", "1, 2, 3, 4, 5, 6, 7", "days=1e20", "foo=1", "10**10"]:
        case(f"{TD}({args})")
    for a in ["min", "max", "resolution"]:
        for c in [D, DT, T, TD] + [TZ] * (a != "resolution"):
            case(f"{c}.{a}")
    for args in ["2023, 2, 29", "2024, 13, 1", "0, 1, 1", "10000, 1, 1", "2024, 4, 31", '"x", 1, 1', "2024, 1", "2024, 1, 1.0", "2024, month=5, day=6", "2024, 1, -1"]:
        case(f"{D}({args})")
        case(f"{DT}({args})")
    for args in ["2024, 1, 1, 24", "2024, 1, 1, 1, 60", "2024, 1, 1, 1, 1, 60", "2024, 1, 1, 1, 1, 1, 1000000", "2024, 1, 1, fold=1", "2024, 1, 1, fold=2", "2024, 1, 1, tzinfo=5", "2024, 1, 1, hour=-1"]:
        case(f"{DT}({args})")
    for x in DATES + DATETIMES + TIMES:
        case(x)
        case(f"str({x})")
        case(f"{x}.isoformat()")
        for name in ["replace(hour=5)", "replace(year=2000)", "replace(day=31)", "replace(tzinfo=None)", "replace(microsecond=7)", "nope"]:
            case(f"{x}.{name}")
        for f in ["%Y-%m-%d %H:%M:%S", "%a %A %b %B %d %e %j", "%y %C %G %g %u %w %V %U %W", "%I %l %k %p %P %M %S %f", "%z|%Z", "%c|%x|%X", "%D %F %T %R %r", "%%|%n|%t", "%-d %-m %-H %-I %-j %_d %_H %05d %^a %^B %#p", "%h %Q %", "%10Y|%3m", "é%Y", "", "%s"]:
            if "%s" == f and ("tzinfo" in x or "localize" in x) or "%C" in f and "(1, 1, 1" in x:
                continue
            case(f'{x}.strftime("{f}")')
            if f:
                case(f'format({x}, "{f}")')
    for x in DATES + DATETIMES:
        for m in ["weekday()", "isoweekday()", "isocalendar()", "toordinal()", "ctime()", "year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold", "isocalendar()[1]", "isocalendar().week", "timestamp()", "date()", "time()", "timetz()", "utcoffset()", "tzname()", "dst()"]:
            if m == "timestamp()" and "(1, 1, 1" in x:
                continue
            case(f"{x}.{m}")
    for x in DATETIMES + TIMES:
        for spec in ["hours", "minutes", "seconds", "milliseconds", "microseconds", "auto", "x"]:
            case(f'{x}.isoformat(timespec="{spec}")')
    case(f'{DATETIMES[0]}.isoformat(" ")')
    case(f'{DATETIMES[0]}.isoformat("ab")')
    for a in DATES[:4] + DATETIMES[:4] + DATETIMES[6:] + TIMES + DELTAS[:4] + ["5", "None", '"x"']:
        for b in DATES[:2] + DATETIMES[:2] + DATETIMES[6:8] + TIMES[:1] + TIMES[3:4] + DELTAS[:6] + ["5"]:
            for op in ["+", "-", "<", ">=", "=="]:
                case(f"{a} {op} {b}")
    for x in DATETIMES:
        if "(1, 1, 1" in x:
            continue
        for z in [UTC, PLUS2, ODD, BERLIN, NY, LONDON, KOLKATA, "pytz.utc"]:
            case(f"{x}.astimezone({z})")
            case(f"str({x}.astimezone({z}))")
            case(f'{x}.astimezone({z}).strftime("%Z %z")')
    case(f"{DT}.combine({DATES[0]}, {TIMES[1]})")
    case(f"{DT}.combine({DATES[0]}, {TIMES[3]})")
    case(f"{DT}.combine({DATES[0]}, {TIMES[3]}, tzinfo=None)")
    case(f"{DT}.combine({DATETIMES[1]}, {TIMES[2]}, {UTC})")
    for n in ["0", "1", "-1", "1700000000", "1700000000.123456", "0.0000005", "1.5", "-0.5", "1e12", '"x"']:
        case(f"{DT}.utcfromtimestamp({n})")
        case(f"{DT}.fromtimestamp({n}, {PLUS2})")
        case(f"{D}.fromtimestamp({n})")
    for n in ["1", "738000", "0", "3652059", "3652060", "-5"]:
        case(f"{D}.fromordinal({n})")
        case(f"{DT}.fromordinal({n})")
    for a in ["2024, 1, 1", "2020, 53, 7", "2021, 53, 1", "2024, 0, 1", "2024, 1, 8", "2024, 52, 3"]:
        case(f"{D}.fromisocalendar({a})")
    for s in ["2024-02-29", "20240229", "2024-W09-4", "2024W094", "2024-W09", "2024-02-30", "2024-2-9", "x", "", "2024-02-29T", "2024-02", "2024-0229", "202402-29", "2024-W60-1"]:
        case(f'{D}.fromisoformat("{s}")')
        case(f'{DT}.fromisoformat("{s}")')
    for s in ["2024-02-29T12:30", "2024-02-29 12:30:15", "2024-02-29T12:30:15.123", "2024-02-29T12:30:15.123456", "2024-02-29T12:30:15.1234567", "2024-02-29T12", "20240229T123015", "2024-02-29T12:30:15Z", "2024-02-29T12:30:15+02:00", "2024-02-29T12:30:15-0530", "2024-02-29T12:30:15+02",
              "2024-02-29T24:00", "2024-02-29T12:60", "2024-02-29x12:30", "2024-02-29T12:30:15,5", "2024-02-29T12:3", "2024-02-29T12:30:15+25:00", "2024-W09-4T12", "2024-02-29T12:30+02:00:30", "2024-02-29T12:30:15.", "2024-02-29T1230:15"]:
        case(f'{DT}.fromisoformat("{s}")')
        case(f'{T}.fromisoformat("{s[11:]}")')
    for s, f in [("2024-02-29", "%Y-%m-%d"), ("20240229", "%Y%m%d"), ("29 Feb 2024", "%d %b %Y"), ("february 29, 2024", "%B %d, %Y"), ("2024-02-29 13:05:09.5", "%Y-%m-%d %H:%M:%S.%f"), ("01:30 pm", "%I:%M %p"), ("12:30 AM", "%I:%M %p"), ("2024-060", "%Y-%j"),
                 ("2024-02-29T10:00:00+0200", "%Y-%m-%dT%H:%M:%S%z"), ("2024-02-29T10:00:00+02:00", "%Y-%m-%dT%H:%M:%S%z"), ("2024-02-29T10:00:00Z", "%Y-%m-%dT%H:%M:%S%z"), ("10 -05:30:15", "%H %z"), ("24/2/9", "%y/%m/%d"), ("69/2/9", "%y/%m/%d"), ("68/2/9", "%y/%m/%d"),
                 ("Mon 2024-02-26", "%a %Y-%m-%d"), ("Thursday", "%A"), ("2024 09 4", "%Y %W %w"), ("2024 09 0", "%Y %U %w"), ("2024 09 4", "%G %V %u"), ("100%", "100%%"), ("2024  02", "%Y %m"), ("2024-02-30", "%Y-%m-%d"), ("2024-13-01", "%Y-%m-%d"), ("2024", "%Y-%m"), ("2024-02-29x", "%Y-%m-%d"), ("x", "%Q"),
                 ("x", "%"), ("2024-2-9", "%Y-%m-%d"), ("1/2/24", "%m/%d/%y"), ("02/29/24", "%x"), ("10:11:12", "%X"), ("Thu Feb 29 10:11:12 2024", "%c"), ("10:11:61", "%H:%M:%S"), ("UTC 2024", "%Z %Y"), ("a.b", "a.b"), ("axb", "a.b"), ("2024-02-29", "%Y-%M-%d"), ("2024 00 1", "%Y %W %w"), ("366 2024", "%j %Y"), ("FEB", "%b")]:
        case(f'{DT}.strptime("{s}", "{f}")')


def zones():
    for z in [UTC, PLUS2, ODD, f'{TZ}({TD}(hours=-5), "EST")', f"{TZ}({TD}(0))", f'{TZ}({TD}(0), "X")', f"{TZ}({TD}(hours=24))", f"{TZ}(5)", BERLIN, NY, LONDON, KOLKATA, 'pytz.timezone("UTC")', "pytz.utc", "pytz.UTC", "pytz.FixedOffset(90)", "pytz.FixedOffset(-330)", "pytz.FixedOffset(0)", "pytz.FixedOffset(2000)", 'pytz.timezone("Nope/Nowhere")', 'pytz.timezone("US/Eastern")']:
        case(z)
        case(f"str({z})")
        case(f"{z}.utcoffset(None)") if "pytz.t" not in z else None
        case(f"{z}.tzname(None)") if "pytz.t" not in z else None
    for z in [BERLIN, NY, LONDON, KOLKATA, 'pytz.timezone("Australia/Lord_Howe")', 'pytz.timezone("Pacific/Apia")', "pytz.utc"]:
        for d in ["2024, 1, 15, 12", "2024, 7, 15, 12", "2024, 3, 31, 2, 30", "2024, 10, 27, 2, 30", "2024, 3, 10, 2, 30", "2024, 11, 3, 1, 30", "2024, 3, 31, 1, 30", "1950, 6, 1", "2011, 12, 30, 12", "2030, 7, 1", "2024, 4, 7, 1, 45"]:
            for dst in ["", ", is_dst=True", ", is_dst=None"]:
                case(f"{z}.localize({DT}({d}){dst})")
            case(f"str({z}.localize({DT}({d})))")
            case(f'{z}.localize({DT}({d})).strftime("%Z%z")')
            case(f"{z}.normalize({z}.localize({DT}({d})) + {TD}(days=100))")
            case(f"{z}.localize({DT}({d})).dst()")
            case(f"{z}.localize({DT}({d})) - {DT}(2024, 1, 1, tzinfo=pytz.utc)")
            case(f"{z}.localize({DT}({d})).astimezone({NY})")
        case(f"{z}.localize({DATETIMES[6]})")
        case(f"{z}.normalize({DATETIMES[0]})")
        case(f"{z}.zone")
        case(f"{DT}(2024, 1, 1, tzinfo={z})")
        case(f"{z}.fromutc({DT}(2024, 7, 1))")


def regexes():
    pairs = [("a", "banana"), ("x", "banana"), ("", "ab"), ("a*", "baac"), ("(a)(b)?", "abac"), ("(?P<first>\\\\w+) (?P<second>\\\\w+)", "hello world foo bar"), ("^b", "b\\nb"), ("a$", "ba\\n"), ("a\\\\Z", "ba\\n"), ("\\\\d+", "a12b345"), ("[^,]+", "a,b,,c"), ("(?i)ABC", "xabcX"),
             ("(?<=a)b", "ab cb"), ("(?<!a)b", "ab cb"), ("a(?=b)", "ab ac"), ("a(?!b)", "ab ac"), ("(a)\\\\1", "aab"), ("(?P<q>[ab])(?P=q)", "abba"), (".", "é😀\\n"), ("\\\\w", "éß_1-"), ("\\\\s+", "a \\t b"), ("[a-c[]", "[ad"), ("[]]", "a]b"), ("a{,2}", "aaa"), ("a{2}", "aaa"), ("a{1,}?", "aaa"), ("(?:a|b)+", "abba"),
             ("(a|b)*", "abba"), ("\\\\bfoo\\\\b", "foo foobar"), ("\\\\.sql$", "x.sql"), ("(?x) a  b # c", "xab"), ("(?s).+", "a\\nb"), ("(?m)^.", "ab\\ncd"), ("(\\\\w)(\\\\d)?", "a1b"), ("x*", "abxd"), ("|a", "a"), ("(?(1)a|b)", "b"), ("(a)?(?(1)b|c)", "ab c"), ("\\\\x41\\\\u00e9", "Aé"), ("\\\\101", "A"), ("#", "a#b"), ("[#]", "a#"), ("a b", "a b"),
             ("\\\\-\\\\/", "-/"), ("(?#comment)a", "a"), ("(?i:a)b", "Ab AB"), ("[\\\\w-]+", "a-b c"), ("[\\\\]a]+", "a]"), ("^$", ""), ("\\\\$\\\\{(\\\\w+)\\\\}", "x ${name} y"), ("(((a)))", "a"), ("(?>a+)b", "aab"), ("[a-z&&[^b]]", "b]"),
             ("(", "a"), (")", "a"), ("[", "a"), ("*a", "a"), ("a**", "a"), ("(?P<1a>x)", "x"), ("(?P<a>x)(?P<a>y)", "xy"), ("(?P=zz)", "x"), ("\\\\", "x"), ("\\\\q", "q"), ("\\\\2(a)", "a"), ("a{3,2}", "a"), ("[b-a]", "a"), ("(?z)", "a"), ("a(?i)", "a"), ("\\\\8", "8")]
    for p, s in pairs:
        p, s = p.encode().decode("unicode_escape").encode("latin-1", "ignore").decode() if False else p, s
        P, S = f'"{p}"', f'"{s}"'
        for name in ["match", "search", "fullmatch"]:
            case(f"re.{name}({P}, {S})")
        case(f"re.findall({P}, {S})")
        case(f"re.split({P}, {S})")
        case(f"re.split({P}, {S}, 1)")
        case(f're.sub({P}, "-", {S})')
        case(f're.sub({P}, "<\\\\g<0>>", {S}, 2)')
        case(f're.subn({P}, "", {S}, count=1)')
        case(f"[{'re.search(' + P + ', ' + S + ').groups()'}, re.search({P}, {S}).groupdict(), re.search({P}, {S}).span(), re.search({P}, {S}).start(), re.search({P}, {S}).end()]")
        case(f"re.sub({P}, lambda m: m.group().upper() + str(m.start()), {S})")
        case(f"list(re.finditer({P}, {S}))")
        case(f"re.findall({P}, {S}, re.IGNORECASE + re.MULTILINE)")
        case(f"re.findall({P}, {S}, re.DOTALL)")
        case(f"re.findall({P}, {S}, re.ASCII)")
        case(f"re.compile({P}).search({S}, 1)")
        case(f"re.compile({P}).findall({S}, 1, 3)")
        case(f"re.compile({P}).groups")
    M = 're.match("(?P<a>x)(y)?(z)", "xzq")'
    for e in [".group(0)", '.group("a")', ".group(1, 2, 3)", ".group(4)", '.group("b")', "[1]", '["a"]', "[2]", ".groups()", '.groups("d")', ".groupdict()", ".start(2)", ".end(3)", ".span(1)", ".string", '.expand("\\\\3-\\\\g<a>")', ".re", ".pos", ".endpos", ".nope"]:
        case(M + e)
    case(f"bool({M})")
    for r in ["\\\\1", "\\\\g<1>", "\\\\g<a>", "\\\\2", "\\\\g<zz>", "\\\\g", "\\\\g<", "\\\\n", "\\\\\\\\", "\\\\q", "\\\\0", "\\\\.", "$1", "\\\\g<0>\\\\g<0>", "\\\\9", "a\\\\tb", "\\\\g<>"]:
        case(f're.sub("(?P<a>b)(c)?", "{r}", "abcb")')
    for s in ["a.b*c", "hello world", "é-_", "(x)[y]{z}", "#&~", "a\\nb", "1+1=2", ""]:
        case(f're.escape("{s}")')
    case('re.sub("a", 5, "a")')
    case('re.sub("a", lambda m: 5, "a")')
    case('re.match("a", 5)')
    case('re.match(5, "a")')
    case('re.match(re.compile("a"), "a", re.I)')
    case('re.compile("a", re.I)')
    case('re.compile("(?P<x>a)(?P<y>b)").groupindex["y"]')
    case('re.compile("a").pattern')
    case('re.compile("a") == re.compile("a")')
    case('re.findall(pattern="a", string="aa", flags=0)')
    case('re.sub(pattern="a", repl="b", string="aa", count=1)')
    case('re.split("(,)", "a,b,c", maxsplit=1)')


def tools():
    I = "itertools"
    for e in ['chain([1], "ab", (2,))', "chain()", "chain([1], 5)", "chain.from_iterable([[1, 2], [3]])", "islice(itertools.count(), 3)", "islice(itertools.count(5, 2), 2, 5)", "islice(itertools.count(0.5), 0, 4, 2)", "islice([1, 2, 3], None)", "islice([1, 2, 3], 1, None)", "islice([1], -1)", "islice([1], 0, 1, 0)", "islice(itertools.cycle([1, 2]), 5)", "cycle([])",
              'repeat("x", 3)', "repeat(1, 0)", "islice(itertools.repeat(1), 2)", "product([1, 2], [3, 4])", "product([0, 1], repeat=3)", "product()", "product([], [1])", "product([1], repeat=0)", 'product("ab", repeat=-1)', "permutations([1, 2, 3])", "permutations([1, 2, 3], 2)", "permutations([1, 2], 3)", "permutations([], 0)", "permutations([1], -1)", "combinations([1, 2, 3, 4], 2)", "combinations([1, 2], 3)",
              "combinations([1], 0)", "combinations_with_replacement([1, 2, 3], 2)", "combinations_with_replacement([], 1)", "combinations_with_replacement([], 0)", 'zip_longest([1, 2, 3], "ab")', "zip_longest([1], [], fillvalue=0)", "zip_longest()", "accumulate([1, 2, 3])", "accumulate([1, 2, 3], lambda a, b: a * b)", "accumulate([1, 2], initial=10)", 'accumulate(["a", "b"])', "accumulate([])", "starmap(lambda a, b: a + b, [(1, 2), (3, 4)])",
              "takewhile(lambda x: x < 3, [1, 2, 3, 1])", "dropwhile(lambda x: x < 3, [1, 2, 3, 1])", "filterfalse(lambda x: x < 3, [1, 2, 3, 1])", "filterfalse(None, [0, 1])", "compress([1, 2, 3], [1, 0, 1])", "pairwise([1, 2, 3])", "pairwise([1])", "permutations([1, 2, 3, 4], 3)", "combinations([1, 2, 3, 4, 5], 3)", 'product("ab", [1, 2], repeat=2)']:
        case(f"list({I}.{e})")
    case(f"[g[0] for g in []]") if False else None
    case(f"list({I}.starmap(lambda k, g: (k, list(g)), {I}.groupby([1, 1, 2, 1])))")
    case(f'list({I}.starmap(lambda k, g: (k, list(g)), {I}.groupby(["a", "ab", "b"], lambda s: s[0])))')
    case(f'list({I}.starmap(lambda k, g: (k, list(g)), {I}.groupby([], key=None)))')


for part in [datetimes, zones, regexes, tools]:
    start = len(ROWS)
    part()
    keep = range(start, len(ROWS)) if "all" in sys.argv else sorted(RNG.sample(range(start, len(ROWS)), min(900, len(ROWS) - start)))
    for i in keep:
        print(json.dumps(ROWS[i]))
