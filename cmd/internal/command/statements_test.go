package command

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStatements(t *testing.T) {
	for _, c := range []struct {
		sql   string
		whole []string
		rest  string
	}{
		{"", nil, ""},
		{"select 1", nil, "select 1"},
		{"select 1;", []string{"select 1"}, ""},
		{"a; b;\n c", []string{"a", "b"}, "c"},
		{"select 'a;b' ; x", []string{"select 'a;b'"}, "x"},
		{`select 'a\';b' ; x`, []string{`select 'a\';b'`}, "x"},
		{"select 'a'';b' ; x", []string{"select 'a'';b'"}, "x"},
		{"select \"a;b\", `c;d`;", []string{"select \"a;b\", `c;d`"}, ""},
		{"select 1 -- no; end\n; x", []string{"select 1 -- no; end"}, "x"},
		{"select 1 /* ; \n ; */; x", []string{"select 1 /* ; \n ; */"}, "x"},
		{"select $x$ ; $y$ ; $x$; z", []string{"select $x$ ; $y$ ; $x$"}, "z"},
		{"select $$ ; $$; z", []string{"select $$ ; $$"}, "z"},
		{"select 'open; end", nil, "select 'open; end"},
		{"select 2 - 1; x", []string{"select 2 - 1"}, "x"},
	} {
		whole, rest := statements(c.sql)
		require.Equal(t, c.whole, whole, c.sql)
		require.Equal(t, c.rest, rest, c.sql)
	}
}

// Cutting loses nothing and never hangs, whatever comes in.
func FuzzStatements(f *testing.F) {
	f.Add("select 'a;b'; -- ;\nselect $x$;$x$")
	f.Fuzz(func(t *testing.T, sql string) {
		whole, rest := statements(sql)
		size := len(rest)
		for _, s := range whole {
			size += len(s) + 1
		}
		require.LessOrEqual(t, size, len(sql))
	})
}
