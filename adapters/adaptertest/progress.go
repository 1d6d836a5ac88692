package adaptertest

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func testProgress(t *testing.T, b *bed) {
	table := b.numbers(t)
	var told []adapters.Progress
	const rows = 5_000_000
	summary, err := b.session(t).Exec(t.Context(), adapters.Statement{
		SQL:      "INSERT INTO " + table + " SELECT number FROM numbers(5000000)",
		Progress: func(p adapters.Progress) { told = append(told, p) },
	})
	require.NoError(t, err)
	require.GreaterOrEqual(t, summary.Elapsed, time.Duration(0))
	if b.modern() {
		require.Equal(t, uint64(rows), summary.Progress.ReadRows)
		require.Equal(t, uint64(rows), summary.Progress.WrittenRows)
		require.Positive(t, summary.Progress.WrittenBytes)
		require.Positive(t, summary.Progress.ReadBytes)
	}
	if !b.caps.LiveProgress {
		return
	}
	require.Greater(t, len(told), 1)
	for i := range told[1:] {
		require.GreaterOrEqual(t, told[i+1].ReadRows, told[i].ReadRows, "progress is told as totals")
	}
	require.Equal(t, summary.Progress, told[len(told)-1])
	// Old servers count whole blocks.
	require.GreaterOrEqual(t, summary.Progress.ReadRows, uint64(rows))
}

func testQueryLog(t *testing.T, b *bed) {
	if !b.caps.QueryLog {
		t.Skip("the server writes no query_log")
	}
	id := uuid.NewString()
	comment := `{"node": "model.it's \"quoted\""}`
	s := b.session(t)
	_, err := s.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1", QueryID: id, Comment: comment})
	require.NoError(t, err)
	column := "''"
	if b.version.Has(adapters.LogComment) {
		column = "log_comment"
	} else {
		comment = ""
	}
	sql := "SELECT any(" + column + "), count() FROM system.query_log WHERE query_id = " + adapters.Literal(id)
	// Old servers flush when they get to it.
	require.Eventually(t, func() bool {
		execIn(t, s, "SYSTEM FLUSH LOGS")
		return queryIn(t, s, sql).Rows[0][1] == uint64(2) // start and finish
	}, 20*time.Second, 10*time.Millisecond)
	require.Equal(t, comment, queryIn(t, s, sql).Rows[0][0])
}
