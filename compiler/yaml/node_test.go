package yaml_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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

func TestSpansCoverWhatIsWritten(t *testing.T) {
	doc := strings.Join([]string{
		"plain: some text  # comment",
		"single: 'it''s'",
		`double: "a \"b\" c"`,
		"anchored: &a !!str x",
		"flow: [1, {b: 2}, ] # end",
		"literal: |-",
		"  one",
		"",
		"    two",
		"folded: >",
		"  one",
		"  two",
		"",
		"many: first",
		"  second",
		"block:",
		"  - x",
		"  - y: zwölf",
		"ünï: \"ü\"",
		"empty:",
		"alias: *a",
	}, "\n") + "\n"
	n := parse(t, doc)
	for key, want := range map[string]string{
		"plain":    "some text",
		"single":   "'it''s'",
		"double":   `"a \"b\" c"`,
		"anchored": "x",
		"flow":     "[1, {b: 2}, ]",
		"literal":  "|-\n  one\n\n    two",
		"folded":   ">\n  one\n  two\n",
		"many":     "first\n  second",
		"block":    "- x\n  - y: zwölf",
		"ünï":      `"ü"`,
		"empty":    "",
		"alias":    "x",
	} {
		e, ok := n.Entry(key)
		require.True(t, ok, key)
		require.Equal(t, key, e.Key.Span.Text())
		require.Equal(t, want, e.Value.Span.Text(), key)
	}
	require.Equal(t, "zwölf", n.Get("block").Items()[1].Get("y").Span.Text())
	require.Equal(t, "{b: 2}", n.Get("flow").Items()[1].Span.Text())
	require.Equal(t, source.Position{Line: 18, Column: 8}, n.Get("block").Items()[1].Get("y").Span.Begin())
}

func TestPlacesInsideScalars(t *testing.T) {
	for name, doc := range map[string]string{
		"plain":         "k: a {{ oops }}\n",
		"single":        "k: 'it''s {{ oops }}'\n",
		"double":        "k: \"\\t\\u00e9\\\"{{ oops }}\"\n",
		"continued":     "k: \"a\\\n   b {{ oops }}\"\n",
		"folded quotes": "k: 'a\n\n  b\n  c {{ oops }}'\n",
		"plain lines":   "k: a\n   b\n   {{ oops }}\n",
		"literal":       "k: |\n  a\n    b\n\n  {{ oops }}\n",
		"folded":        "k: >-\n  a\n  b\n\n  c {{ oops }}\n",
		"crlf":          "k: |\r\n  a\r\n  {{ oops }}\r\n",
		"anchor":        "k: &x 'a {{ oops }}'\n",
	} {
		t.Run(name, func(t *testing.T) {
			n := parse(t, doc).Get("k")
			i := strings.Index(n.Text, "oops")
			require.Positive(t, i, n.Text)
			require.Equal(t, "oops", n.At(i, i+4).Text())
		})
	}
}

func TestLookupsOnAbsentNodes(t *testing.T) {
	var n *yaml.Node
	require.True(t, n.Null())
	require.Nil(t, n.Get("a").Get("b"))
	require.Nil(t, n.Value())
	require.Equal(t, "nothing", n.What())
	require.False(t, n.Place().Known())
	_, ok := n.Str()
	require.False(t, ok)
	require.Nil(t, parse(t, "on: 1\n").Get("on"), "on is True, not a string")
}

func TestDuplicateKeysWarnAndTheLastWins(t *testing.T) {
	n, list := yaml.Parse(source.New("x.yml", "", "a: 1\nb: 2\na: 3\n"))
	require.Equal(t, "{'a': 3, 'b': 2}", value.Repr(n.Value()))
	require.NoError(t, list.Err())
	require.Equal(t, 1, list.Len())
	d := list.All()[0]
	require.Equal(t, diag.Warning, d.Severity)
	require.Equal(t, "duplicate-key", d.Code)
	require.Equal(t, "x.yml:3:1", d.Span.String())
	require.Equal(t, "x.yml:1:1", d.Notes[0].Span.String())
}

type upper struct{ fail bool }

func (u upper) Native(n *yaml.Node) (value.Value, error) {
	if u.fail {
		return nil, diag.Diagnostic{Code: "bad-template", Span: n.At(0, 2), What: "no"}
	}
	if n.Text == "{{ list }}" {
		return value.NewList("a", int64(1), value.DictOf("k", true)), nil
	}
	return strings.ToUpper(n.Text), nil
}

func TestRenderReplacesTemplatesAndKeepsPlaces(t *testing.T) {
	n := parse(t, "a: \"{{ x }}\"\nb: plain\nc: |\n  text\nd: [\"{{ list }}\", 1]\nraw: \"{{ y }}\"\n")
	var paths []string
	out, list, err := yaml.Render(n, upper{}, func(path []string) bool {
		paths = append(paths, strings.Join(path, "."))
		return path[0] == "raw"
	})
	require.NoError(t, err)
	require.NoError(t, list.Err())
	require.Equal(t, "{'a': '{{ X }}', 'b': 'plain', 'c': 'text', 'd': [['a', 1, {'k': True}], 1], 'raw': '{{ y }}'}", value.Repr(out.Value()))
	require.Equal(t, n.Get("d").Items()[0].Span, out.Get("d").Items()[0].Items()[1].Span)
	require.Same(t, n.Get("b"), out.Get("b"))
	require.Equal(t, []string{"a", "b", "c", "d", "d.[]", "d.[]", "raw"}, paths)
	require.Equal(t, "{{ x }}", n.Get("a").Text, "the tree given is not changed")
}

func TestRenderReportsEveryBadTemplate(t *testing.T) {
	n := parse(t, "a: \"{{ x }}\"\nb: '{{ y }}'\n")
	out, list, err := yaml.Render(n, upper{fail: true}, nil)
	require.NoError(t, err)
	require.Equal(t, 2, list.Len())
	require.Equal(t, "x.yml:1:5", list.All()[0].Span.String())
	require.Same(t, n, out)
}

type broken struct{}

func (broken) Native(*yaml.Node) (value.Value, error) { return nil, errors.New("disk") }

func TestRenderStopsWhenTheWorldFails(t *testing.T) {
	_, _, err := yaml.Render(parse(t, "a: \"{{ x }}\"\n"), broken{}, nil)
	require.EqualError(t, err, "disk")
}
