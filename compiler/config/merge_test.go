package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/config"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

func parse(t *testing.T, text string) *yaml.Node {
	t.Helper()
	n, list := yaml.Parse(source.New("x.yml", "", text))
	require.NoError(t, list.Err())
	return n
}

func tree(t *testing.T, text string) *config.Tree {
	t.Helper()
	n := parse(t, text)
	tr, list := config.NewTree(n, n)
	require.NoError(t, list.Err())
	return tr
}

func layer(t *testing.T, text string) config.Layer {
	t.Helper()
	n := parse(t, text)
	l, list := config.FromNode(n, n)
	require.NoError(t, list.Err())
	return l
}

func call(pairs ...any) config.Layer {
	l, _ := config.FromCall(value.DictOf(pairs...), nil, source.Span{})
	return l
}

func TestLaterPlacesWin(t *testing.T) {
	own := tree(t, `
+materialized: table
shop:
  +materialized: incremental
  staging:
    materialized: ephemeral
    orders: {+materialized: view}
`)
	for name, c := range map[string]struct {
		fqn     []string
		sources config.Sources
		want    string
	}{
		"nothing is set":      {[]string{"shop", "a"}, config.Sources{}, "view"},
		"the root of a tree":  {[]string{"other", "a"}, config.Sources{Own: own}, "table"},
		"the package":         {[]string{"shop", "a"}, config.Sources{Own: own}, "incremental"},
		"a folder":            {[]string{"shop", "staging", "a"}, config.Sources{Own: own}, "ephemeral"},
		"the node in a tree":  {[]string{"shop", "staging", "orders"}, config.Sources{Own: own}, "view"},
		"a folder elsewhere":  {[]string{"shop", "marts", "staging"}, config.Sources{Own: own}, "incremental"},
		"properties":          {[]string{"shop", "a"}, config.Sources{Own: own, Property: []config.Layer{layer(t, "materialized: p")}}, "p"},
		"the file":            {[]string{"shop", "a"}, config.Sources{Property: []config.Layer{layer(t, "materialized: p")}, Calls: []config.Layer{call("materialized", "c")}}, "c"},
		"the second call":     {[]string{"shop", "a"}, config.Sources{Calls: []config.Layer{call("materialized", "c"), call("materialized", "d")}}, "d"},
		"the root's own tree": {[]string{"shop", "a"}, config.Sources{Calls: []config.Layer{call("materialized", "c")}, Root: own}, "incremental"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, _, list := config.Merge("model", c.fqn, c.sources)
			require.NoError(t, list.Err())
			require.Equal(t, c.want, cfg.String("materialized"))
		})
	}
}

func TestMergesByKey(t *testing.T) {
	own := tree(t, `
+tags: [a, b]
+meta: {x: 1, y: 1}
+pre-hook: one
+post-hook: {sql: p, transaction: false}
+settings: {a: 1}
+grants: {select: [r]}
+persist_docs: {relation: true}
+docs: {node_color: red}
+contract: {enforced: true}
`)
	cfg, raw, list := config.Merge("model", []string{"p", "m"}, config.Sources{
		Own: own,
		Property: []config.Layer{layer(t, `
tags: b
meta: {y: 2, z: 3}
pre_hook: [two, "{\"sql\": \"three\", \"transaction\": false}"]
settings: {b: 2}
grants: {+select: s, insert: w}
persist_docs: {columns: true}
custom: [1]
`)},
		Calls: []config.Layer{call("tags", value.NewList("c"))},
	})
	require.NoError(t, list.Err())
	for key, want := range map[string]string{
		"tags":         "['a', 'b', 'b', 'c']",
		"meta":         "{'x': 1, 'y': 2, 'z': 3}",
		"pre-hook":     "[{'sql': 'one', 'transaction': True, 'index': None}, {'sql': 'two', 'transaction': True, 'index': None}, {'sql': 'three', 'transaction': False, 'index': None}]",
		"post-hook":    "[{'sql': 'p', 'transaction': False, 'index': None}]",
		"settings":     "{'b': 2}",
		"grants":       "{'select': ['r', 's'], 'insert': ['w']}",
		"persist_docs": "{'columns': True}",
		"docs":         "{'show': True, 'node_color': 'red'}",
		"contract":     "{'enforced': True, 'alias_types': True}",
		"custom":       "[1]",
	} {
		require.Equal(t, want, value.Repr(cfg.Value(key)), key)
	}
	hooks, _ := raw.Get("pre_hook")
	require.Equal(t, `['two', '{"sql": "three", "transaction": false}']`, value.Repr(hooks))
	_, ok := raw.Get("enabled")
	require.False(t, ok, "defaults are not written anywhere")
	require.Equal(t, "x.yml:6:9", cfg.Place("grants").String(), "the strongest place counts")
	require.False(t, cfg.Place("enabled").Known())
}

// dbt-core 1.11.16 has been asked about each of these.
func TestNoneFallsBackToTheProjectsFile(t *testing.T) {
	own := tree(t, "+schema: marts\n+materialized: table\n+order_by: id\n+mine: 1\n+on_schema_change:\n+event_time:\n")
	root := tree(t, "+alias: from_root\n")
	for name, c := range map[string]struct {
		sources config.Sources
		key     string
		want    value.Value
	}{
		"a call":          {config.Sources{Own: own, Calls: []config.Layer{call("schema", nil)}}, "schema", "marts"},
		"a property":      {config.Sources{Own: own, Property: []config.Layer{layer(t, "schema:\n")}}, "schema", "marts"},
		"over a call":     {config.Sources{Own: own, Property: []config.Layer{layer(t, "schema: raw\n")}, Calls: []config.Layer{call("schema", nil)}}, "schema", "marts"},
		"a default":       {config.Sources{Calls: []config.Layer{call("materialized", nil)}}, "materialized", "view"},
		"nothing at all":  {config.Sources{Calls: []config.Layer{call("schema", nil)}}, "schema", nil},
		"no default":      {config.Sources{Own: own, Property: []config.Layer{layer(t, "order_by:\n")}}, "order_by", nil},
		"no key of dbt's": {config.Sources{Own: own, Calls: []config.Layer{call("mine", nil)}}, "mine", nil},
		"a tree alone":    {config.Sources{Own: own}, "on_schema_change", "ignore"},
		"a tree's None":   {config.Sources{Own: own, Property: []config.Layer{layer(t, "event_time:\n")}}, "event_time", nil},
		"the root's":      {config.Sources{Own: own, Calls: []config.Layer{call("alias", nil)}, Root: root}, "alias", "from_root"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, _, list := config.Merge("model", []string{"p", "m"}, c.sources)
			require.NoError(t, list.Err())
			require.Equal(t, c.want, cfg.Value(c.key))
		})
	}
}

func TestWhatSeveralCallsWrite(t *testing.T) {
	_, raw, list := config.Merge("model", []string{"p", "m"}, config.Sources{Calls: []config.Layer{
		call("tags", "a", "pre_hook", "one", "grants", value.DictOf("select", "x")),
		call("tags", "b", "post_hook", "two", "grants", value.DictOf("+select", "y"), "meta", value.DictOf("k", int64(1)), "alias", "z"),
	}})
	require.NoError(t, list.Err())
	require.Equal(t, "{'tags': ['a', 'b'], 'pre_hook': 'one', 'grants': {'select': ['x'], '+select': ['y']}, 'post_hook': ['two'], 'meta': {'k': 1}, 'alias': 'z'}", value.Repr(raw))
}

func TestMergingChangesNoLayer(t *testing.T) {
	own := tree(t, "+tags: [a]\n+meta: {x: 1}\n")
	for range 2 {
		cfg, _, _ := config.Merge("model", []string{"p", "m"}, config.Sources{Own: own, Calls: []config.Layer{call("tags", "b", "meta", value.DictOf("y", int64(2)))}})
		require.Equal(t, "['a', 'b']", value.Repr(cfg.Value("tags")))
		require.Equal(t, "{'x': 1, 'y': 2}", value.Repr(cfg.Value("meta")))
	}
	cfg, _, _ := config.Merge("model", []string{"p", "n"}, config.Sources{Own: own})
	require.Equal(t, "['a']", value.Repr(cfg.Value("tags")))
	require.Equal(t, "{'x': 1}", value.Repr(cfg.Value("meta")))
}

func TestWrongTypesAreReportedWhereTheyAreSet(t *testing.T) {
	for written, want := range map[string]string{
		"enabled: 'yes'":           `the config enabled must be true or false, not the string "yes" (write it without quotes)`,
		"materialized: [a]":        `the config materialized must be a string, not a list`,
		"engine: {a: 1}":           `the config engine must be a string, not a mapping`,
		"order_by: {a: 1}":         `the config order_by must be a string or a list of strings, not a mapping`,
		"settings: a=1":            `the config settings must be a mapping, not the string "a=1"`,
		"projections: {name: p}":   `the config projections must be a list of mappings, not a mapping`,
		"indexes: [a]":             `the config indexes must be a list of mappings, not a list`,
		"tags: 5":                  `the config tags must be a string or a list of strings, not the number 5 (quote it)`,
		"schema: yes":              `the config schema must be a string, not true (quote it)`,
		"lookback: '3'":            `the config lookback must be a whole number, not the string "3" (write it without quotes)`,
		"severity: eror":           `the config severity cannot be "eror": it is one of error, warn (did you mean "error"?)`,
		"on_schema_change: sync":   `the config on_schema_change cannot be "sync": it is one of ignore, append_new_columns, sync_all_columns, fail`,
		"sql_security: root":       `the config sql_security cannot be "root": it is one of definer, invoker`,
		"access: publik":           `the config access cannot be "publik": it is one of private, protected, public (did you mean "public"?)`,
		"query_settings: [a]":      `the config query_settings must be a mapping, not a list`,
		"unique_key: 1":            `the config unique_key must be a string or a list of strings, not the number 1 (quote it)`,
		"contract: true":           `the config contract must be a mapping, not true`,
		"grants: [select]":         `the config grants must be a mapping, not a list`,
		"partition_by: [[a], [b]]": `the config partition_by must be a string or a list of strings, not a list`,
	} {
		t.Run(written, func(t *testing.T) {
			_, _, list := config.Merge("model", []string{"p", "m"}, config.Sources{Property: []config.Layer{layer(t, written)}})
			require.Equal(t, 1, list.Len())
			d := list.All()[0]
			require.Equal(t, "config-type", d.Code)
			at := d.Span
			d.Span = source.Span{}
			require.Equal(t, want, d.Error())
			require.Equal(t, strings.Index(written, ": ")+2, at.Start)
		})
	}
}

func TestRightTypesPass(t *testing.T) {
	_, _, list := config.Merge("model", []string{"p", "m"}, config.Sources{Property: []config.Layer{layer(t, `
enabled: false
engine: ReplacingMergeTree(v)
order_by: [a, b]
primary_key: a
partition_by: toYYYYMM(d)
ttl: d + interval 1 day
settings: {index_granularity: 8192}
projections: [{name: p, query: select 1}]
indexes: [{name: i, definition: a type minmax}]
severity: WARN
begin: 2025-01-01
unique_key:
limit: 5
anything: {goes: [1]}
`)}, Calls: []config.Layer{call("order_by", value.NewTuple("a", "b"))}})
	require.Empty(t, list.All())
}

func TestUndefinedSettings(t *testing.T) {
	name := &value.Undefined{Name: "table"}
	for _, v := range []value.Value{name, value.NewList("a", name), value.NewTuple(name), value.DictOf("a", value.NewList(name))} {
		for _, key := range []string{"materialized", "schema", "meta", "of_my_own"} {
			cfg, _, list := config.Merge("model", []string{"p", "m"}, config.Sources{Calls: []config.Layer{call(key, v)}})
			require.EqualError(t, list.Err(), "the config "+key+" has no value: 'table' is undefined (set it before, or put it in quotes if it is meant as text)")
			held, _ := cfg.Values().Get(key)
			require.NotEqual(t, v, held)
		}
	}
}

// What cannot be written down is refused before anyone tries to.
func TestSettingsWithoutEnd(t *testing.T) {
	own := value.NewList()
	own.Elems = append(own.Elems, own)
	often := value.NewList()
	for range 30 {
		often = value.NewList(often, often)
	}
	for _, v := range []value.Value{own, often} {
		_, _, list := config.Merge("model", []string{"p", "m"}, config.Sources{Calls: []config.Layer{call("meta", value.DictOf("a", v))}})
		require.ErrorContains(t, list.Err(), "the config meta is too large")
	}
}

func TestAWrongSettingDoesNotReplaceARightOne(t *testing.T) {
	cfg, _, list := config.Merge("model", []string{"p", "m"}, config.Sources{
		Own: tree(t, "+enabled: false\n"), Property: []config.Layer{layer(t, "enabled: nope\n")},
	})
	require.Error(t, list.Err())
	require.False(t, cfg.Bool("enabled", true))
}

func TestBothNamesOfAHookAtOnePlace(t *testing.T) {
	n := parse(t, "pre-hook: a\npre_hook: b\n")
	_, list := config.FromNode(n, n)
	require.Len(t, list.All(), 1)
	d := list.All()[0]
	require.Equal(t, "x.yml:2:1: pre-hook is set twice in one place, as pre-hook and as pre_hook: both are names of one config (join the hooks in one list)", d.Error())
	require.Equal(t, "x.yml:1:1", d.Notes[0].Span.String())

	n = parse(t, "shop:\n  +post-hook: a\n  +post_hook: b\n")
	_, list = config.NewTree(n, n)
	require.Len(t, list.All(), 1)
	require.Equal(t, "duplicate-config", list.All()[0].Code)
}

func TestUnusedPathsAreNamed(t *testing.T) {
	tr := tree(t, `
+tags: x
shop:
  +enabled: true
  marts: {+enabled: true}
  old: {+enabled: true, deep: {+enabled: true}}
  empty: {}
  meta: {owner: me}
`)
	tr.Layers([]string{"shop", "marts", "orders"})
	var got []string
	list := tr.Unused("models")
	for _, d := range list.All() {
		require.Equal(t, diag.Warning, d.Severity)
		got = append(got, d.Error())
	}
	require.Equal(t, []string{
		"x.yml:6:3: the configs of models.shop.old apply to no resource: there is no such package or folder with models in it (correct the path, or remove it)",
		"x.yml:6:25: the configs of models.shop.old.deep apply to no resource: there is no such package or folder with models in it (correct the path, or remove it)",
		"x.yml:8:3: the configs of models.shop.meta apply to no resource: without a + in front, \"meta\" is read as a folder (write +meta)",
	}, got)
}

func TestATreeThatIsNone(t *testing.T) {
	n := parse(t, "a: [1]\n").Get("a")
	tr, list := config.NewTree(n, n)
	require.Nil(t, tr)
	require.EqualError(t, list.Err(), "x.yml:1:4: a tree of configs must be a mapping, not a list (write packages and folders as keys, and configs with a + in front)")
	require.Empty(t, tr.Layers([]string{"a"}))
	unused := tr.Unused("models")
	require.Zero(t, unused.Len())
}

func TestDefaultsByResourceType(t *testing.T) {
	for kind, want := range map[string]string{"model": "view", "seed": "seed", "snapshot": "snapshot", "test": "test"} {
		d := config.Defaults(kind)
		v, _ := d.Get("materialized")
		require.Equal(t, want, v)
	}
	schema, _ := config.Defaults("test").Get("schema")
	require.Equal(t, "dbt_test__audit", schema)
}
