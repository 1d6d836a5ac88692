package property_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// shout renders a template by putting its text in capitals.
type shout struct{}

func (shout) Native(n *yaml.Node) (value.Value, error) { return strings.ToUpper(n.Text), nil }

func read(t *testing.T, text string) (*property.File, []string) {
	t.Helper()
	raw, list := yaml.Parse(source.New("x.yml", "", text))
	require.NoError(t, list.Err())
	doc, rendered, err := property.Render(raw, shout{})
	require.NoError(t, err)
	require.NoError(t, rendered.Err())
	f, found := property.Read(doc, raw)
	var messages []string
	for _, d := range found.All() {
		messages = append(messages, d.Severity.String()+" "+d.Code+" "+d.Error())
	}
	return f, messages
}

func TestModel(t *testing.T) {
	f, messages := read(t, `
version: 2
models:
  - name: orders
    description: "{{ doc('orders') }}"
    meta: {owner: me}
    access: public
    config:
      materialized: "{{ kind }}"
      tags: [daily]
      pre_hook: "insert {{ this }}"
    deprecation_date: 2030-01-31
    constraints:
      - {type: check, name: positive, expression: "amount > 0"}
      - {type: Primary_Key, columns: [id]}
    data_tests:
      - unique_pair: {arguments: {columns: [a, b]}}
    columns:
      - name: id
        data_type: UInt64
        codec: ZSTD
        quote: true
        description: "The {{ id }}"
        tests: [unique, not_null]
        config: {tags: pii, meta: {a: 1}}
        unit: EUR
      - {name: amount, constraints: [{type: not_null}]}
`)
	require.Empty(t, messages)
	require.Len(t, f.Models, 1)
	m := f.Models[0]
	require.Equal(t, "orders", m.Name)
	require.Equal(t, "x.yml:4:11", m.NameSpan.String())
	require.Equal(t, "{{ doc('orders') }}", m.Description.Raw)
	require.Equal(t, "2030-01-31", m.DeprecationDate)
	kind, _ := m.Config.Get("materialized")
	require.Equal(t, "{{ KIND }}", kind.Value)
	require.Equal(t, "{{ kind }}", kind.Raw)
	require.Equal(t, "x.yml:9:21", kind.Span.String())
	hook, _ := m.Config.Get("pre-hook")
	require.Equal(t, "insert {{ this }}", hook.Value)
	access, _ := m.Config.Get("access")
	require.Equal(t, "public", access.Value)
	meta, _ := m.Config.Get("meta")
	require.Equal(t, "{'owner': 'me'}", value.Repr(meta.Value))
	require.Equal(t, "check", m.Constraints[0].Type)
	require.Equal(t, "primary_key", m.Constraints[1].Type)
	require.Equal(t, "unique_pair", m.Tests[0].Name)
	require.Equal(t, "{'columns': ['a', 'b']}", value.Repr(m.Tests[0].Args))

	id := m.Columns[0]
	require.Equal(t, "UInt64", id.Column.DataType)
	require.Equal(t, "ZSTD", id.Column.Codec)
	require.True(t, *id.Column.Quote)
	require.Equal(t, []string{"pii"}, id.Column.Tags)
	require.Equal(t, "{'a': 1}", value.Repr(id.Column.Meta))
	require.Equal(t, "{'unit': 'EUR'}", value.Repr(id.Column.Extra))
	require.Equal(t, "The {{ id }}", id.Description.Raw)
	require.Equal(t, []string{"unique", "not_null"}, []string{id.Tests[0].Name, id.Tests[1].Name})
	require.Nil(t, m.Columns[1].Column.Quote)
	require.Equal(t, "not_null", m.Columns[1].Column.Constraints[0].Type)
}

func TestTestsInEverySpelling(t *testing.T) {
	for written, want := range map[string]struct{ name, namespace, args, config, custom string }{
		"unique":            {"unique", "", "{}", "", ""},
		"pkg.check":         {"check", "pkg", "{}", "", ""},
		"unique:":           {"unique", "", "{}", "", ""},
		"pkg.check: {a: 1}": {"check", "pkg", "{'a': 1}", "", ""},
		"accepted: {values: [on, off], severity: warn}":                   {"accepted", "", "{'values': [True, False]}", "severity", ""},
		"accepted: {arguments: {values: ['{{ x }}'], quote: no}}":         {"accepted", "", "{'values': ['{{ x }}'], 'quote': False}", "", ""},
		"accepted: {arguments: [1]}":                                      {"accepted", "", "{'arguments': [1]}", "", ""},
		"accepted: {a: 1, config: {where: 'x > {{ y }}'}, name: special}": {"accepted", "", "{'a': 1}", "where", "special"},
		"{test_name: accepted, name: special, a: 1, config: {limit: 1}}":  {"accepted", "", "{'a': 1}", "limit", "special"},
		"{unique: {a: 1}, config: {severity: warn}}":                      {"unique", "", "{'a': 1}", "severity", ""},
		"{unique: , name: special, where: x}":                             {"unique", "", "{}", "where", "special"},
	} {
		t.Run(written, func(t *testing.T) {
			f, messages := read(t, "models:\n  - name: m\n    tests:\n      - "+written+"\n")
			require.Empty(t, messages)
			require.Len(t, f.Models[0].Tests, 1)
			test := f.Models[0].Tests[0]
			require.Equal(t, want.name, test.Name)
			require.Equal(t, want.namespace, test.Namespace)
			require.Equal(t, want.args, value.Repr(test.Args))
			require.Equal(t, want.custom, test.CustomName)
			var keys []string
			for _, e := range test.Config {
				keys = append(keys, e.Name())
			}
			require.Equal(t, want.config, strings.Join(keys, " "))
			for arg := range test.Args.All() {
				require.True(t, test.ArgNodes[arg.(string)].Place().Known())
			}
		})
	}
}

func TestSources(t *testing.T) {
	f, messages := read(t, `
sources:
  - name: raw
    schema: "{{ target }}_raw"
    description: "{{ d }}"
    loader: kafka
    loaded_at_field: at
    tags: [a]
    freshness: {warn_after: {count: 1, period: day}}
    config: {enabled: false}
    tables:
      - name: orders
        identifier: o
        freshness: null
        description: "{{ t }}"
        columns: [{name: id, tests: [unique]}]
        tests: [{custom: {x: "{{ y }}"}}]
        external: {location: s3}
      - name: items
        config: {freshness: {error_after: {count: 2, period: hour}}}
  - name: other
`)
	require.Empty(t, messages)
	s := f.Sources[0]
	require.Equal(t, "{{ TARGET }}_RAW", s.Schema)
	require.Equal(t, "{{ d }}", s.Description.Raw)
	require.True(t, s.FreshnessSet)
	require.Equal(t, "{'warn_after': {'count': 1, 'period': 'day'}}", value.Repr(s.Freshness))
	orders, items := s.Tables[0], s.Tables[1]
	require.Equal(t, "o", orders.Identifier)
	require.True(t, orders.FreshnessSet)
	require.Nil(t, orders.Freshness)
	require.Equal(t, "{{ t }}", orders.Description.Raw)
	require.Equal(t, "{'x': '{{ y }}'}", value.Repr(orders.Tests[0].Args))
	require.Equal(t, "{'location': 's3'}", value.Repr(orders.External))
	require.Equal(t, "unique", orders.Columns[0].Tests[0].Name)
	require.Equal(t, "items", items.Identifier)
	require.Equal(t, "{'error_after': {'count': 2, 'period': 'hour'}}", value.Repr(items.Freshness))
	require.Equal(t, "other", f.Sources[1].Schema)
}

func TestTheRest(t *testing.T) {
	f, messages := read(t, `
macros:
  - name: cents
    description: "{{ x }}"
    arguments: [{name: column, type: string, description: "{{ y }}"}]
groups: [{name: finance, owner: {email: a@b.c}}]
exposures:
  - name: board
    type: dashboard
    owner: {name: me}
    maturity: High
    depends_on: ["ref('orders')", "source('raw', 'x')"]
unit_tests:
  - name: adds
    model: orders
    given: [{input: "ref('x')", rows: [{a: 1}]}]
    expect: {rows: [{a: 2}]}
metrics: [{name: revenue, filter: "{{ Dimension('x') }}", label: "{{ l }}"}]
saved_queries: [{name: q, query_params: {where: ["{{ z }}"]}}]
seeds: [{name: countries, config: {column_types: {a: String}}}]
snapshots: [{name: snap, relation: "ref('orders')", config: {strategy: check}}]
analyses: [{name: an}]
data_tests: [{name: singular, description: "{{ d }}"}]
`)
	require.Empty(t, messages)
	require.Equal(t, "{{ y }}", f.Macros[0].Arguments[0].Description)
	require.Equal(t, "{{ x }}", f.Macros[0].Description.Raw)
	require.Equal(t, "{'email': 'a@b.c'}", value.Repr(f.Groups[0].Owner))
	require.Equal(t, "high", f.Exposures[0].Maturity)
	require.Equal(t, "source('raw', 'x')", f.Exposures[0].DependsOn[1].Raw)
	require.Equal(t, "orders", f.UnitTests[0].Model)
	require.Equal(t, "{'name': 'revenue', 'filter': \"{{ Dimension('x') }}\", 'label': '{{ L }}'}", value.Repr(f.Carried[0].Value))
	require.Equal(t, "{'name': 'q', 'query_params': {'where': ['{{ z }}']}}", value.Repr(f.Carried[1].Value))
	require.Equal(t, "countries", f.Seeds[0].Name)
	require.Equal(t, "ref('orders')", f.Snapshots[0].Relation.Raw)
	require.Equal(t, "an", f.Analyses[0].Name)
	require.Equal(t, "{{ d }}", f.DataTests[0].Description.Raw)
}

func TestVersions(t *testing.T) {
	f, messages := read(t, `
models:
  - name: orders
    latest_version: 2
    columns: [{name: id}, {name: old}]
    versions:
      - v: 1
      - v: 2
        defined_in: orders_new
        description: "{{ d }}"
        config: {alias: o}
        columns:
          - {include: all, exclude: [old]}
          - {name: fresh, tests: ["{{ t }}"]}
        tests: []
      - v: x
        columns: [{include: [id]}]
`)
	require.Empty(t, messages)
	m := f.Models[0]
	require.Equal(t, int64(2), m.LatestVersion)
	first, second, third := m.Versions[0], m.Versions[1], m.Versions[2]
	require.Equal(t, int64(1), first.V)
	require.Nil(t, first.Description)
	require.True(t, first.IncludeAll)
	require.False(t, first.TestsSet)
	require.Equal(t, "orders_new", second.DefinedIn)
	require.Equal(t, "{{ d }}", second.Description.Raw)
	require.Equal(t, []string{"old"}, second.Exclude)
	require.Equal(t, "fresh", second.Columns[0].Column.Name)
	require.Equal(t, "{{ t }}", second.Columns[0].Tests[0].Name)
	require.True(t, second.TestsSet)
	require.Equal(t, "x", third.V)
	require.False(t, third.IncludeAll)
	require.Equal(t, []string{"id"}, third.Include)
}

func TestMistakes(t *testing.T) {
	for written, want := range map[string]string{
		"[1]":                                   "error property-type x.yml:1:1: a property file must be a mapping, not a list (begin it with a section such as models:)",
		"modls: []":                             `warning unknown-key x.yml:1:1: "modls" is no section of a property file: it is ignored (did you mean "models"?)`,
		"models: {name: a}":                     "error property-type x.yml:1:9: models must be a list, not a mapping (begin each entry with - name:)",
		"models: [a]":                           "error property-type x.yml:1:10: an entry of models must be a mapping, not a string (begin it with name:)",
		"models: [{description: a}]":            "error missing-name x.yml:1:10: a model has no name (add name:)",
		"models: [{name: no}]":                  `error property-type x.yml:1:17: the name of a model must be a string, not a boolean (quote it: "no")`,
		"models: [{name: a, colums: []}]":       `warning unknown-key x.yml:1:20: a model has no key "colums": it is ignored (did you mean "columns"?)`,
		"models: [{name: a, materialized: b}]":  `warning unknown-key x.yml:1:20: a model has no key "materialized": it is ignored (move it below config:)`,
		"models: [{name: a, owner: b}]":         `warning unknown-key x.yml:1:20: a model has no key "owner": it is ignored (move it below meta: if it is yours)`,
		"models: [{name: a, columns: {id: 1}}]": "error property-type x.yml:1:29: columns must be a list, not a mapping (begin each entry with - name:)",
		"models: [{name: a, columns: [id]}]":    "error property-type x.yml:1:30: an entry of columns must be a mapping, not a string (begin it with name:)",
		"models: [{name: a, columns: [{name: b}, {name: b}]}]":                                        "warning duplicate-column x.yml:1:48: the column b of model a is described twice (keep one description)",
		"models: [{name: a, columns: [{name: b, quote: x}]}]":                                         "error property-type x.yml:1:47: quote of the column b must be true or false, not a string",
		"models: [{name: a, columns: [{name: b, desciption: x}]}]":                                    `warning unknown-key x.yml:1:40: a column has no key "desciption": it is ignored (did you mean "description"?)`,
		"models: [{name: a, config: [b]}]":                                                            "error config-type x.yml:1:28: config must be a mapping, not a list (write one key per line below it)",
		"models: [{name: a, config: {meta: {}}, meta: {a: 1}}]":                                       "error duplicate-config x.yml:1:40: meta is set twice for the model a: beside config and in it (keep the one below config:)",
		"models: [{name: a, tests: unique}]":                                                          "error property-type x.yml:1:27: tests of the model a must be a list, not a string (begin each test with -)",
		"models: [{name: a, tests: [[unique]]}]":                                                      "error property-type x.yml:1:28: a test of the model a must be a name or a mapping, not a list (write the test's name, as in - unique)",
		"models: [{name: a, tests: [{unique: [b]}]}]":                                                 "error property-type x.yml:1:37: the arguments of the test unique of the model a must be a mapping, not a list (write one argument per line, further in than the test's name)",
		"models: [{name: a, tests: [{relationships: , to: b, field: c}]}]":                            "error test-entry x.yml:1:46: a test of the model a has 3 keys beside each other: an entry is one test's name with its arguments below it (indent the arguments further than the test's name, or begin another test with -)",
		"models: [{name: a, tests: [], data_tests: []}]":                                              "error duplicate-key x.yml:1:20: the model a has both tests and data_tests: they are two names of one key (join them below data_tests:)",
		"models: [{name: a, tests: [{x: {limit: 1, config: {limit: 2}}}]}]":                           "error duplicate-config x.yml:1:33: limit is set twice for a test of the model a: beside config and in it (keep the one below config:)",
		"models: [{name: a, constraints: [{type: chek}]}]":                                            `error property-value x.yml:1:41: the type of a constraint of the model a cannot be "chek": it is one of check, not_null, unique, primary_key, foreign_key, custom (did you mean "check"?)`,
		"models: [{name: a, versions: [{defined_in: b}]}]":                                            "error property-type x.yml:1:31: a version of the model a has no v (add v: with its number)",
		"sources: [{name: a, tables: [{name: b, freshness: {warn_after: {count: x, period: dya}}}]}]": `error property-type x.yml:1:72: the count of warn_after of the table b must be a whole number, not a string; error property-value x.yml:1:83: the period of warn_after of the table b cannot be "dya": it is one of minute, hour, day (did you mean "day"?)`,
		"exposures: [{name: 'a b', type: ml, owner: {name: x}}]":                                      `error property-type x.yml:1:20: "a b" cannot name an exposure (use letters, digits and _ here, and label: for a title)`,
		"exposures: [{name: a}]":                                                                      "error property-type x.yml:1:13: the exposure a has no type (add type: dashboard, notebook, analysis, ml or application)",
		"groups: [{name: a}]":                                                                         "error property-type x.yml:1:10: the group a has no owner (add owner: with a name or an email)",
		"unit_tests: [{name: a, expect: {}}]":                                                         "error property-type x.yml:1:14: the unit test a names no model (add model:)",
		"unit_tests: [{name: a, model: b}]":                                                           "error property-type x.yml:1:14: the unit test a expects nothing (add expect: with rows)",
	} {
		t.Run(written, func(t *testing.T) {
			_, messages := read(t, written+"\n")
			require.Equal(t, want, strings.Join(messages, "; "))
		})
	}
}

func TestOneMistakeHidesNothingElse(t *testing.T) {
	f, messages := read(t, "models:\n  - description: x\n  - name: good\n    columns: [{}, {name: id}]\n  -\n  - name: fine\n")
	require.Len(t, messages, 2)
	require.Len(t, f.Models, 2)
	require.Equal(t, "id", f.Models[0].Columns[0].Column.Name)
}

func TestEmptyFiles(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "models:\n", "version: 2\nmodels: []\n", "sources:\n  - name: a\n    tables:\n"} {
		_, messages := read(t, text)
		require.Empty(t, messages, text)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("models: [{name: a, columns: [{name: b, tests: [unique, {x: {a: 1}}]}], versions: [{v: 1, columns: [{include: all}]}]}]")
	f.Add("sources: [{name: a, tables: [{name: b, freshness: {warn_after: 1}}]}]")
	f.Add("exposures: [{name: a, type: ml, owner: {}, depends_on: [x, 1]}]\nunit_tests: [{name: a, model: b, expect: c}]")
	f.Add("macros: [{name: a, arguments: [{name: b}]}]\ngroups: [{name: a, owner: 1}]\nmetrics: [{name: a}]")
	f.Fuzz(func(t *testing.T, text string) {
		raw, _ := yaml.Parse(source.New("x.yml", "", text))
		doc, _, err := property.Render(raw, shout{})
		if err != nil {
			t.Fatal(err)
		}
		property.Read(doc, raw)
	})
}
