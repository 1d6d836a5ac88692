package adaptertest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func testServer(t *testing.T, b *bed) {
	server := b.adapter.Server()
	require.Equal(t, one(t, b.query(t, "SELECT version()")), server.Version.Text)
	require.Equal(t, one(t, b.query(t, "SELECT timezone()")), server.Timezone)
	require.NotZero(t, server.Version.Major)
	require.NotEmpty(t, server.User)
}

func testExec(t *testing.T, b *bed) {
	summary := b.exec(t, "CREATE TABLE "+b.database+".t (a UInt64) ENGINE = Memory")
	require.NoError(t, uuid.Validate(summary.QueryID))
	require.Positive(t, summary.Elapsed)
	b.exec(t, "INSERT INTO "+b.database+".t SELECT number FROM numbers(10)")
	b.exec(t, "SELECT * FROM "+b.database+".t") // a result nobody reads
	require.Equal(t, uint64(45), one(t, b.query(t, "SELECT sum(a) FROM "+b.database+".t")))

	s := b.session(t)
	id := uuid.NewString()
	summary, err := s.Exec(t.Context(), adapters.Statement{SQL: "SELECT 1", QueryID: id})
	require.NoError(t, err)
	require.Equal(t, id, summary.QueryID)
}

func testQueryEmpty(t *testing.T, b *bed) {
	table := b.query(t, "CREATE TABLE "+b.database+".t (a UInt64, b String) ENGINE = Memory")
	require.Empty(t, table.Rows, "a statement without a result is an empty one")
	table = b.query(t, "SELECT a, b FROM "+b.database+".t")
	require.Empty(t, table.Rows)
	require.Equal(t, []adapters.Column{{Name: "a", Type: "UInt64"}, {Name: "b", Type: "String"}}, table.Columns)
}

// testLateErrors has statements fail after a part of their result is there.
func testLateErrors(t *testing.T, b *bed) {
	late := "SELECT throwIf(number = 3000000) AS x, number FROM numbers(10000000) SETTINGS max_block_size = 1000, max_threads = 1"
	if !b.modern() {
		// throwIf is no constant there, and there is no clause after numbers.
		late = "SELECT throwIf(number = 3000000) AS x, number FROM system.numbers LIMIT 10000000"
	}
	s := b.session(t)
	_, err := s.Exec(t.Context(), adapters.Statement{SQL: late})
	requireCode(t, err, 395)
	_, _, err = s.Query(t.Context(), adapters.Statement{SQL: late})
	requireCode(t, err, 395)
	b.exec(t, "CREATE TABLE "+b.database+".t (x UInt8, number UInt64) ENGINE = MergeTree ORDER BY number")
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: "INSERT INTO " + b.database + ".t " + late})
	requireCode(t, err, 395)
}

func requireCode(t *testing.T, err error, code int) {
	t.Helper()
	var e *adapters.ServerError
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.Code, "%v", err)
}

// testBefore: a statement is sent when its caller lets it, and not after the
// moment up to which that holds.
func testBefore(t *testing.T, b *bed) {
	sql := "CREATE TABLE " + b.database + ".t (a UInt64) ENGINE = Memory"
	refused := errors.New("not any more")
	before := func(until time.Time, err error) func(context.Context) (time.Time, error) {
		return func(context.Context) (time.Time, error) { return until, err }
	}
	s := b.session(t)
	_, err := s.Exec(t.Context(), adapters.Statement{SQL: sql, Before: before(time.Time{}, refused)})
	require.Equal(t, refused, err)
	if b.caps.Punctual {
		_, err = s.Exec(t.Context(), adapters.Statement{SQL: sql, Before: before(time.Now().Add(-time.Second), nil)})
		require.ErrorContains(t, err, "held back for too long")
	}
	_, err = s.Exec(t.Context(), adapters.Statement{SQL: sql, Before: before(time.Now().Add(time.Minute), nil)})
	require.NoError(t, err, "it had not been sent before")
	_, _, err = s.Query(t.Context(), adapters.Statement{SQL: "SELECT 1"})
	require.NoError(t, err)
}
