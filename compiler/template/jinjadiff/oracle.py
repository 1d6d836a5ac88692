"""Answers what Python's Jinja2 makes of templates, as dbt sets Jinja2 up.

Reads one JSON object a line and answers each with one line. One with "packages"
brings the macros of projects; every other one is a template, "t", and with it

    undefined   "", "chainable" or "strict"
    native      true for dbt's rendering of strings in YAML
    parse       true to stop when it is parsed
    world       "corpus" for the values of context.json, "project" for stubs
    execute     what the variable is, in a project
    package     whose macros come first, in a project

The answer holds "want", the text (or the repr of a native value), or "error",
the class of the exception, with "line" and "message"; or "lost" when Python
itself did not come to an end, ran out of memory or stumbled.
"""

import ast
import hashlib
import json
import re
import resource
import signal
import sys
import traceback
import warnings

import jinja2
import jinja2.ext
import jinja2.nativetypes
import jinja2.nodes
import jinja2.parser
import jinja2.sandbox

warnings.simplefilter("ignore")
sys.setrecursionlimit(1000)
sys.set_int_max_str_digits(0)


class Returned(Exception):
    def __init__(self, value):
        self.value = value


class JinjaRenderingError(Exception):
    pass


class Lost(BaseException):
    pass


# What names without a value are while dbt reads a model.
class Chainable(jinja2.Undefined):
    unsafe_callable = False
    alters_data = False

    def __init__(self, hint=None, obj=None, name=None, exc=None):
        super().__init__(hint=hint, name=name)
        self.node, self.name, self.hint = None, name, hint

    def __getitem__(self, key):
        return self

    def __getattr__(self, name):
        if name == "name" or name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        self.name = name
        return self.__class__(hint=self.hint, name=name)

    def __call__(self, *args, **kwargs):
        return self

    def __reduce__(self):
        raise jinja2.UndefinedError(self.name)


UNDEFINED = {"": jinja2.Undefined, "chainable": Chainable, "strict": jinja2.StrictUndefined}

# Macros are known by names that templates cannot write, so that they find each
# other through the context alone.
PREFIX = "dbt_macro__"


class TypedParser(jinja2.parser.Parser):
    """Macros may say of what type their parameters are."""

    def parse_signature(self, node):
        args, defaults = [], []
        stream = self.stream
        stream.expect("lparen")
        while stream.current.type != "rparen":
            if args:
                stream.expect("comma")
            arg = self.parse_assign_target(name_only=True)
            arg.set_ctx("param")
            if stream.skip_if("colon"):
                self.parse_type()
            if stream.skip_if("assign"):
                defaults.append(self.parse_expression())
            elif defaults:
                self.fail("non-default argument follows default argument")
            args.append(arg)
        stream.expect("rparen")
        node.args, node.defaults = args, defaults

    def parse_type(self):
        self.stream.expect("name")
        if self.stream.skip_if("lbracket"):
            first = True
            while self.stream.current.type != "rbracket":
                if not first:
                    self.stream.expect("comma")
                self.parse_type()
                first = False
            self.stream.expect("rbracket")


class PrefixParser(TypedParser):
    def parse_macro(self):
        node = super().parse_macro()
        node.name = PREFIX + node.name
        return node


class Block(jinja2.ext.Extension):
    """A tag that defines a macro under another name."""

    kind = ""

    def parse(self, parser):
        node = jinja2.nodes.Macro(lineno=next(parser.stream).lineno)
        name = parser.parse_assign_target(name_only=True).name
        node.name = PREFIX + (self.kind or self.tag) + "_" + name
        node.args, node.defaults = [], []
        self.head(parser, node)
        node.body = parser.parse_statements(("name:end" + self.tag,), drop_needle=True)
        return node

    def head(self, parser, node):
        """Reads what stands in the tag behind the name."""


class Docs(Block):
    tag, tags = "docs", {"docs"}


class Test(Block):
    tag, tags, kind = "test", {"test"}, "test"

    def head(self, parser, node):
        parser.parse_signature(node)


class DataTest(Test):
    tag, tags = "data_test", {"data_test"}


class Snapshot(Block):
    """dbt takes these out of the file before Jinja2 sees it."""

    tag, tags = "snapshot", {"snapshot"}


class Materialization(Block):
    tag, tags = "materialization", {"materialization"}

    def head(self, parser, node):
        adapter, languages = "default", None
        while parser.stream.skip_if("comma"):
            option = parser.parse_assign_target(name_only=True)
            if option.name == "adapter":
                parser.stream.expect("assign")
                adapter = parser.parse_expression().value
            elif option.name == "supported_languages":
                parser.stream.expect("assign")
                languages = parser.parse_expression()
            elif option.name != "default":
                parser.fail("no such option: " + option.name)
        node.name += "_" + adapter
        node.args = [jinja2.nodes.Name("supported_languages", "param")]
        node.defaults = [languages or jinja2.nodes.List([jinja2.nodes.Const("sql")])]


EXTENSIONS = ["jinja2.ext.do", "jinja2.ext.loopcontrols", Materialization, Docs, Test, DataTest, Snapshot]


class Environment(jinja2.sandbox.SandboxedEnvironment):
    parser_class = TypedParser

    def _parse(self, source, name, filename):
        return self.parser_class(self, source, name, filename).parse()


class MacroEnvironment(Environment):
    parser_class = PrefixParser


class NativeEnvironment(Environment):
    code_generator_class = jinja2.nativetypes.NativeCodeGenerator


class Text(str):
    pass


class Literal(str):
    pass


class Bool(Literal):
    pass


class Number(Literal):
    pass


def native(parts):
    parts = list(parts)
    if not parts:
        return ""
    if len(parts) > 1:
        return "".join(str(p) for p in parts)
    raw = parts[0]
    if isinstance(raw, Text):
        return str(raw)
    if not isinstance(raw, Literal):
        return raw
    try:
        value = ast.literal_eval(raw)
    except (ValueError, SyntaxError, MemoryError):
        value = raw
    is_bool = isinstance(value, bool)
    if isinstance(raw, Bool) and not is_bool or isinstance(raw, Number) and (is_bool or not isinstance(value, (int, float))):
        raise JinjaRenderingError(raw)
    return value


def environment(cls, undefined):
    env = cls(undefined=UNDEFINED[undefined], extensions=EXTENSIONS)
    if cls is NativeEnvironment:
        env.filters.update(as_text=Text, as_bool=Bool, as_native=Literal, as_number=Number)
    else:
        env.filters.update({name: lambda x: x for name in ("as_text", "as_bool", "as_native", "as_number")})
    env.filters["is_list"] = lambda x: isinstance(x, list)
    return env


ENVIRONMENTS = {(cls, kind): environment(cls, kind) for cls in (Environment, NativeEnvironment) for kind in UNDEFINED}
MACROS = MacroEnvironment(extensions=EXTENSIONS)
MACROS.filters.update(ENVIRONMENTS[Environment, ""].filters)


class Stub:
    """Answers everything with a stub that is called what was asked."""

    unsafe_callable = False
    alters_data = False

    def __init__(self, path):
        if len(path) > 200:
            path = hashlib.md5(path.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        object.__setattr__(self, "_path", path)

    def __getattr__(self, name):
        if name.startswith(("_", "jinja_")):
            raise AttributeError(name)
        return Stub(self._path + "." + name)

    def __getitem__(self, key):
        if isinstance(key, slice):
            raise TypeError("slice")
        return Stub(self._path + "[" + plain(repr(key)) + "]")

    def __call__(self, *args, **kwargs):
        given = [repr(a) for a in args] + [k + "=" + repr(v) for k, v in kwargs.items()]
        return Stub(self._path + "(" + plain(", ".join(given)) + ")")

    def __iter__(self):
        return iter([Stub(self._path + "[0]"), Stub(self._path + "[1]")])

    def __len__(self):
        return 2

    def __eq__(self, other):
        return isinstance(other, Stub) and self._path == other._path

    def __hash__(self):
        return hash(self._path)

    def __repr__(self):
        return "<" + self._path + ">"


class Config(Stub):
    def __call__(self, *args, **kwargs):
        return ""

    def get(self, name, default=None, validator=None):
        return default


class Adapter(Stub):
    def __init__(self, world):
        super().__init__("adapter")
        object.__setattr__(self, "_world", world)

    def dispatch(self, macro_name, macro_namespace=None, packages=None):
        return self._world.dispatch(macro_name, macro_namespace)


class Package:
    """The macros of a package, as items."""

    def __init__(self, macros):
        self._macros = macros

    def __getitem__(self, name):
        return self._macros[name]


class Macro:
    def __init__(self, world, name, text):
        self.world, self.name, self.text, self.bound = world, name, text, None

    def __call__(self, *args, **kwargs):
        if self.bound is None:
            if self.text not in COMPILED:
                COMPILED[self.text] = MACROS.from_string(self.text)
            module = COMPILED[self.text].make_module(vars=self.world.context)
            self.bound = module.__dict__[PREFIX + self.name]
        try:
            return self.bound(*args, **kwargs)
        except Returned as r:
            return r.value

    def __repr__(self):
        return "<Macro %r>" % self.name


COMPILED = {}


def given(kind):
    def look(name, default=None):
        return default if default is not None else Stub("%s(%r)" % (kind, name))

    return look


def returns(data):
    raise Returned(data)


class World:
    """The context of one rendering in a project."""

    def __init__(self, packages, package, execute):
        self.packages, self.context = {}, {}
        for name, macros in packages.items():
            self.packages[name] = {m["name"]: Macro(self, m["name"], m["text"]) for m in macros}
        self.context.update({name: Package(macros) for name, macros in self.packages.items()})
        for name in ("dbt", "dbt_clickhouse", package):
            self.context.update(self.packages.get(name, {}))
        for name in STUBS:
            self.context[name] = Stub(name)
        self.context.update(
            {
                "config": Config("config"),
                "adapter": Adapter(self),
                "var": given("var"),
                "env_var": given("env_var"),
                "return": returns,
                "log": lambda *a, **k: "",
                "print": lambda *a, **k: "",
                "execute": execute,
                "tojson": lambda value: json.dumps(value),
            }
        )

    def dispatch(self, name, namespace):
        name = str(name)
        for package in [namespace] if namespace else list(self.packages):
            for prefix in ("clickhouse__", "default__"):
                macro = self.packages.get(package, {}).get(prefix + name)
                if macro is not None:
                    return macro
        return Stub("dispatch(%r)" % name)


STUBS = (
    "ref source this target model schema database graph api exceptions run_query statement load_result modules flags "
    "invocation_id run_started_at builtins doc selected_resources node pre_hooks post_hooks sql compiled_code dbt_version "
    "store_result is_incremental thread_id context argument"
).split()

ADDRESS = re.compile(r" at 0x[0-9a-f]+|(?<=<generator object) [\w.<>]+|(?<=object) at 0x[0-9a-f]+")


def plain(text):
    return ADDRESS.sub("", text)


def line_of(error):
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    places = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == "<template>"]
    return places[-1] if places else 0


class Oracle:
    def __init__(self, context):
        with open(context, encoding="utf-8") as f:
            self.corpus = f.read()
        self.packages, self.worlds = {}, {}

    def values(self, ask):
        if ask.get("world") != "project":
            return json.loads(self.corpus)
        key = ask.get("package", ""), ask.get("execute", False)
        if key not in self.worlds:
            self.worlds[key] = World(self.packages, *key)
        return self.worlds[key].context

    def render(self, ask):
        cls = NativeEnvironment if ask.get("native") else Environment
        env = ENVIRONMENTS[cls, ask.get("undefined") or ""]
        if ask.get("parse"):
            env.compile(ask["t"], raw=True)
            return ""
        template = env.from_string(ask["t"])
        context = self.values(ask)
        if cls is Environment:
            return plain(template.render(context))
        try:
            return plain(repr(native(template.root_render_func(template.new_context(context)))))
        except Exception:
            env.handle_exception()

    def judge(self, ask):
        try:
            return {"want": self.render(ask)}
        except RecursionError:
            return {"error": "RecursionError"}
        except MemoryError:
            return {"lost": "MemoryError"}
        except Exception as e:
            if isinstance(e, AssertionError) and line_of(e) == 0:
                return {"lost": "Jinja2 stumbles: %r" % e}
            syntax = isinstance(e, (SyntaxError, jinja2.TemplateSyntaxError))
            name = "TemplateSyntaxError" if syntax else type(e).__name__
            if isinstance(e, Returned):
                name = "TemplateRuntimeError"
            try:
                message = str(e)[:300]
            except Exception:
                message = ""
            return {"error": name, "line": line_of(e), "message": message}

    def answer(self, ask):
        if "packages" in ask:
            self.packages, self.worlds = ask["packages"], {}
            return {"want": ""}
        signal.setitimer(signal.ITIMER_VIRTUAL, ask.get("seconds", 1))
        try:
            return self.judge(ask)
        except Lost:
            return {"lost": "no end"}
        except BaseException as e:
            return {"lost": "Jinja2 stumbles: %r" % e}
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def lose(*_):
    raise Lost()


def main():
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    signal.signal(signal.SIGVTALRM, lose)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    oracle = Oracle(sys.argv[1])
    print(json.dumps({"want": jinja2.__version__}), flush=True)
    for line in sys.stdin:
        answer = oracle.answer(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
