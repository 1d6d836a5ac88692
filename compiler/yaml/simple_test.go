package yaml

import (
	"encoding/json"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// both reads a text in both ways; false when it is not simple. Whether it is or
// not must not show: the nodes, their places and the mistakes are the same.
func both(t *testing.T, text string) bool {
	t.Helper()
	f := source.New("x.yml", "", text)
	read := false
	for _, text := range []string{text, strings.TrimRight(text, " \t\r\n")} {
		_, simple := (&parser{file: f}).parseSimple(text)
		if !simple && len(text)%16 != 0 {
			continue // the library alone reads it: seen often enough
		}
		read = read || simple
		got, told := parse(f, text)
		want, list := parseAny(f, text)
		require.Equal(t, list.All(), told.All(), "%q", text)
		same(t, want, got, text)
	}
	return read
}

func same(t *testing.T, want, got *Node, text string) {
	t.Helper()
	if want == nil || got == nil {
		require.Equal(t, want, got, "%q", text)
		return
	}
	a, b := *want, *got
	a.Entries, b.Entries, a.items, b.items = nil, nil, nil, nil
	if x, ok := a.scalar.(float64); ok && math.IsNaN(x) {
		require.Equal(t, value.Repr(a.scalar), value.Repr(b.scalar))
		a.scalar, b.scalar = nil, nil
	}
	require.Equal(t, a, b, "%q", text)
	require.Len(t, got.Entries, len(want.Entries), "%q", text)
	require.Len(t, got.Items(), len(want.Items()), "%q", text)
	for i := range want.Entries {
		same(t, want.Entries[i].Key, got.Entries[i].Key, text)
		same(t, want.Entries[i].Value, got.Entries[i].Value, text)
	}
	for i := range want.Items() {
		same(t, want.Items()[i], got.Items()[i], text)
	}
}

// TestSimpleIsTheSame reads what other tests read.
func TestSimpleIsTheSame(t *testing.T) {
	text, err := os.ReadFile("testdata/pyyaml.json")
	require.NoError(t, err)
	var cases []struct{ YAML string }
	require.NoError(t, json.Unmarshal(text, &cases))
	simple := 0
	for _, c := range cases {
		if both(t, c.YAML) {
			simple++
		}
	}
	require.Greater(t, simple, 100)
}

// TestProjectsAreSimple keeps the files of the examples among those that are
// read fast.
func TestProjectsAreSimple(t *testing.T) {
	files, simple := 0, 0
	for _, root := range []string{"../../examples", "../testdata"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yml" {
				return err
			}
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			files++
			if both(t, string(text)) {
				simple++
			} else {
				t.Log("not simple:", path)
			}
			return nil
		})
		require.NoError(t, err)
	}
	require.Greater(t, simple, files/2)
}

// TestSimplePieces puts pieces of YAML together at random: what is simple by
// chance must be what the library makes of it.
func TestSimplePieces(t *testing.T) {
	pieces := []string{
		"a", "key", "on", "1", "a.b/c", "+tags", "a:", "key:", "key: ", ": ", ":", " ", "  ", "    ", "\n", "\n  ", "\n    ", "\n\n",
		"- ", "-", "\n- ", "\n  - ", "[", "]", "[a, b]", "[]", ", ", "'x'", "\"y z\"", "''", "\"", "'", " # c", "#", "\n# c", "|", ">", "|-", ">-",
		"\n  text\n  more", "\n    text\n\n    more\n", "\n   deeper", "true", "1.5", "2020-01-01", "~", "null", "é", "{{ x }}", "\"{{ x }}\"",
		"- name: x\n  ", "tests:\n  - unique\n", "a: b\n", "b:\n  c: d\n", "---\n", "&a ", "*a", "!t ", "{a: b}", "<<: ", "? ", "a: >\n  one\n  two\n",
		"{a: 1, b: [x, 'y']}", "{}", "{a}", "it''s", "'it''s'", "\"a \\\"b\\n\"", "\n  words go on", "\n    (and on", "\n\n  after", "a: b\n  c d\n\n  e\n",
	}
	r := rand.New(rand.NewPCG(1, 2))
	simple := 0
	for range 60_000 {
		var b strings.Builder
		for range 1 + r.IntN(12) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		if both(t, b.String()) {
			simple++
		}
	}
	require.Greater(t, simple, 1000)
}

// FuzzSimple looks for files that are read fast and otherwise.
func FuzzSimple(f *testing.F) {
	for _, text := range []string{"a: 1\nb:\n  - x: [y, 'z']\n    t: >\n      u\n      v\n  - w\n", "a:\n- b\n-  c: \"d\" # e\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { both(t, text) })
}
