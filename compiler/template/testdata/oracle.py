"""Fills in what Python's Jinja2 makes of the templates of a corpus.

    python oracle.py corpus/*.jsonl

Each line of a corpus is a JSON object. "t" is a template, "undefined" may be
chainable or strict; "elsewhere" says that the error may be on any line. This script sets "want" to the rendered text, or "error"
to the class of the exception and "line" to the line it was raised on. Needs
Jinja2 3.1.
"""

import json
import os
import re
import sys
import traceback

import jinja2
import jinja2.sandbox


class Chainable(jinja2.Undefined):
    """Swallows attributes, items and calls, as dbt does while it parses."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    unsafe_callable = False
    alters_data = False


UNDEFINED = {None: jinja2.Undefined, "chainable": Chainable, "strict": jinja2.StrictUndefined}


def environment(kind):
    env = jinja2.sandbox.SandboxedEnvironment(
        undefined=UNDEFINED[kind], extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"]
    )
    for name in ("as_text", "as_bool", "as_native", "as_number"):
        env.filters[name] = lambda x: x
    env.filters["is_list"] = lambda x: isinstance(x, list)
    return env


ENVIRONMENTS = {kind: environment(kind) for kind in UNDEFINED}
ADDRESS = re.compile(" at 0x[0-9a-f]+|(?<=<generator object) \\w+")
HERE = os.path.dirname(os.path.abspath(__file__))


def line_of(error):
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    places = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == "<template>"]
    return places[-1] if places else 0


def judge(case):
    for key in ("want", "error", "line"):
        case.pop(key, None)
    with open(os.path.join(HERE, "context.json"), encoding="utf-8") as f:
        context = json.load(f)
    try:
        env = ENVIRONMENTS[case.get("undefined")]
        case["want"] = ADDRESS.sub("", env.from_string(case["t"]).render(context))
    except RecursionError:
        case["error"] = "RecursionError"
    except Exception as e:
        syntax = isinstance(e, (SyntaxError, jinja2.TemplateSyntaxError))
        case["error"] = "TemplateSyntaxError" if syntax else type(e).__name__
        if not case.get("elsewhere"):
            case["line"] = line_of(e)
    return case


def main():
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as f:
            cases = [json.loads(line) for line in f if line.strip()]
        with open(path, "w", encoding="utf-8") as f:
            for case in cases:
                f.write(json.dumps(judge(case), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
