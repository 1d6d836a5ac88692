package yaml_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// dbt strips files before it reads them: a block of text that ends a file has
// no line end, one before another key has one.
func TestTextAtTheEndHasNoLineEnd(t *testing.T) {
	for text, want := range map[string]string{
		"a: >\n  one\n  two\n":   "one two",
		"a: |\n  one\n  two\n\n": "one\ntwo",
		"a: |\n  one\nb: 1\n":    "one\n",
	} {
		n, list := yaml.ParseFile(source.New("a.yml", "", text))
		require.NoError(t, list.Err())
		got, ok := n.Get("a").Str()
		require.True(t, ok)
		require.Equal(t, want, got)
	}
}
