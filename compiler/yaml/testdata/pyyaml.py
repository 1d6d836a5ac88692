"""Writes pyyaml.json: what PyYAML's safe loader makes of documents.

Run it with a Python that has PyYAML: python pyyaml.py > pyyaml.json
"""
import itertools
import json
import sys

import yaml

SCALARS = """
y n Y N yes Yes YES yEs no No NO on On ON off Off OFF true True TRUE tRUE false False FALSE
~ null Null NULL nULL nan .nan .NaN .NAN .Nan inf .inf .Inf .INF -.inf +.inf .iNF -.nan
0 1 -1 +1 00 01 010 0o10 08 09 0777 -010 +010 0_1 0x1F 0X1F -0x1f 0xg 0b101 0b102 -0b11 0b1_0 0x_f
1_000 1__0 _1 1_ -1_0 1,000 1.0 1. .5 -.5 +.5 1.5e3 1.5e+3 1.5E-3 1e5 1e+5 1.e+3 .5e-1 1_0.2_5 1._5 -1.5 +1.5
0.1 00.5 1.2.3 1.10 1.1.1 v1.0 - + . .. -. 1- --1 +-1 0. 0.0 -0.0 -0 1:30 1:30:15 01:30 0:30 1:60 1:5 1:5.5 190:20:30 190:20:30.15 -1:30 1:30: 12:30:45 1:2:3:4
9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 123456789012345678901234567890 1.7976931348623159e+308 1e400 5.0e-400
2025-01-01 2025-1-1 2025-01-1 2025-01-01T10:00:00 2025-1-1T1:00:00 2025-01-01t10:00:00Z 2001-12-14t21:59:43.10-05:00 2001-12-15T02:59:43.1Z 2025-01-01T10:00 20250101 2025-01 01-01-2025 2025-01-01x
0001-01-01 2024-02-29 2025-01-01T10:00:00.1234567 2025-01-01T10:00:00+5 2025-01-01T10:00:00+0530 2025-01-01T10:00:00.
= << !!str !!int abc a:b a#b x-y @x %x `x *x
""".split()

EXTRA = ["2001-12-14 21:59:43.10 -5", "2001-12-15 2:59:43.10", "2025-01-01 10:00:00", "2025-01-01 10:00:00 Z",
         "2025-01-01  10:00:00", "a b", "a  b", "a # b", "a #b", "- a", "a: b", "a :b", "!!str 1", "!!int '3'", "!!float 1",
         "!!bool yes", "!!null ''", "!!str", "!!int 0x1F", "! 12", "'yes'", '"yes"', "'1'", '"1.0"', "''", '""',
         "'it''s'", r'"a\nb"', r'"a\tb\x41\u00e9\U0001F600\\"', r'"a\/b"', "é", "日本", "[1, 2,]", "[]", "{}", "{a, b: 1}",
         "{a: 1, b}", "[a: 1]", "[a: 1, b: 2]", "{a: [1, {b: c}]}", "[a, [b]]", "{? a : b}", '{"a":1}', "{'a':1}", "{a:1}", "[1,2]", "[a,b]", "[a:b]"]

DOCUMENTS = [
    "", "\n", "# only\n", "---\n", "---\na: 1\n", "---\na: 1\n...\n", "a: 1\n...\n", "%YAML 1.1\n---\na: yes\n",
    "a: 1\nb: 2\n", "a: 1\na: 2\nb: 3\n", "a:\n  b: 1\n  c:\n", "a:\n- 1\n- 2\n", "a:\n  - 1\n  - 2\n", "- a: 1\n  b: 2\n- c\n",
    "- - 1\n  - 2\n- 3\n", "-\n  a: 1\n", "- \n", "a: |\n  x\n  y\n", "a: |-\n  x\n  y\n\n", "a: |+\n  x\n\n\nb: 1\n", "a: >\n  x\n  y\n\n  z\n", "a: >-\n  x\n  y\n",
    "a: >\n  x\n    y\n  z\n", "a: |2\n    x\n   y\n", "a: >+\n  x\n\n", "a: |\n\n  x\n", "a: |\n  # not a comment\n", "a: | # comment\n  x\n",
    "a: x\n  y\n  z\n", "a: x\n\n  y\n", "a: 'x\n  y'\n", "a: \"x\n  y\\\n  z\"\n", "a: \"x\n\n  y\"\n", "a: 'x\n\n\n  y'\n",
    "a: &x 1\nb: *x\n", "a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3\n  r: 4\n", "a: &x {p: 1}\nb: &y {p: 2, q: 2}\nc:\n  r: 1\n  <<: [*x, *y]\n",
    "a: &x {p: 1}\nb:\n  <<: *x\n  <<: {p: 2, z: 1}\n", "a: &x\n  <<: {p: 1}\n  q: 2\nb:\n  <<: *x\n", "'<<': 1\n", "<<: {a: 1}\n",
    "? a\n: b\n", "? a\n", "1: a\n2: b\n", "yes: a\nno: b\n", "null: a\n~: b\n", "1.5: a\n", "1: a\n1.0: b\ntrue: c\n", "2025-01-01: a\n",
    "on: push\n", "a: yes\nb: 'yes'\nc: !!str yes\n", "a:   \n  b\n", "a: b: c\n", "a: [\n 1,\n 2\n]\n", "a: {\n  b: 1,\n  c: 2\n}\n", "a: [1, # c\n  2]\n",
    "a: \t1\n", "a:\t1\n", "a: 1\t\n", "a:\n\tb: 1\n", "a:\n  b: 1\n\tc: 2\n", "-\ta\n", "- a\n-\tb\n", "a: [\t1,\t2 ]\n", "a: 'x\ty'\n",
    "a: 1\r\nb: 2\r\n", "a: |\r\n  x\r\n  y\r\n", "a: 1\rb: 2\r", "\ufeffa: 1\n", "a: 1\n---\nb: 2\n", "a: {{ x }}\n", "a: \"{{ x }}\"\n", "a: {{x}}\n",
    "a: %x\n", "a: @x\n", "a: `x\n", "a: *x\n", "a: &x\nb: *x\n", "a: 'x\n", "a: \"x\n", "a: [1\n", "a: {b: 1\n", "a: 1\n b: 2\n", "a:\n  b: 1\n c: 2\n", "a:\n    b: 1\n  c: 2\n",
    "- a\nb: 1\n", "a: 1\n- b\n", "a\nb: 1\n", "a: b\nc\n", "a:b\n", "a:b\nc: d\n", "a: !x 1\n", "!!map {a: 1}\n", "!!seq [1]\n", "!!map [1]\n",
    "[a]: 1\n", "{a: 1}: 1\n", "? [a]\n: 1\n", "a: &x [*x]\n", "- &x a\n- *x\n- &x b\n- *x\n", "a: - b\n", "a: ? b\n", "a: |\n x\n  y\n z\n", "a: |\n  x\n y\n",
    "a: \"\\q\"\n", "a: '\\q'\n", "a: x'y\n", "a: x\"y\n", "a: x,y\n", "a: [x y, z]\n", "a: http://x/y?z#w\n", "a: x: \n", "a: -1\nb: - \n",
    "models:\n  - name: a\n    columns:\n      - name: id\n        tests:\n          - unique\n          - accepted_values:\n              values: [on, off]\n",
    "a: 1 # c\nb: '#' # c\nc: x#y\n", "a:\n  # c\n  b: 1\n# d\nc: 2\n", "a:\n- b\n# c\n- d\n", "key with spaces: 1\n", "\"quoted key\": 1\n", "a: ''\nb: \"\"\nc:\nd: ~\n",
    "a: !!binary aGVsbG8=\n", "a: !!set {x, y}\n", "a: !!omap [x: 1]\n", "x: >\n\n  a\n  b\n\n\n  c\n", "x: |\n  a\n   \n  b\n", "x: 'a''b'\ny: c\n", "x: \u0085\n", "x: a\u2028b\n", "x: a\u00a0b\n", "a: \u0007\n",
]


def outcome(text):
    try:
        return {"yaml": text, "python": repr(yaml.load(text, Loader=yaml.CSafeLoader))}
    except Exception as e:  # whatever PyYAML raises is an error to its users
        return {"yaml": text, "error": type(e).__name__}


texts = list(itertools.chain(("v: " + s for s in SCALARS + EXTRA), DOCUMENTS))
json.dump([outcome(t) for t in texts], sys.stdout, indent=1)
print()
