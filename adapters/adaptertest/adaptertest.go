// Package adaptertest is what every adapter has to pass: the contract of
// package adapters, tried out on a server.
//
// Its main function is Run. It asks for nothing but what the contract promises
// and refuses to know how an adapter works.
package adaptertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

// Caps is what adapters may differ in. What servers differ in, the suite reads
// from Server.
type Caps struct {
	// LiveProgress is true when progress is told while a statement runs.
	LiveProgress bool
	// QueryLog is true when the server writes system.query_log.
	QueryLog bool
	// Punctual is true when a statement is not sent after the moment that Before
	// has told.
	Punctual bool
}

// Run runs the suite. open is called once for each test; the adapter is closed
// by the suite.
func Run(t *testing.T, open func(t *testing.T) adapters.Adapter, caps Caps) {
	tests := []struct {
		name string
		run  func(*testing.T, *bed)
	}{
		{"server", testServer},
		{"exec", testExec},
		{"before", testBefore},
		{"query_empty", testQueryEmpty},
		{"query_types", testQueryTypes},
		{"query_modern_types", testModernTypes},
		{"literals", testLiterals},
		{"identifiers", testIdentifiers},
		{"late_errors", testLateErrors},
		{"insert", testInsert},
		{"insert_parts", testInsertParts},
		{"insert_parts_order", testInsertPartsOrder},
		{"insert_parts_abandoned", testInsertPartsAbandoned},
		{"insert_empty", testInsertEmpty},
		{"insert_names", testInsertNames},
		{"insert_abandoned", testInsertAbandoned},
		{"insert_errors", testInsertErrors},
		{"session_settings", testSessionSettings},
		{"session_after_error", testSessionAfterError},
		{"statement_settings", testStatementSettings},
		{"temporary_tables", testTemporaryTables},
		{"session_rapid", testSessionRapid},
		{"cancel", testCancel},
		{"deadline", testDeadline},
		{"kill", testKill},
		{"closed", testClosed},
		{"error_classes", testErrorClasses},
		{"error_positions", testErrorPositions},
		{"catalog", testCatalog},
		{"columns", testColumns},
		{"topology", testTopology},
		{"progress", testProgress},
		{"query_log", testQueryLog},
		{"concurrency", testConcurrency},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := open(t)
			t.Cleanup(func() { require.NoError(t, a.Close()) })
			b := &bed{adapter: a, caps: caps, version: a.Server().Version}
			b.database = b.newDatabase(t)
			test.run(t, b)
		})
	}
}

// bed is what a test has at hand.
type bed struct {
	adapter  adapters.Adapter
	caps     Caps
	version  adapters.Version
	database string
}

// modern is true for servers of this decade.
func (b *bed) modern() bool { return b.version.AtLeast(21, 10) }

func (b *bed) newDatabase(t *testing.T) string {
	t.Helper()
	name := "adaptertest_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	b.exec(t, "CREATE DATABASE "+name)
	t.Cleanup(func() {
		s, err := b.adapter.Session(context.Background())
		require.NoError(t, err)
		_, err = s.Exec(context.Background(), adapters.Statement{SQL: "DROP DATABASE " + name})
		require.NoError(t, err)
		require.NoError(t, s.Close())
	})
	return name
}

func (b *bed) session(t *testing.T) adapters.Session {
	t.Helper()
	s, err := b.adapter.Session(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// exec runs a statement in a session of its own.
func (b *bed) exec(t *testing.T, sql string) adapters.Summary {
	t.Helper()
	s, err := b.adapter.Session(t.Context())
	require.NoError(t, err)
	summary, err := s.Exec(t.Context(), adapters.Statement{SQL: sql})
	require.NoError(t, err, sql)
	require.NoError(t, s.Close())
	return summary
}

// query runs a query in a session of its own.
func (b *bed) query(t *testing.T, sql string) *adapters.Table {
	t.Helper()
	s, err := b.adapter.Session(t.Context())
	require.NoError(t, err)
	table := queryIn(t, s, sql)
	require.NoError(t, s.Close())
	return table
}

func queryIn(t *testing.T, s adapters.Session, sql string) *adapters.Table {
	t.Helper()
	table, _, err := s.Query(t.Context(), adapters.Statement{SQL: sql})
	require.NoError(t, err, sql)
	return table
}

func execIn(t *testing.T, s adapters.Session, sql string) {
	t.Helper()
	_, err := s.Exec(t.Context(), adapters.Statement{SQL: sql})
	require.NoError(t, err, sql)
}

// one is the only cell of a query's result.
func one(t *testing.T, table *adapters.Table) any {
	t.Helper()
	require.Len(t, table.Rows, 1)
	require.Len(t, table.Rows[0], 1)
	return table.Rows[0][0]
}

// running is how many queries with this id the server has.
func (b *bed) running(t *testing.T, id string) uint64 {
	t.Helper()
	return one(t, b.query(t, "SELECT count() FROM system.processes WHERE query_id = "+adapters.Literal(id))).(uint64)
}

// untilRunning returns once the server runs the query.
func (b *bed) untilRunning(t *testing.T, id string) {
	t.Helper()
	require.Eventually(t, func() bool { return b.running(t, id) == 1 }, 20*time.Second, 5*time.Millisecond)
}

// endless is a query that no test waits for.
const endless = "SELECT count() FROM system.numbers WHERE NOT ignore(sipHash64(number))"
