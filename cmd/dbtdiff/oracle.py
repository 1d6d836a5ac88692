"""Reads projects with dbt, and writes beside each of them what dbt makes of it.

    python oracle.py FOLDER...

Each folder has a project and a how.json: {"vars": "...", "env": {...}}. What
comes out is answer.json: {"failed": "...", "errors": [...], "warnings": [...],
"manifest": {...}}.
"""
import functools
import json
import os
import sys

import dbt_common.clients.jinja
import jinja2
from dbt.adapters.clickhouse import ClickHouseAdapter
from dbt.cli.main import dbtRunner
from dbt.task.compile import CompileTask
from dbt_common.events.base_types import EventLevel

# Nothing is connected to: the warehouse is empty.
ClickHouseAdapter.get_relation = lambda self, *args, **kwargs: None
# All nodes are compiled, so that each one's mistake is heard.
CompileTask.raise_on_first_error = lambda self: False



def remembered(method):
    """The same with a memory: each run reads the macros of dbt itself anew."""
    known = {}

    @functools.wraps(method)
    def call(self, source, *args, **kwargs):
        if not isinstance(source, str):
            return method(self, source, *args, **kwargs)
        key = (type(self), source, args, tuple(kwargs.items()))
        if key not in known:
            known[key] = method(self, source, *args, **kwargs)
        return known[key]

    return call


jinja2.Environment.compile = remembered(jinja2.Environment.compile)
jinja2.Environment.parse = remembered(jinja2.Environment.parse)
blocks = dbt_common.clients.jinja.extract_toplevel_blocks
known_blocks = {}


def remembered_blocks(text, allowed_blocks=None, collect_raw_data=True, warning_callback=None):
    if collect_raw_data:
        return blocks(text, allowed_blocks, collect_raw_data, warning_callback)
    key = (text, tuple(sorted(allowed_blocks or ())))
    if key not in known_blocks:
        known_blocks[key] = blocks(text, allowed_blocks, collect_raw_data, warning_callback)
    return known_blocks[key]


dbt_common.clients.jinja.extract_toplevel_blocks = remembered_blocks
os.environ.update(DBT_SEND_ANONYMOUS_USAGE_STATS="false", DO_NOT_TRACK="1")
before = dict(os.environ)


def answer(folder):
    with open(os.path.join(folder, "how.json")) as f:
        how = json.load(f)
    os.environ.clear()
    os.environ.update(before)
    os.environ.update(how["env"] or {})
    os.chdir(folder)
    warnings = []

    def hear(event):
        if event.info.level == EventLevel.WARN:
            warnings.append(event.info.name + ": " + event.info.msg)

    args = ["--no-partial-parse", "--quiet", "--no-populate-cache", "--project-dir", folder, "--profiles-dir", folder]
    if how["vars"]:
        args += ["--vars", how["vars"]]
    out = {"failed": "", "errors": {}, "warnings": warnings, "manifest": None}
    result = dbtRunner(callbacks=[hear]).invoke(["compile", "--no-introspect"] + args)
    if result.exception is not None:
        out["failed"] = type(result.exception).__name__ + ": " + str(result.exception)
    if result.result is not None:
        for r in result.result.results:
            if r.status not in ("success", "skipped"):
                out["errors"][r.node.unique_id] = str(r.message)
    path = os.path.join(folder, "target", "manifest.json")
    if os.path.exists(path):
        with open(path) as f:
            out["manifest"] = json.load(f)
        for section in ("macros", "docs"):
            all = out["manifest"][section]
            out["manifest"][section] = {k: v for k, v in all.items() if k.split(".")[1] not in ("dbt", "dbt_clickhouse")}
    with open(os.path.join(folder, "answer.json"), "w") as f:
        json.dump(out, f)


for folder in sys.argv[1:]:
    answer(os.path.abspath(folder))
    print(folder, flush=True)
