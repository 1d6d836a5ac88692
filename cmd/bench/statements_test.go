package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
	"github.com/chmod-sql/chmod/materialize/journal"
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
		require.Len(t, first.own, start+c.schemas+view*c.views+table*c.tables, "%s: the first run sent %q", c.name, brief(first.own))
		require.Len(t, second.own, start+view*c.views+again*c.tables, "%s: the second run sent %q", c.name, brief(second.own))
		// Who is at work, the journal's columns, who claims the same.
		require.Len(t, second.asked, 3, "%s: for its journal the second run asked %q", c.name, second.asked)
		// It begins, it claims, it holds what it claimed, it has ended. Entries
		// and heartbeats are written now and then.
		beats := int(second.seconds / journal.Beat.Seconds())
		require.Equal(t, 2, second.written["locks"], c.name)
		require.GreaterOrEqual(t, second.written["invocations"], 2, c.name)
		require.LessOrEqual(t, second.written["invocations"], 2+beats, c.name)
		require.Len(t, second.written, 2, c.name)
	}
}

// sent is what a run sends: for its models, once each, and for its journal,
// whose entries are left out: how often they are written depends on the time.
type sent struct {
	own, asked []string
	written    map[string]int // by table
	seconds    float64
}

func sentBy(t *testing.T, e *engine, p program) sent {
	t.Helper()
	o, err := e.observe(t.Context(), p, &Build{})
	require.NoError(t, err)
	all := sent{written: map[string]int{}, seconds: o.cost.Seconds}
	for _, s := range o.statements {
		table := journalTable.FindStringSubmatch(s.SQL)
		switch {
		case strings.Contains(s.SQL, "FROM system.processes WHERE query_id IN"), strings.Contains(s.SQL, "AND result = 'dead'"):
			// An entry was being written at the end, and is stopped; a heartbeat.
		case !s.Notes:
			require.False(t, slices.Contains(all.own, s.SQL), "sent twice: %s", s.SQL)
			all.own = append(all.own, s.SQL)
		case s.Asks:
			require.False(t, slices.Contains(all.asked, s.SQL), "asked twice: %s", s.SQL)
			all.asked = append(all.asked, s.SQL)
		case table != nil && table[1] != "journal":
			all.written[table[1]]++
		}
	}
	return all
}

// brief are statements' beginnings.
func brief(statements []string) []string {
	var all []string
	for _, s := range statements {
		all = append(all, fmt.Sprintf("%.60s", s))
	}
	return all
}

var journalTable = regexp.MustCompile("^INSERT INTO `chmod`\\.`([a-z]+)`")

// testWriter shows progress in the test's log.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(text []byte) (int, error) {
	w.t.Log(string(text))
	return len(text), nil
}
