package resolve

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/source"
)

func TestTags(t *testing.T) {
	for text, want := range map[string][]string{
		"select 1":                             nil,
		"a {{ x }} b {% if y %}":               {" x ", " if y "},
		"{{ {'a': {'b': 1}} }}":                {" {'a': {'b': 1}} "},
		"{{ '}}' ~ \"%}\" }}{{ 'it\\'s }}' }}": {" '}}' ~ \"%}\" ", " 'it\\'s }}' "},
		"{# {{ no }} #}{{ yes }}":              {" yes "},
		"{{ open":                              {" open"},
		"{":                                    nil,
	} {
		var got []string
		for _, tag := range tags(text) {
			got = append(got, text[tag.start:tag.end])
		}
		require.Equal(t, want, got, text)
	}
}

func TestUsedFindsNamesInTagsOnly(t *testing.T) {
	f := source.New("a.sql", "", "select foo(1), {{ 'foo(' }}, {# foo( #} {{ my.foo(1) }} {{ x + foo (1) }} {{ bar.baz }}")
	at, ok := used(source.Span{File: f, End: len(f.Text)}, "foo")
	require.True(t, ok)
	require.Equal(t, "foo (", at.Text())
	require.Equal(t, 63, at.Start)
	at, ok = used(source.Span{File: f, End: len(f.Text)}, "bar")
	require.True(t, ok)
	require.Equal(t, "bar.", at.Text())
	_, ok = used(source.Span{File: f, End: len(f.Text)}, "x")
	require.False(t, ok, "printing what does not exist prints nothing")
}

func FuzzTags(f *testing.F) {
	f.Add("a {{ x }} {% if '%}' %} {# c #}")
	f.Add("{{ {'a': '}'} }}{{")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, tag := range tags(text) {
			require.LessOrEqual(t, end, tag.start)
			require.LessOrEqual(t, tag.start, tag.end)
			require.LessOrEqual(t, tag.end, len(text))
			end = tag.end
		}
	})
}
