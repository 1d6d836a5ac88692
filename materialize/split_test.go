package materialize

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                      nil,
		" ; -- x\n;":                            nil,
		"SELECT 1":                              {"SELECT 1"},
		"SELECT ';' ; SELECT 2;":                {"SELECT ';'", "SELECT 2"},
		`SELECT 'it\'s;', "a;""b", ` + "`;`;x":  {`SELECT 'it\'s;', "a;""b", ` + "`;`", "x"},
		"SELECT 1 -- a;b\n; SELECT 2":           {"SELECT 1 -- a;b", "SELECT 2"},
		"/* a; /* b; */ c; */ SELECT 1; # x;\n": {"/* a; /* b; */ c; */ SELECT 1"},
		"SELECT $$a;b$$, $t$;$$;$t$; SELECT $1": {"SELECT $$a;b$$, $t$;$$;$t$", "SELECT $1"},
		"SELECT 'open; ":                        {"SELECT 'open;"},
	} {
		var got []string
		for _, p := range split(text) {
			got = append(got, p.text)
			require.Equal(t, p.text, text[p.at:p.at+len(p.text)])
		}
		require.Equal(t, want, got, text)
	}
}

func TestWithoutEnd(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT 1": "SELECT 1", "SELECT 1 ;\n; ": "SELECT 1", "SELECT ';' -- ;": "SELECT ';' -- ;", "SELECT 1; -- done": "SELECT 1", "": "", "SELECT 1; SELECT 2": "SELECT 1; SELECT 2",
	} {
		require.Equal(t, want, withoutEnd(text), text)
	}
}

// FuzzSplit: pieces are disjoint, in order, and nothing but white space,
// comments and semicolons is lost.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"a;b", "'", "`\\", "/*", "$a$;$a$", "--\n;", "\"\"\";"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, p := range split(text) {
			require.NotEmpty(t, p.text)
			require.GreaterOrEqual(t, p.at, last)
			require.Equal(t, p.text, text[p.at:p.at+len(p.text)])
			last = p.at + len(p.text)
		}
		require.True(t, strings.HasPrefix(text, withoutEnd(text)))
	})
}
