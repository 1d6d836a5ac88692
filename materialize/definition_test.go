package materialize

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

func TestKeyClauses(t *testing.T) {
	for _, c := range []struct {
		given any
		want  string
	}{
		{nil, ""}, {"", ""}, {"id", "id"}, {"a, b", "(a, b)"}, {"(a, b)", "(a, b)"}, {"(a), (b)", "((a), (b))"}, {"tuple()", "tuple()"},
		{"f(a, b)", "f(a, b)"}, {value.NewList("a", "f(b)"), "(a, f(b))"}, {value.NewList("a"), "a"}, {value.NewList(), ""}, {"concat(a, ')')", "concat(a, ')')"},
	} {
		p := newPlanner(Input{Node: &manifest.Node{Config: manifest.NewConfig(value.DictOf("order_by", c.given), nil)}})
		require.Equal(t, c.want, p.keyClause("order_by"))
		require.Zero(t, p.diags.Len())
	}
}
