package adaptertest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

// soon is how fast a cancelled statement has to return.
const soon = 10 * time.Second

func testCancel(t *testing.T, b *bed) {
	table := b.numbers(t)
	runs := map[string]func(ctx context.Context, s adapters.Session, st adapters.Statement) error{
		"exec": func(ctx context.Context, s adapters.Session, st adapters.Statement) error {
			st.SQL = endless
			_, err := s.Exec(ctx, st)
			return err
		},
		"query": func(ctx context.Context, s adapters.Session, st adapters.Statement) error {
			st.SQL = endless
			_, _, err := s.Query(ctx, st)
			return err
		},
		"insert_select": func(ctx context.Context, s adapters.Session, st adapters.Statement) error {
			st.SQL = "INSERT INTO " + table + " SELECT number FROM system.numbers WHERE sipHash64(number) = 42"
			_, err := s.Exec(ctx, st)
			return err
		},
	}
	for name, run := range runs {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			id := uuid.NewString()
			s := b.session(t)
			result := make(chan error, 1)
			go func() { result <- run(ctx, s, adapters.Statement{QueryID: id}) }()
			b.untilRunning(t, id)
			cancel()
			err := within(t, result)
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, adapters.ClassCancelled, adapters.ClassOf(err), "%v", err)
			require.Zero(t, b.running(t, id), "it has ended on the server")
			require.Equal(t, uint8(1), one(t, queryIn(t, s, "SELECT 1")), "the session goes on")
		})
	}
	t.Run("insert", func(t *testing.T) { testCancelInsert(t, b, table) })
	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := b.session(t).Exec(ctx, adapters.Statement{SQL: "CREATE TABLE " + b.database + ".never (a UInt8) ENGINE = Memory"})
		require.ErrorIs(t, err, context.Canceled)
	})
}

func testCancelInsert(t *testing.T, b *bed, table string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	rows := 0
	st := insertInto(table)
	st.QueryID = uuid.NewString()
	s := b.session(t)
	result := make(chan error, 1)
	go func() {
		_, err := s.Insert(ctx, st, numberColumns(), func() ([]any, error) {
			if rows++; rows == 500_000 {
				cancel()
			}
			return []any{uint64(rows)}, nil
		})
		result <- err
	}()
	err := within(t, result)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, b.running(t, st.QueryID))
	require.Equal(t, uint8(1), one(t, queryIn(t, s, "SELECT 1")), "the session goes on")
}

func within(t *testing.T, result <-chan error) error {
	t.Helper()
	select {
	case err := <-result:
		return err
	case <-time.After(soon):
		require.Fail(t, "the statement has not returned")
		return nil
	}
}

func testDeadline(t *testing.T, b *bed) {
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	id := uuid.NewString()
	start := time.Now()
	_, err := b.session(t).Exec(ctx, adapters.Statement{SQL: endless, QueryID: id})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), soon)
	require.Zero(t, b.running(t, id))

	ctx, cancel = context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	table, _, err := b.session(t).Query(ctx, adapters.Statement{SQL: "SELECT value FROM system.settings WHERE name = 'max_execution_time'"})
	require.NoError(t, err)
	require.Equal(t, "0", one(t, table), "a deadline of ours is no setting of the server's")
}

func testKill(t *testing.T, b *bed) {
	require.NoError(t, b.adapter.Kill(t.Context(), nil))
	require.NoError(t, b.adapter.Kill(t.Context(), []string{"no such query", "it's none"}))
	ids := []string{uuid.NewString(), uuid.NewString()}
	results := make(chan error, len(ids))
	for _, id := range ids {
		s := b.session(t)
		go func() {
			_, err := s.Exec(t.Context(), adapters.Statement{SQL: endless, QueryID: id})
			results <- err
		}()
		b.untilRunning(t, id)
	}
	require.NoError(t, b.adapter.Kill(t.Context(), ids))
	for _, id := range ids {
		err := within(t, results)
		require.Equal(t, adapters.ClassCancelled, adapters.ClassOf(err), "%v", err)
		require.NotErrorIs(t, err, context.Canceled, "our side did not cancel")
		require.Zero(t, b.running(t, id))
	}
}
