package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
)

// TestStatementsOfARun counts what a run sends, in the server's log. It fails
// when a model costs one statement more, when anything is asked or done twice,
// and when what is asked depends on how many models or schemas there are.
func TestStatementsOfARun(t *testing.T) {
	t.Setenv(asChmod, "1")
	self, err := os.Executable()
	require.NoError(t, err)
	b := &bench{options: options{chmod: self, work: t.TempDir()}, say: testWriter{t}}
	e, err := b.startEngine(t.Context())
	require.NoError(t, err)
	t.Cleanup(e.stop)
	const (
		view = 1
		// DESCRIBE of the query, CREATE, INSERT, a look at the rows, RENAME.
		table = 5
		// EXCHANGE instead, and DROP of what was there.
		again = 6
		// The version, the catalog, what runs on the server.
		start = 3
	)
	for _, c := range []struct {
		name                           string
		models, views, tables, schemas int
	}{
		{"one schema", 20, 14, 8, 0},
		{"twice the models", 40, 26, 16, 0},
		{"many schemas", 20, 14, 8, 8},
	} {
		p := generate.Project{Models: c.models, Seed: seed}
		require.NoError(t, e.empty(t.Context(), p))
		dir, err := b.project(t.Context(), c.models)
		require.NoError(t, err)
		if c.schemas > 0 {
			macro := "{% macro generate_schema_name(custom, node) %}{{ target.schema }}_{{ node.fqn[1] }}{% endmacro %}"
			require.NoError(t, os.WriteFile(filepath.Join(dir, "macros", "schemas.sql"), []byte(macro), 0o600))
		}
		call := b.chmod(dir, e, "run", "--quiet", "--threads", "4")
		first, second := sentBy(t, e, call), sentBy(t, e, call)
		require.Len(t, first, start+c.schemas+view*c.views+table*c.tables, "%s: the first run sent %q", c.name, first)
		require.Len(t, second, start+view*c.views+again*c.tables, "%s: the second run sent %q", c.name, second)
	}
}

// sentBy is what a run sends, once each, but for what it writes of itself: how
// often that is depends on the time.
func sentBy(t *testing.T, e *engine, p program) []string {
	t.Helper()
	o, err := e.observe(t.Context(), p, &Build{})
	require.NoError(t, err)
	var sent []string
	for _, s := range o.statements {
		if s.Notes {
			continue
		}
		require.NotContains(t, sent, s.SQL, "sent twice")
		sent = append(sent, s.SQL)
	}
	return sent
}

// testWriter shows progress in the test's log.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(text []byte) (int, error) {
	w.t.Log(string(text))
	return len(text), nil
}
