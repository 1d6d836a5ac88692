package adaptertest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/chmod-sql/chmod/adapters"
)

// maxRows reads a setting that has no other use here.
const maxRows = "SELECT value FROM system.settings WHERE name = 'max_rows_in_set'"

func testSessionSettings(t *testing.T, b *bed) {
	s := b.session(t)
	before := one(t, queryIn(t, s, maxRows))
	execIn(t, s, "SET max_rows_in_set = 4711")
	for range 3 {
		require.Equal(t, "4711", one(t, queryIn(t, s, maxRows)))
	}
	other := b.session(t)
	require.Equal(t, before, one(t, queryIn(t, other, maxRows)), "a session at the same time")
	require.NoError(t, s.Close())
	for range 5 {
		require.Equal(t, before, one(t, b.query(t, maxRows)), "a session afterwards")
	}
}

func testSessionAfterError(t *testing.T, b *bed) {
	s := b.session(t)
	execIn(t, s, "SET max_rows_in_set = 4712")
	_, err := s.Exec(t.Context(), adapters.Statement{SQL: "SELECT no_such_column"})
	require.Error(t, err)
	require.Equal(t, "4712", one(t, queryIn(t, s, maxRows)), "a statement that fails does not end the session")
	execIn(t, s, "USE "+b.database)
	_, _, err = s.Query(t.Context(), adapters.Statement{SQL: "SELEC 1"})
	require.Error(t, err)
	require.Equal(t, b.database, one(t, queryIn(t, s, "SELECT currentDatabase()")))
	require.Equal(t, "4712", one(t, queryIn(t, s, maxRows)))
}

func testStatementSettings(t *testing.T, b *bed) {
	s := b.session(t)
	before := one(t, queryIn(t, s, maxRows))
	for _, value := range []any{4713, int64(4713), uint64(4713), "4713", 4713.0} {
		table, _, err := s.Query(t.Context(), adapters.Statement{SQL: maxRows, Settings: map[string]any{"max_rows_in_set": value}})
		require.NoError(t, err)
		require.Equal(t, "4713", one(t, table), "%T", value)
		require.Equal(t, before, one(t, queryIn(t, s, maxRows)), "a setting of one statement holds for that one")
	}
	for name, value := range map[string]any{"join_use_nulls": true, "totals_mode": "after_having_inclusive", "totals_auto_threshold": 0.25, "max_threads": 3} {
		table, _, err := s.Query(t.Context(), adapters.Statement{
			SQL: "SELECT value FROM system.settings WHERE name = " + adapters.Literal(name), Settings: map[string]any{name: value},
		})
		require.NoError(t, err)
		want := fmt.Sprint(value)
		if value == true {
			want = "1"
		}
		require.Equal(t, want, one(t, table), name)
	}
	_, err := s.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1", Settings: map[string]any{"no_such_setting": 1}})
	requireCode(t, err, 115)
}

func testTemporaryTables(t *testing.T, b *bed) {
	s := b.session(t)
	execIn(t, s, "CREATE TEMPORARY TABLE scratch (a UInt8)")
	execIn(t, s, "INSERT INTO scratch SELECT 7")
	require.Equal(t, uint8(7), one(t, queryIn(t, s, "SELECT a FROM scratch")))
	require.NoError(t, s.Close())
	for range 5 {
		_, _, err := b.session(t).Query(t.Context(), adapters.Statement{SQL: "SELECT a FROM scratch"})
		require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err), "%v", err)
	}
}

// testSessionRapid has statements follow each other as fast as can be.
func testSessionRapid(t *testing.T, b *bed) {
	s := b.session(t)
	execIn(t, s, "SET max_rows_in_set = 1")
	for i := range 200 {
		require.Equal(t, uint16(i+1000), one(t, queryIn(t, s, fmt.Sprintf("SELECT toUInt16(%d)", i+1000))))
	}
}

func testConcurrency(t *testing.T, b *bed) {
	var group errgroup.Group
	for worker := range 16 {
		group.Go(func() error {
			for i := range 8 {
				s, err := b.adapter.Session(t.Context())
				if err != nil {
					return err
				}
				want := fmt.Sprint(1000*worker + i + 1)
				if _, err := s.Exec(t.Context(), adapters.Statement{SQL: "SET max_rows_in_set = " + want}); err != nil {
					return err
				}
				table, _, err := s.Query(t.Context(), adapters.Statement{SQL: maxRows})
				if err != nil {
					return err
				}
				if got := table.Rows[0][0]; got != want {
					return fmt.Errorf("worker %d reads %v for %s", worker, got, want)
				}
				if err := s.Close(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
}

func testClosed(t *testing.T, b *bed) {
	s, err := b.adapter.Session(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "closing twice is once")
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1"})
	require.Error(t, err)
	_, _, err = s.Query(t.Context(), adapters.Statement{SQL: "SELECT 1"})
	require.Error(t, err)
}
